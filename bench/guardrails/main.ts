import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { findIn } from '../../src/engine/guardrail/detect.ts';
import type { TextFinding } from '../../src/engine/guardrail/finding.ts';
import { digestOf, halfOf, isMadeUp, withoutDoubles, type Half, type Sample } from './sample.ts';
import { sets } from './sets.ts';

interface Asked extends Sample {
  readonly found: readonly TextFinding[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { show: { type: 'string' }, rules: { type: 'string' }, only: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Name the folder in which the checkouts lie: npm run bench:guardrails -- FOLDER');

const disputed = z.parse(z.record(z.string(), z.string()), JSON.parse(readFileSync(join(import.meta.dirname, 'disputed.json'), 'utf8')));
const halves = ['tuning', 'held-out'] as const;
const secrets: Readonly<Record<Half, Asked[]>> = { tuning: [], 'held-out': [] };

console.log(
  '| set | half | positives recognised | without values made up by hand | negatives found | without disputed ones |\n|---|---|---|---|---|---|',
);
for (const [name, { detector, read }] of Object.entries(sets)) {
  const checkout = join(folder, name);
  if ((values.only !== undefined && values.only !== name) || !existsSync(checkout)) continue;
  const samples = withoutDoubles(read(checkout)).map((one) => ({ ...one, found: findIn(one.text, [detector]).findings }));
  for (const half of halves) {
    const own = samples.filter(({ text }) => halfOf(text) === half);
    if (detector === 'secret') secrets[half].push(...own);
    console.log(row(name, half, own));
    if (values.show === half || values.rules === half) show(own);
  }
}
for (const half of halves) console.log(row('all secrets', half, secrets[half]));

function row(name: string, half: Half, samples: readonly Asked[]): string {
  const positives = samples.filter(({ positive }) => positive);
  const negatives = samples.filter(({ positive }) => !positive);
  const drawn = positives.filter(({ text }) => !isMadeUp(text));
  const good = negatives.filter(({ text }) => !(digestOf(text) in disputed));
  return `| ${[name, half, share(positives), share(drawn), share(negatives), share(good)].join(' | ')} |`;
}

function share(samples: readonly Asked[]): string {
  const found = samples.filter((one) => one.found.length > 0).length;
  return samples.length === 0 ? '–' : `${((found / samples.length) * 100).toFixed(1)} % of ${samples.length}`;
}

/** What was missed, and what was found among the negatives. With `--rules`, only the names of the rules. */
function show(samples: readonly Asked[]): void {
  for (const { rule, text, positive, found } of samples.filter((one) => one.positive === (one.found.length === 0))) {
    const digest = digestOf(text);
    const mark = positive ? 'missed' : digest in disputed ? 'disputed' : 'wrong';
    const what = found.map(({ kind, start, end }) => `${kind} «${text.slice(start, end).slice(0, 80)}»`).join(', ');
    console.log([mark, digest, rule, ...(values.rules === undefined ? [what, JSON.stringify(text.slice(0, 700))] : [])].join('\t'));
  }
}
