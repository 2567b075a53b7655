import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Home } from '../home.ts';
import { writePrivately } from '../private-file.ts';
import type { ConfiguredServer } from './mcp-servers.ts';
import { plainText } from './plain-text.ts';

const wrapped = z.object({ agent: z.optional(z.string()), before: z.string(), after: z.string(), moved: z.optional(z.array(z.string())) });
/** How an entry was written before us, and what we made of it; `moved`: secrets that `before` names where it had their values. */
export type Wrapped = z.infer<typeof wrapped>;

const record = z.object({
  version: z.literal(1),
  /** By file and place. */
  entries: z.record(z.string(), wrapped),
  /** Those that a person wants without the gateway, and what they start, as it was then. */
  left: z._default(z.record(z.string(), z.string()), {}),
});
interface Kept {
  readonly entries: Readonly<Record<string, Wrapped>>;
  readonly left: Readonly<Record<string, string>>;
}

export function keyOf({ file, path }: Pick<ConfiguredServer, 'file' | 'path'>): string {
  return JSON.stringify([file, ...path]);
}

/** Whether a person wants that server, as it is started now, without the gateway. */
export function isLeft({ left }: Kept, server: ConfiguredServer): boolean {
  return left[keyOf(server)] === startOf(server);
}

export function startOf({ command }: ConfiguredServer): string {
  return JSON.stringify(command);
}

/** Where an entry of that key stands. */
export function placeOf(key: string): { readonly file: string; readonly path: readonly string[] } {
  const [file = '', ...path] = z.parse(z.array(z.string()), JSON.parse(key));
  return { file, path };
}

export function readWrapped(home: Home): Kept {
  const text = plainText(wrappedFile(home));
  return text === undefined ? { entries: {}, left: {} } : z.parse(record, JSON.parse(text));
}

export function saveWrapped(home: Home, { entries, left }: Kept): void {
  writePrivately(wrappedFile(home), `${JSON.stringify({ version: 1, entries, left }, undefined, 2)}\n`);
}

/** Where all that is kept. */
export function wrappedFile({ backups }: Home): string {
  return join(backups, 'mcp-servers.json');
}
