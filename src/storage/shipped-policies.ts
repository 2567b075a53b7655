import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the policies that we ship: beside the bundle's folder, or at the root of the sources. Throws where it is missing. */
export function shippedPolicies(): string {
  const candidates = [join(import.meta.dirname, '..', 'policies'), join(import.meta.dirname, '..', '..', 'policies')];
  const found = candidates.find((folder) => existsSync(join(folder, 'self-protection.yaml')));
  // Without the part that protects us from the agents, nothing is to be judged.
  if (found === undefined)
    throw new Error(`The policies that Countersign ships are missing (looked in ${candidates.join(', ')}). Install it again.`);
  return found;
}
