import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { isOwnEndpoint } from '../../agents/mcp/remote-entry.ts';
import * as z from 'zod/mini';
import type { Home } from '../home.ts';
import { replaceFile } from './backup.ts';
import { gatewayCommand, removeGatewayLauncher, renderGatewayLauncher, type GatewayProgram } from './gateway-launcher.ts';
import type { EntryChange } from './mcp-change.ts';
import { remoteAgain, remoteChange } from './mcp-remote.ts';
import { withValuesAgain } from './mcp-secrets.ts';
import { addressOf, clientOf, isOwnServer, serverAt, type ConfiguredServer } from './mcp-servers.ts';
import { keyOf, placeOf, readWrapped, saveWrapped, startOf, type Wrapped } from './mcp-wrapped.ts';
import { plainText } from './plain-text.ts';
import { serverFormats, type ServerFormat } from './server-formats.ts';
import type { Members } from './toml-entry.ts';

/** What puts the gateway before these servers. Those that have it need no change, and before some it cannot be put. */
export function wrapPlan(servers: readonly ConfiguredServer[], program: GatewayProgram): readonly EntryChange[] {
  return changes(servers, (server, format, text, before) => {
    if (server.obstacle !== undefined || isOwnServer(server) || isOwnEndpoint(addressOf(server) ?? '')) return before;
    const raised = server.how === 'gateway' ? {} : raisedPatience(server);
    const patienceMs = server.patienceMs ?? raised.patienceMs;
    const options = ['--name', server.name, '--agent', server.agent, ...(patienceMs ? ['--patience', String(patienceMs / 1_000)] : [])];
    const words = [...gatewayCommand(program), ...options, '--', ...server.command];
    return withWords(server, format, text, before, words, { ...remoteChange(server, entryOf(server, format, text)), ...raised.members });
  });
}

/** What takes it away again: the entry as it was written before, where it is still what we made of it. */
export function unwrapPlan(home: Home, servers: readonly ConfiguredServer[]): Promise<readonly EntryChange[]> {
  const known = readWrapped(home).entries;
  const plan = changes(servers, (server, format, text, before) => {
    if (server.how !== 'gateway') return before;
    const original = known[keyOf(server)];
    if (original !== undefined && format.isSame(original.after, before)) return original.before;
    if (addressOf(server) === undefined) return withWords(server, format, text, before, server.command);
    const was = original && format.membersOf(original.before, server.name);
    const wanted = was && remoteAgain(server, was, entryOf(server, format, text));
    return wanted === undefined ? before : format.withMembers(text, server.path, wanted);
  });
  return withValuesAgain(home, plan);
}

/** Carries a plan that wraps out. A file that has changed since it was planned is left alone: that throws. */
export function applyWrap(program: GatewayProgram, plan: readonly EntryChange[]): void {
  const { home } = program;
  const { entries, left } = readWrapped(home);
  const fresh = plan.map(({ server, before, after, kept = before, moved = entries[keyOf(server)]?.moved }): [string, Wrapped] => {
    const key = keyOf(server);
    // Wrapped anew, the entry before us is still the one that counts.
    return [
      key,
      {
        agent: server.agent,
        before: server.how === 'gateway' ? (entries[key]?.before ?? kept) : kept,
        after,
        ...(moved && { moved: [...moved] }),
      },
    ];
  });
  const keys = new Set(fresh.map(([key]) => key));
  renderGatewayLauncher(program);
  saveWrapped(home, { entries: { ...entries, ...Object.fromEntries(fresh) }, left: without(left, keys) });
  plan.forEach(write);
}

/** The same for one that unwraps. The person wants `servers` without the gateway: nobody complains of them any more. */
export function applyUnwrap(home: Home, plan: readonly EntryChange[], servers: readonly ConfiguredServer[]): void {
  plan.forEach(write);
  const { entries, left } = readWrapped(home);
  const chosen = servers.map((server) => [keyOf(server), startOf(server)] as const);
  save(home, without(entries, new Set(chosen.map(([key]) => key))), { ...left, ...Object.fromEntries(chosen) });
}

/** Takes the gateway away from all servers of an agent, wherever they stand. Answers with the files. */
export async function takeOutGateway(home: Home, agent: string): Promise<readonly string[]> {
  const { entries, left } = readWrapped(home);
  const keys = Object.keys(entries).filter((key) => (entries[key]?.agent ?? 'claude-code') === agent);
  const servers = keys.flatMap((key) => {
    const { file, path } = placeOf(key);
    return serverAt(agent, file, path) ?? [];
  });
  const plan = await unwrapPlan(home, servers);
  plan.forEach(write);
  if (keys.length > 0) save(home, without(entries, new Set(keys)), left);
  return [...new Set(plan.map(({ server }) => server.file))];
}

function save(home: Home, entries: Readonly<Record<string, Wrapped>>, left: Readonly<Record<string, string>>): void {
  saveWrapped(home, { entries, left });
  if (Object.keys(entries).length === 0) removeGatewayLauncher(home);
}

function without<T>(all: Readonly<Record<string, T>>, keys: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !keys.has(key)));
}

function write({ server, before, after }: EntryChange): void {
  const format = formatOf(server);
  const text = readFileSync(server.file, 'utf8');
  if (format.written(text, server.path) !== before)
    throw new Error(`${server.file} was changed meanwhile. Nothing was done to ${server.name}.`);
  replaceFile(server.file, format.replaced(text, server.path, after));
}

type Make = (server: ConfiguredServer, format: ServerFormat, text: string, before: string) => string;

function changes(servers: readonly ConfiguredServer[], make: Make): readonly EntryChange[] {
  return servers.flatMap((server) => {
    const text = plainText(server.file) ?? '';
    const format = formatOf(server);
    const before = format.written(text, server.path);
    if (before === undefined) return [];
    const after = make(server, format, text, before);
    return after === before ? [] : [{ server, before, after }];
  });
}

function withWords(
  server: ConfiguredServer,
  format: ServerFormat,
  text: string,
  before: string,
  words: readonly string[],
  more: Members = {},
): string {
  const [command, ...args] = words;
  const start = clientOf(server.agent).isList === true ? { command: words } : { command, args };
  const wanted = { ...more, ...start };
  const entry = entryOf(server, format, text);
  const isThere = isDeepStrictEqual(entry, Object.assign({}, entry, wanted));
  return isThere ? before : format.withMembers(text, server.path, wanted);
}

function entryOf({ name, path }: ConfiguredServer, format: ServerFormat, text: string): Members {
  return z.parse(members, format.entries(text, path.slice(0, -1))[name]);
}

const members = z.record(z.string(), z.unknown());

/** What a client is told to wait where its entry does not say it, so that a person has time to answer. */
function raisedPatience({ agent, patienceMs }: ConfiguredServer): { readonly members?: Members; readonly patienceMs?: number } {
  const { patience } = clientOf(agent);
  if (patience?.raised === undefined || patienceMs !== undefined) return {};
  return { members: { [patience.member]: patience.raised }, patienceMs: patience.raised * patience.unitMs };
}

function formatOf({ agent }: ConfiguredServer): ServerFormat {
  return serverFormats[clientOf(agent).format];
}
