import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { readConfig } from './config.ts';
import type { Home } from './home.ts';
import { hasCode, writePrivately } from './private-file.ts';
import { readOrCreateToken } from './token.ts';

/** An MCP server over the network that agents reach through the governor's endpoint. */
const remote = z.object({
  url: z.url({ protocol: /^https?$/ }),
  /** `Name: value`, one a line, with `${secret:NAME}` where a value is kept elsewhere. */
  headers: z.exactOptional(z.string()),
  /** In whose configuration it stands; left out: what the client says of itself counts. */
  agent: z.exactOptional(z.string()),
  /** Absolute: whose policies count; left out: only those of the person and their organisation. */
  folder: z.exactOptional(z.string()),
});
export type RemoteMcpServer = z.infer<typeof remote>;

const remotes = z.object({ version: z.literal(1), servers: z.record(z.string(), remote) });

/** By name. Nothing where there is no file yet. Throws, naming the file, on one that cannot be understood. */
export function readRemotes(home: Home): Readonly<Record<string, RemoteMcpServer>> {
  try {
    return z.parse(remotes, JSON.parse(readFileSync(home.remotes, 'utf8'))).servers;
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return {};
    throw new Error(`${home.remotes} cannot be understood. Correct it, or delete it and add the servers anew.`, { cause });
  }
}

/** A file that cannot be read may name some. */
export function hasRemotes(home: Home): boolean {
  try {
    return Object.keys(readRemotes(home)).length > 0;
  } catch {
    return true;
  }
}

export function saveRemotes(home: Home, servers: Readonly<Record<string, RemoteMcpServer>>): void {
  writePrivately(home.remotes, `${JSON.stringify({ version: 1, servers }, undefined, 2)}\n`);
}

/** What an agent's configuration holds to reach that server through us, and nothing else. */
export function remoteToken(home: Home, name: string): string {
  return createHmac('sha256', readOrCreateToken(home.hookToken)).update(`mcp ${name}`).digest('hex');
}

/** Where agents reach that server through the governor on that port. */
export function remoteAddressHere(home: Home, name: string, port: number): string {
  return `http://127.0.0.1:${port}/v1/mcp/${encodeURIComponent(name)}/${remoteToken(home, name)}`;
}

/** Whether that address leads to a server through our governor: one that only looks like ours may be anybody's. */
export function leadsThroughUs(home: Home, address: string): boolean {
  try {
    const { port } = readConfig(home);
    return port !== undefined && Object.keys(readRemotes(home)).some((name) => remoteAddressHere(home, name, port) === address);
  } catch {
    return false;
  }
}
