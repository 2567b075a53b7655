import * as z from 'zod/mini';
import { remoteEntry } from '../../agents/mcp/remote-entry.ts';
import { headersVariable } from '../../agents/mcp/remote-headers.ts';
import { addressOf, clientOf, type ConfiguredServer } from './mcp-servers.ts';
import type { Members } from './toml-entry.ts';

/** What makes a server over the network one that is started. */
export function remoteChange({ agent, how }: ConfiguredServer, entry: Members): Members {
  const remote = how === 'remote' ? remoteEntry(clientOf(agent).remote ?? {}, entry) : undefined;
  return remote !== undefined && 'change' in remote ? remote.change : {};
}

/** What takes that back in an entry that was changed since; `undefined`: it was none over the network. */
export function remoteAgain(server: ConfiguredServer, was: Members, now: Members): Members | undefined {
  const dialect = clientOf(server.agent).remote ?? {};
  const remote = remoteEntry(dialect, was);
  if (remote === undefined || 'obstacle' in remote) return undefined;
  const { environment = 'env' } = dialect;
  const { [headersVariable]: _, ...variables } = z.safeParse(record, now[environment]).data ?? {};
  const before = Object.fromEntries(
    Object.keys(remote.change).map((name) => [name, was[name] === remote.url ? addressOf(server) : was[name]]),
  );
  return {
    ...before,
    command: undefined,
    ...(clientOf(server.agent).isList === true ? {} : { args: undefined }),
    ...(Object.hasOwn(now, environment) ? { [environment]: Object.keys(variables).length > 0 ? variables : was[environment] } : {}),
  };
}

const record = z.record(z.string(), z.unknown());
