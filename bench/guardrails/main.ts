import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { findIn } from '../../src/engine/guardrail/detect.ts';
import { credsweeperSamples } from './credsweeper.ts';
import { detectSecretsSamples } from './detect-secrets.ts';
import { gitleaksSamples } from './gitleaks.ts';
import { presidioSamples } from './presidio.ts';
import { kingfisherSamples, noseyParkerSamples } from './rule-files.ts';
import { digestOf, halfOf, withoutDoubles, type Half, type Sample } from './sample.ts';
import { secretlintSamples } from './secretlint.ts';
import { trufflehogSamples } from './trufflehog.ts';

const sets: Readonly<Record<string, { readonly detector: 'secret' | 'pii'; readonly read: (checkout: string) => readonly Sample[] }>> = {
  gitleaks: { detector: 'secret', read: gitleaksSamples },
  secretlint: { detector: 'secret', read: secretlintSamples },
  'detect-secrets': { detector: 'secret', read: detectSecretsSamples },
  noseyparker: { detector: 'secret', read: noseyParkerSamples },
  trufflehog: { detector: 'secret', read: trufflehogSamples },
  credsweeper: { detector: 'secret', read: credsweeperSamples },
  kingfisher: { detector: 'secret', read: kingfisherSamples },
  presidio: { detector: 'pii', read: presidioSamples },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { show: { type: 'string' }, only: { type: 'string' }, disputed: { type: 'boolean', default: false } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('usage: npm run bench:guardrails -- FOLDER-WITH-CHECKOUTS');

const disputed = z.parse(z.record(z.string(), z.string()), JSON.parse(readFileSync(join(import.meta.dirname, 'disputed.json'), 'utf8')));

console.log('| set | half | positives recognised | negatives found | of them no good negatives |\n|---|---|---|---|---|');
for (const [name, { detector, read }] of Object.entries(sets)) {
  const checkout = join(folder, name);
  if ((values.only !== undefined && values.only !== name) || !existsSync(checkout)) continue;
  const samples = withoutDoubles(read(checkout)).map((one) => ({ ...one, found: findIn(one.text, [detector]).findings }));
  for (const half of ['tuning', 'held-out'] as const) {
    const own = samples.filter(({ text }) => halfOf(text) === half);
    const positives = own.filter(({ positive }) => positive);
    const negatives = own.filter(({ positive }) => !positive);
    const wrong = negatives.filter(({ found }) => found.length > 0);
    const excused = wrong.filter(({ text }) => digestOf(text) in disputed);
    const right = positives.filter(({ found }) => found.length > 0);
    console.log(
      `| ${[name, half, share(right.length, positives.length), share(wrong.length, negatives.length), excused.length].join(' | ')} |`,
    );
    if (values.show === half || values.show === `${half}-rules`)
      show(half, [...positives.filter(({ found }) => found.length === 0), ...wrong]);
  }
}

function show(
  half: Half,
  samples: readonly (Sample & { readonly found: readonly { readonly kind: string; readonly start: number; readonly end: number }[] })[],
): void {
  for (const { rule, text, positive, found } of samples) {
    const digest = digestOf(text);
    if (!positive && digest in disputed && !values.disputed) continue;
    const what = found.map(({ kind, start, end }) => `${kind} «${text.slice(start, end).slice(0, 80)}»`).join(', ');
    console.log(
      `${positive ? 'missed' : 'wrong '} ${digest} ${rule}: ${values.show === half ? `${what} ${JSON.stringify(text.slice(0, 700))}` : what.replaceAll(/«.*?»/g, '')}`,
    );
  }
}

function share(part: number, all: number): string {
  return all === 0 ? '–' : `${((part / all) * 100).toFixed(1)} % of ${all}`;
}
