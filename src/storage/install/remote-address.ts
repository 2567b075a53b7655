import { isOwnEndpoint } from '../../agents/mcp/remote-entry.ts';
import type { Surroundings } from './mcp-places.ts';
import { addressOf, findServers } from './mcp-servers.ts';

/** Where the remote server of that name is reached, as the first client that knows it has it. */
export function remoteAddress(surroundings: Surroundings, name: string): string | undefined {
  const found = findServers(surroundings).servers.filter((server) => server.name === name);
  return found.map(addressOf).find((address) => address !== undefined && !isOwnEndpoint(address));
}
