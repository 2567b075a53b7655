import { readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import * as z from 'zod/mini';
import type { HeldPackage } from './held-package.ts';

const shape = z.looseObject({ bin: z.optional(z.union([z.string(), z.record(z.string(), z.string())])) });

/** The script that npx would run of a package: the one that is named, the only one, or the one that is called like it. */
export function binOf({ name, folder }: Pick<HeldPackage, 'name' | 'folder'>, wanted?: string): string {
  const own = join(folder, 'node_modules', name);
  const { bin = {} } = z.parse(shape, JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')));
  const bare = name.replace(/^@[^/]+\//, '');
  const all = typeof bin === 'string' ? { [bare]: bin } : bin;
  const [only] = Object.values(all);
  const script = wanted === undefined ? (new Set(Object.values(all)).size === 1 ? only : all[bare]) : all[wanted];
  if (script === undefined) throw new Error(`${name} has no program ${wanted ?? bare}; it has: ${Object.keys(all).join(', ') || 'none'}.`);
  const path = resolve(own, script);
  if (!path.startsWith(own + sep)) throw new Error(`The program of ${name} lies outside of it: ${script}.`);
  if (!/\.[mc]?js$/.test(path) && !/^#!.*\bnode\b/.test(readFileSync(path, 'utf8').slice(0, 200)))
    throw new Error(`The program of ${name} is none for Node: ${script}.`);
  return path;
}
