import * as z from 'zod/mini';
import { isAddress, isOwnEndpoint, remoteEntry } from '../../agents/mcp/remote-entry.ts';
import { serverClients, type ServerClient, type ServerPlace, type Surroundings } from './mcp-places.ts';
import { plainText } from './plain-text.ts';
import { serverFormats } from './server-formats.ts';
import type { Members } from './toml-entry.ts';

/** An MCP server as a client's configuration has it. */
export interface ConfiguredServer {
  /** Whose configuration it is, as policies call it. */
  readonly agent: string;
  readonly name: string;
  readonly file: string;
  /** Where in the file its entry lies. */
  readonly path: readonly string[];
  readonly scope: ServerPlace['scope'];
  /** `direct`: started by the client itself; `gateway`: behind ours; `remote`: reached over the network by the client itself. */
  readonly how: 'direct' | 'gateway' | 'remote';
  /** What is started, or the address that is reached, the gateway left out. */
  readonly command: readonly string[];
  /** Behind a gateway: the program that is called like ours, as it stands there. Whether it is ours only its place says. */
  readonly gateway?: string;
  /** Why the gateway cannot be put before it. */
  readonly obstacle?: string;
  /** The client is told not to start it. */
  readonly isOff?: true;
  /** How long its client waits for an answer to a call, where its entry says so; 0: it cannot be told. */
  readonly patienceMs?: number;
}

export interface FoundServers {
  readonly servers: readonly ConfiguredServer[];
  /** Files that are there and say nothing that can be understood. */
  readonly unread: readonly string[];
}

/** All that the clients would start in that folder. `agents`: only those; left out: all of them. */
export function findServers(surroundings: Surroundings, agents?: readonly string[]): FoundServers {
  const found = serverClients
    .filter(({ agent }) => agents === undefined || agents.includes(agent))
    .flatMap((client) => placesOf(client, surroundings).map((place) => serversAt(client, place)));
  return {
    servers: found.flatMap((one) => (typeof one === 'string' ? [] : one)),
    unread: [...new Set(found.filter((one) => typeof one === 'string'))],
  };
}

/** Our own server for agents: nothing has to stand before it. */
export function isOwnServer({ command }: ConfiguredServer): boolean {
  return command.slice(0, 3).join(' ') === 'countersign mcp serve';
}

/** Reached over the network, through the gateway or not: the address is all that stands there. */
export function addressOf({ command: [address, ...more] }: ConfiguredServer): string | undefined {
  return address !== undefined && more.length === 0 && isAddress(address) ? address : undefined;
}

/** Files in which servers may stand, whether they are there or not. */
export function serverFiles(surroundings: Surroundings): readonly string[] {
  return [...new Set(serverClients.flatMap((client) => client.places(surroundings)).map(({ file }) => file))];
}

export function clientOf(agent: string): ServerClient {
  const client = serverClients.find((one) => one.agent === agent);
  if (client === undefined) throw new Error(`Nobody knows where "${agent}" has its MCP servers`);
  return client;
}

/** An entry of a file, as it is now; `undefined`: there is none. */
export function serverAt(agent: string, file: string, path: readonly string[]): ConfiguredServer | undefined {
  const found = serversAt(clientOf(agent), { file, at: path.slice(0, -1), scope: 'user' });
  return typeof found === 'string' ? undefined : found.find(({ name }) => name === path.at(-1));
}

/** In a home folder the project's file is the person's own: told once. */
function placesOf({ places }: ServerClient, surroundings: Surroundings): readonly ServerPlace[] {
  const all = places(surroundings);
  const keyOf = ({ file, at }: ServerPlace): string => JSON.stringify([file, ...at]);
  return all.filter((place, index) => all.findLastIndex((other) => keyOf(other) === keyOf(place)) === index);
}

/** What stands there; the file's name where it cannot be read. */
function serversAt(client: ServerClient, { file, at, scope }: ServerPlace): readonly ConfiguredServer[] | string {
  const text = plainText(file);
  if (text === undefined) return [];
  try {
    return Object.entries(serverFormats[client.format].entries(text, at)).flatMap(([name, entry]) => {
      const read = z.safeParse(anyEntry, entry);
      return read.success ? [serverOf(client, { agent: client.agent, name, file, path: [...at, name], scope }, read.data)] : [];
    });
  } catch {
    return file;
  }
}

const anyEntry = z.record(z.string(), z.unknown());
const strings = z.array(z.string());
const apart = z.object({ command: z.string().check(z.minLength(1)), args: z.optional(z.unknown()) });
const inOne = z.object({ command: strings.check(z.minLength(1)) });

function serverOf(
  client: ServerClient,
  about: Pick<ConfiguredServer, 'agent' | 'name' | 'file' | 'path' | 'scope'>,
  entry: Members,
): ConfiguredServer {
  const remote = remoteEntry(client.remote ?? {}, entry);
  const words = remote === undefined ? commandIn(client, entry) : undefined;
  const { member = '', unitMs = 1 } = client.patience ?? {};
  const more = {
    ...(entry['enabled'] === false || entry['disabled'] === true ? { isOff: true as const } : {}),
    ...(Object.hasOwn(entry, member) ? { patienceMs: Number(entry[member]) * unitMs || 0 } : {}),
  };
  if (remote !== undefined && isOwnEndpoint(remote.url))
    return { ...about, how: 'gateway', command: [remote.url], gateway: remote.url, ...more };
  if (remote !== undefined && 'obstacle' in remote)
    return { ...about, how: 'remote', command: [remote.url], obstacle: remote.obstacle, ...more };
  if (remote !== undefined) return { ...about, how: 'remote', command: [remote.url], ...more };
  if (words === undefined)
    return { ...about, how: 'remote', command: [], obstacle: 'neither a command nor an address can be read in its entry', ...more };
  const behind = behindGateway(words);
  return behind === undefined ? { ...about, how: 'direct', command: words, ...more } : { ...about, how: 'gateway', ...behind, ...more };
}

function commandIn({ isList }: ServerClient, entry: Members): readonly string[] | undefined {
  if (isList === true) return z.safeParse(inOne, entry).data?.command;
  const { command, args } = z.safeParse(apart, entry).data ?? {};
  // Clients take numbers for text: an odd argument must not make it a server that is started nowhere.
  return command === undefined ? undefined : [command, ...(Array.isArray(args) ? args.map(String) : [])];
}

/** The command behind the gateway, and the program that is the gateway; `undefined` where there is none in it. */
function behindGateway(words: readonly string[]): { readonly gateway: string; readonly command: readonly string[] } | undefined {
  const [command = '', first = '', second] = words;
  const at = words.indexOf('--');
  const gateway = /(^|[\\/])mcp-gateway$/.test(command)
    ? command
    : /(^|[\\/])(mcp-gateway\.mjs|mcp-gateway[\\/]main\.ts)$/.test(first)
      ? first
      : /(^|[\\/])countersign(\.\w+)?$/.test(command) && first === 'mcp' && second === 'run'
        ? command
        : undefined;
  return gateway === undefined || at === -1 ? undefined : { gateway, command: words.slice(at + 1) };
}
