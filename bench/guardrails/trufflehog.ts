import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Reader, type Environment, type Value } from './evaluate.ts';
import { strings } from './gitleaks.ts';
import type { Sample } from './sample.ts';
import { tokensOf } from './tokens.ts';

/**
 * The inputs with which TruffleHog tests the patterns of its detectors, where a result is wanted. Its other inputs are no negatives
 * here: they hold good keys too far from the service's name, or random values of another length beside `API_KEY=`.
 */
export function trufflehogSamples(checkout: string): readonly Sample[] {
  const folder = join(checkout, 'pkg/detectors');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('_test.go') && !name.includes('integration'))
    .flatMap((name) => inFile(name.replace(/\/[^/]*$/, ''), readFileSync(join(folder, name), 'utf8')));
}

function inFile(rule: string, source: string): readonly Sample[] {
  const tokens = tokensOf(source, 'go');
  const samples: Sample[] = [];
  const environment: Environment = new Map();
  let input: string | undefined;
  for (const [at, { text }] of tokens.entries()) {
    if (tokens[at + 1]?.text === '=' && tokens[at]?.type === 'name')
      environment.set(text, new Reader(tokens, at + 2, environment, sprintf).expression());
    if (tokens[at + 1]?.text !== ':' || (text !== 'input' && text !== 'want')) continue;
    const value = new Reader(tokens, at + 2, environment, sprintf).expression();
    if (text === 'input') input = typeof value === 'string' ? value : undefined;
    else if (input !== undefined && strings(value).some((one) => one !== '' && input?.includes(one)))
      samples.push({ rule, text: input, positive: true });
  }
  return samples;
}

function sprintf(name: string, [first, ...rest]: readonly Value[]): Value {
  if (name !== 'fmt.Sprintf' || typeof first !== 'string') return undefined;
  return rest.reduce<string>((text, one) => text.replace(/%[svq]/, () => String(one)), first);
}
