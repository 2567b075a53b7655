import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { KnownServer } from '../../engine/artifact/pins/known.ts';
import type { PinStore } from '../../governor/ports.ts';
import { hasCode, writePrivately } from '../private-file.ts';
import { artifactPlaces } from './places.ts';

/** A file for each server, kept in memory: only the governor writes them. */
export function pinStore(root: string): PinStore {
  const folder = artifactPlaces(root).pins;
  const listeners: (() => void)[] = [];
  let known: Map<string, KnownServer> | undefined;
  const loaded = (): Map<string, KnownServer> => (known ??= new Map(readPins(root).map((one) => [one.server, one])));
  return {
    get: (server) => loaded().get(server),
    all: () => [...loaded().values()],
    save: (one) => {
      const all = loaded();
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writePrivately(join(folder, fileFor(one.server)), JSON.stringify({ version: 1, ...one }));
      all.set(one.server, one);
      listeners.forEach((listener) => listener());
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

/** What is known of every server. Throws on a file that cannot be read: what is held by it is not known then. */
export function readPins(root: string): readonly KnownServer[] {
  const folder = artifactPlaces(root).pins;
  return filesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => read(join(folder, name)));
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Names may hold what no file's name may. */
function fileFor(server: string): string {
  return `${createHash('sha256').update(server).digest('hex').slice(0, 32)}.json`;
}

const suspicion = z.object({ risk: z.enum(['low', 'medium', 'high']), say: z.string() });
const version = z.object({
  digest: z.string(),
  text: z.exactOptional(z.string()),
  state: z.enum(['accepted', 'asked', 'denied']),
  since: z.number(),
  by: z.exactOptional(z.string()),
  suspicions: z.array(suspicion),
});
const item = z.object({
  kind: z.enum(['tool', 'prompt', 'instructions']),
  name: z.string(),
  current: z.string(),
  versions: z.array(version),
});
const file = z.object({
  version: z.literal(1),
  server: z.string(),
  agents: z.array(z.string()),
  lastSeen: z.number(),
  items: z.array(item),
});

function read(path: string): KnownServer {
  try {
    const { server, agents, lastSeen, items } = z.parse(file, JSON.parse(readFileSync(path, 'utf8')));
    return { server, agents, lastSeen, items };
  } catch (cause) {
    throw new Error(`${path} cannot be read, so nobody knows which tools were accepted. Move it away to begin anew.`, { cause });
  }
}
