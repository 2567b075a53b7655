import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const isSource = import.meta.url.endsWith('.ts');

/** Another of our programs, as it lies beside this one: bundled in `dist`, or in the sources. */
export function programPath(name: 'serve' | 'hook'): string {
  return isSource ? join(here, '..', name, 'main.ts') : join(here, `${name}.mjs`);
}

/** The policies that we ship. */
export function shippedPolicies(): string {
  const folder = isSource ? join(here, '..', '..', '..', 'policies') : join(here, '..', 'policies');
  if (!existsSync(join(folder, 'self-protection.yaml')))
    throw new Error(`${folder} lacks the built-in policies; install Countersign again`);
  return folder;
}
