import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import type { Home } from '../home.ts';
import { writePrivately } from '../private-file.ts';
import { replaceFile } from './backup.ts';
import { replaceValue, valueText } from './json-edit.ts';
import type { ConfiguredServer } from './mcp-servers.ts';
import { plainText } from './plain-text.ts';

/** What starts the gateway. */
export interface GatewayProgram {
  readonly runtime: string;
  readonly script: string;
}

/** One server's entry, as text. */
export interface EntryChange {
  readonly server: ConfiguredServer;
  readonly before: string;
  readonly after: string;
}

const entry = z.record(z.string(), z.unknown());
const originals = z.object({
  version: z.literal(1),
  /** By file and place: how the entry was written before us, and what we made of it. */
  entries: z.record(z.string(), z.object({ before: z.string(), after: z.string() })),
});

/** What puts the gateway before these servers. Those that have it, and those that are not started here, need no change. */
export function wrapPlan(servers: readonly ConfiguredServer[], { runtime, script }: GatewayProgram): readonly EntryChange[] {
  return changes(servers, (server, before) => {
    if (server.how === 'remote') return before;
    const value = z.parse(entry, JSON.parse(before));
    const wrapped = { ...value, command: runtime, args: [script, '--name', server.name, '--', ...server.command] };
    return isDeepStrictEqual(wrapped, value) ? before : written(server, wrapped);
  });
}

/** What takes it away again: the entry as it was written before, where it is still what we made of it. */
export function unwrapPlan(home: Home, servers: readonly ConfiguredServer[]): readonly EntryChange[] {
  const known = read(home).entries;
  return changes(servers, (server, before) => {
    if (server.how !== 'gateway') return before;
    const value = z.parse(entry, JSON.parse(before));
    const original = known[keyOf(server)];
    if (original !== undefined && isDeepStrictEqual(JSON.parse(original.after), value)) return original.before;
    const [command = '', ...args] = server.command;
    return written(server, { ...value, command, args });
  });
}

/** Carries a plan out. A file that has changed since it was planned is left alone: that throws. */
export function applyPlan(home: Home, plan: readonly EntryChange[]): void {
  const kept = read(home);
  const entries = { ...kept.entries };
  for (const { server, before, after } of plan) {
    const key = keyOf(server);
    // Wrapped anew, the entry before us is still the one that counts.
    entries[key] = { before: server.how === 'gateway' ? (entries[key]?.before ?? before) : before, after };
  }
  writePrivately(fileOf(home), `${JSON.stringify({ version: 1, entries }, undefined, 2)}\n`);
  for (const { server, before, after } of plan) {
    const text = readFileSync(server.file, 'utf8');
    if (valueText(text, server.path) !== before)
      throw new Error(`${server.file} was changed meanwhile. Nothing was done to ${server.name}.`);
    replaceFile(server.file, replaceValue(text, server.path, after));
  }
}

function changes(servers: readonly ConfiguredServer[], make: (server: ConfiguredServer, before: string) => string): readonly EntryChange[] {
  return servers.flatMap((server) => {
    const before = valueText(plainText(server.file) ?? '{}', server.path);
    if (before === undefined) return [];
    const after = make(server, before);
    return after === before ? [] : [{ server, before, after }];
  });
}

/** In the manner of the file around it. */
function written({ file, path }: ConfiguredServer, value: unknown): string {
  const indent = /\n([ \t]+)"/.exec(plainText(file) ?? '')?.[1];
  if (indent === undefined) return JSON.stringify(value);
  return JSON.stringify(value, undefined, indent).replaceAll('\n', `\n${indent.repeat(path.length)}`);
}

function keyOf({ file, path }: ConfiguredServer): string {
  return JSON.stringify([file, ...path]);
}

function fileOf({ backups }: Home): string {
  return join(backups, 'mcp-servers.json');
}

function read(home: Home): z.infer<typeof originals> {
  const text = plainText(fileOf(home));
  return text === undefined ? { version: 1, entries: {} } : z.parse(originals, JSON.parse(text));
}
