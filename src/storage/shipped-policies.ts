import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicyFile } from '../engine/policy/parse-file.ts';
import type { PolicyReader } from './policy-folder.ts';

/** The folder of the policies that we ship: beside the bundle's folder, or at the root of the sources. Throws where it is missing. */
export function shippedPolicies(): string {
  const candidates = [join(import.meta.dirname, '..', 'policies'), join(import.meta.dirname, '..', '..', 'policies')];
  const found = candidates.find((folder) => existsSync(join(folder, 'self-protection.yaml')));
  // Without the part that protects us from the agents, nothing is to be judged.
  if (found === undefined)
    throw new Error(`The policies that Countersign ships are missing (looked in ${candidates.join(', ')}). Install it again.`);
  return found;
}

/** The folder of the packs, of which each is in force only where a policy names it. */
export function packsFolder(shipped: string): string {
  return join(shipped, 'packs');
}

/** The file of each pack, by its name. */
export function packFile(name: string): string {
  return `${name}.yaml`;
}

export function packNames(shipped: string): readonly string[] {
  const folder = packsFolder(shipped);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && !file.startsWith('.'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** Reads policy files that may name the packs of this folder. */
export function policyParser(shipped: string): PolicyReader['parse'] {
  const packs = packNames(shipped);
  return (text) => parsePolicyFile({ ...text, packs, lazily: text.layer === 'built-in' });
}
