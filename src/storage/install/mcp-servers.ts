import { join } from 'node:path';
import * as z from 'zod/mini';
import { plainText } from './plain-text.ts';

/** An MCP server as a client's configuration has it. */
export interface ConfiguredServer {
  readonly name: string;
  readonly file: string;
  /** Where in the file its entry lies. */
  readonly path: readonly string[];
  /** user: everywhere; local: for this person in one folder; project: for everybody who works on it. */
  readonly scope: 'user' | 'local' | 'project';
  /** `direct`: started by the client itself; `gateway`: behind ours; `remote`: nothing that is started here. */
  readonly how: 'direct' | 'gateway' | 'remote';
  /** What is started, the gateway left out. */
  readonly command: readonly string[];
  /** Behind a gateway: the program that is called like ours, as it stands there. Whether it is ours only its place says. */
  readonly gateway?: string;
}

export interface ServerPlaces {
  /** The folder of `.claude.json`: the home, or what CLAUDE_CONFIG_DIR names. */
  readonly configDir: string;
  readonly folder: string;
}

const stdio = z.object({ command: z.string().check(z.minLength(1)), args: z.optional(z.array(z.string())) });
const servers = z.record(z.string(), z.unknown());
const shape = z.object({ mcpServers: z.optional(servers) });
const userShape = z.object({ mcpServers: z.optional(servers), projects: z.optional(z.record(z.string(), z.unknown())) });

/** All that Claude Code would start in that folder. Files that cannot be read have none for it either. */
export function configuredServers({ configDir, folder }: ServerPlaces): readonly ConfiguredServer[] {
  const userFile = join(configDir, '.claude.json');
  const projectFile = join(folder, '.mcp.json');
  const user = parsed(userFile, userShape);
  const local = z.safeParse(shape, user?.projects?.[folder]);
  const project = parsed(projectFile, shape);
  return [
    ...serversIn(local.success ? local.data.mcpServers : undefined, userFile, ['projects', folder, 'mcpServers'], 'local'),
    ...serversIn(project?.mcpServers, projectFile, ['mcpServers'], 'project'),
    ...serversIn(user?.mcpServers, userFile, ['mcpServers'], 'user'),
  ];
}

/** The command behind the gateway, and the program that is the gateway; `undefined` where there is none in it. */
function behindGateway(
  command: string,
  args: readonly string[],
): { readonly gateway: string; readonly command: readonly string[] } | undefined {
  const at = args.indexOf('--');
  const [first = '', second] = args;
  const gateway = /(^|[\\/])(mcp-gateway\.mjs|mcp-gateway[\\/]main\.ts)$/.test(first)
    ? first
    : /(^|[\\/])countersign(\.\w+)?$/.test(command) && first === 'mcp' && second === 'run'
      ? command
      : undefined;
  return gateway === undefined || at === -1 ? undefined : { gateway, command: args.slice(at + 1) };
}

function serversIn(
  found: z.infer<typeof servers> | undefined,
  file: string,
  at: readonly string[],
  scope: ConfiguredServer['scope'],
): readonly ConfiguredServer[] {
  return Object.entries(found ?? {}).map(([name, entry]) => {
    const read = z.safeParse(stdio, entry);
    const about = { name, file, path: [...at, name], scope };
    if (!read.success) return { ...about, how: 'remote', command: [] };
    const { command, args = [] } = read.data;
    const behind = behindGateway(command, args);
    return behind === undefined ? { ...about, how: 'direct', command: [command, ...args] } : { ...about, how: 'gateway', ...behind };
  });
}

function parsed<T>(file: string, schema: z.ZodMiniType<T>): T | undefined {
  try {
    return z.parse(schema, JSON.parse((plainText(file) ?? '{}').replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
}
