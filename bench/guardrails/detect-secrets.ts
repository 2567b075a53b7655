import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from './sample.ts';
import { casesIn } from './parametrized.ts';

/** Whether a file's name, an address or the quotes of a language decide there, and not what the text says. */
const otherMatters = /^(?:base|high_entropy_strings|ip_public|keyword)_test/;

/** The lines with which detect-secrets tests its plugins. */
export function detectSecretsSamples(checkout: string): readonly Sample[] {
  const folder = join(checkout, 'tests/plugins');
  return readdirSync(folder)
    .filter((name) => name.endsWith('_test.py') && !otherMatters.test(name))
    .flatMap((name) => {
      const cases = casesIn(readFileSync(join(folder, name), 'utf8'), (parameters) =>
        /^(?:payload|line|file_content|secret)\b/.test(parameters),
      );
      return cases.flatMap(({ values: [text, expected = true] }) =>
        typeof text === 'string' ? [{ rule: name, text, positive: expected !== false && expected !== null && expected !== 0 }] : [],
      );
    });
}
