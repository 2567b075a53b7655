import { isOwnEndpoint } from '../../agents/mcp/remote-entry.ts';
import type { Home } from '../home.ts';
import { leadsThroughUs } from '../mcp-remotes.ts';
import type { AgentTamper } from './agent-tamper.ts';
import type { TamperFinding } from './claude-tamper.ts';
import { clientOf, findServers, isOwnServer, serverFiles, type ConfiguredServer } from './mcp-servers.ts';
import { serverClients } from './mcp-places.ts';
import { isLeft, keyOf, placeOf, readWrapped, wrappedFile } from './mcp-wrapped.ts';

/** An MCP server that an agent was seen to use, and that no gateway saw. */
export interface UsedServer {
  readonly agent: string;
  readonly server: string;
  readonly cwd: string;
}

interface Options {
  readonly home: Home;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly used: () => readonly UsedServer[];
}

/** Looks for MCP servers that the gateway does not stand before, once a person has put it before one. */
export function mcpTamper({ home, environment, used }: Options): AgentTamper {
  const isInUse = (): boolean => Object.keys(readWrapped(home).entries).length > 0;
  const surroundings = (folders: readonly string[]) => (folders.length === 0 ? [''] : folders).map((folder) => ({ folder, environment }));
  return {
    findings: (folders) => {
      if (!isInUse()) return [];
      const kept = readWrapped(home);
      const found = surroundings(folders).flatMap((one) => findServers(one).servers.map((server) => ({ server, folder: one.folder })));
      const open = found.filter(
        ({ server }) => isPast(home, server) && server.isOff !== true && !isOwnServer(server) && !isLeft(kept, server),
      );
      const left = new Set(Object.keys(kept.left).map((key) => nameInTools(placeOf(key).path.at(-1) ?? '')));
      const seen = new Map(open.map(({ server, folder }) => [keyOf(server), notBehind(server, folder)]));
      const named = new Set(open.map(({ server }) => nameInTools(server.name)));
      const others = used().filter(({ server }) => !left.has(nameInTools(server)) && !named.has(nameInTools(server)));
      return [...seen.values(), ...others.map(past)];
    },
    files: (folders) => [wrappedFile(home), ...(isInUse() ? new Set(surroundings(folders).flatMap(serverFiles)) : [])],
  };
}

function isPast(home: Home, { how, command, gateway = '' }: ConfiguredServer): boolean {
  if (isOwnEndpoint(gateway)) return !leadsThroughUs(home, gateway);
  return how === 'direct' || (how === 'remote' && command.length > 0);
}

function notBehind({ agent, name, file, scope, obstacle, gateway }: ConfiguredServer, folder: string): TamperFinding {
  const why = gateway === undefined ? obstacle : 'its address only looks like one that "countersign mcp remote list" shows';
  return {
    id: `mcp:${agent}:${scope}:${name}:${file}`,
    severity: 'beside',
    message: `The MCP server "${name}" of ${clientOf(agent).title} is not behind the gateway, as others are: its tools are all shown, and its calls are judged only where a hook asks. ${fix(name, why)}`,
    file,
    ...(scope === 'user' ? {} : { folder }),
  };
}

function past({ agent, server, cwd }: UsedServer): TamperFinding {
  const title = serverClients.find((client) => client.agent === agent)?.title ?? agent;
  return {
    id: `mcp-past:${agent}:${server}`,
    severity: 'beside',
    message: `${title} uses the MCP server "${server}" past the gateway: it comes from a plugin, from a session that began before, or from a file that is not known. Start the session again; if that does not help, put "countersign mcp run" before it where it is configured (docs/mcp.md).`,
    folder: cwd,
  };
}

function fix(name: string, obstacle?: string): string {
  if (obstacle !== undefined) return `It cannot be put there: ${obstacle}. If it is to stay so: countersign mcp unwrap ${name}.`;
  return `Put it behind: countersign mcp wrap ${name}. Or keep it so: countersign mcp unwrap ${name}.`;
}

/** Hooks know a server by the name that its tools have in the client. */
function nameInTools(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}
