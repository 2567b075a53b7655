import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';

const policies = join(import.meta.dirname, '..', '..', '..', 'policies');

/** What is always in force. */
export const shipped: readonly PolicyFile[] = filesIn(policies);
/** What is in force where somebody names it. */
export const packs: readonly PolicyFile[] = filesIn(join(policies, 'packs'));

function filesIn(folder: string): readonly PolicyFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => {
    const source = readFileSync(join(folder, name), 'utf8');
    return parsePolicyFile({ path: `policies/${name}`, layer: 'built-in', source, trusted: true });
  });
}
