import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';

/** What a governor tells about itself in `governor.json`. */
export interface Discovery {
  readonly pid: number;
  /** As the system tells it; guards against a reused pid. */
  readonly processStart: string;
  readonly startedAt: number;
  readonly socket: string;
  /** Of the hook endpoint; 0 while it is not open yet. */
  readonly port: number;
  readonly version: string;
}

const schema = z.object({
  pid: z.int().check(z.gte(1)),
  processStart: z.string(),
  startedAt: z.number(),
  socket: z.string().check(z.minLength(1)),
  port: z.int(),
  version: z.string(),
});

/** Replaces the file in one step, readable for its owner alone. */
export function writeDiscovery(file: string, discovery: Discovery): void {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(aside, `${JSON.stringify(discovery)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(aside, file);
}

/** `undefined` where there is no file, or nothing in it that could be used: then there is no governor to be found. */
export function readDiscovery(file: string): Discovery | undefined {
  try {
    return z.parse(schema, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Takes the file away when it still speaks of process `pid`. */
export function removeDiscovery(file: string, pid: number): void {
  if (readDiscovery(file)?.pid === pid) rmSync(file, { force: true });
}
