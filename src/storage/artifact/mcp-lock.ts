import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { withoutTag } from '../../engine/artifact/docker-run.ts';
import type { Source } from '../../engine/artifact/start.ts';
import { platformName } from './places.ts';

const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/));
const lockedPackage = z.object({
  /** The package, and what the configuration asks of it. */
  npm: z.string(),
  spec: z.string(),
  version: z.string(),
  integrity: z.string(),
  /** The hash of its files, by platform: packages may bring others on each. */
  trees: z.record(z.string(), digest),
  packageLock: z.json(),
});
/** The image without its tag. */
const lockedImage = z.object({ image: z.string(), digest });
const lockedServer = z.union([lockedPackage, lockedImage]);
const shape = z.object({ version: z.literal(1), servers: z.record(z.string(), lockedServer) });

export type McpLock = z.infer<typeof shape>;
export type LockedServer = z.infer<typeof lockedServer>;
export type LockedPackage = z.infer<typeof lockedPackage>;

export const mcpLockName = 'mcp.lock';

export function mcpLockPath(workspace: string): string {
  return join(workspace, '.countersign', mcpLockName);
}

/** What a repository says its servers are; `undefined` where it says nothing. Throws where it cannot be read: nobody knows what it locks. */
export function readMcpLock(workspace: string): McpLock | undefined {
  return lockWithDigest(workspace)?.lock;
}

export function lockWithDigest(workspace: string): { readonly path: string; readonly digest: string; readonly lock: McpLock } | undefined {
  const path = mcpLockPath(workspace);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  try {
    return { path, digest: `sha256:${hash('sha256', text)}`, lock: z.parse(shape, JSON.parse(text)) };
  } catch (cause) {
    throw new Error(`${path} cannot be read, so no MCP server starts here. Write it anew with "countersign mcp lock", or remove it.`, {
      cause,
    });
  }
}

/** The package-lock.json that is locked, as a file of ours has it. */
export function lockText({ packageLock }: LockedPackage): string {
  return `${JSON.stringify(packageLock, undefined, 2)}\n`;
}

/** What is locked, in a few words. */
export function lockedInWords(locked: LockedServer): string {
  return 'image' in locked ? `${locked.image}@${locked.digest.slice(0, 'sha256:'.length + 12)}…` : `${locked.npm} ${locked.version}`;
}

/** Why what would start is not what is locked; `undefined`: it is. */
export function differsFromLock(locked: LockedServer, source: Source): string | undefined {
  return 'image' in locked ? differsFromImage(locked, source) : differsFromPackage(locked, source);
}

function differsFromImage({ image, digest: wanted }: z.infer<typeof lockedImage>, source: Source): string | undefined {
  if (source.kind !== 'image' || withoutTag(source.image) !== image) return `it should be the image ${image}`;
  return source.digest === wanted ? undefined : `it should be the image with ${wanted}`;
}

function differsFromPackage({ npm, version, integrity, trees }: LockedPackage, source: Source): string | undefined {
  if (source.kind !== 'npm' || source.name !== npm) return `it should be ${npm} ${version} from npm`;
  if (source.version !== version) return `it should be version ${version}`;
  if (source.integrity !== integrity) return 'its archive has another hash';
  const known = trees[platformName()];
  return known === undefined || known === source.tree ? undefined : 'its files have another hash';
}
