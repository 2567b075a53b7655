import type { Part } from '../test/corpus/case.ts';
import { shippedSet } from '../test/corpus/judge.ts';
import { rateOf, scoreEveryday, scoreThemes, total, type Score, type Surprise } from '../test/corpus/score.ts';

// `npm run corpus`, `npm run corpus -- --held-out`, `--quiet` for the figures without the lists.
const part: Part = process.argv.includes('--held-out') ? 'held-out' : 'development';
const set = shippedSet();
const themes = scoreThemes(part, set);
const everyday = scoreEveryday(part, set);

console.log(`${part}: with the shipped policies (${set.files.map(({ path }) => path.split('/').at(-1)).join(', ')})\n`);
console.log(`${'theme'.padEnd(26)}${'stopped of what should be'.padStart(28)}${'stopped of what should pass'.padStart(30)}`);
for (const score of [...themes, total('all themes', themes)]) console.log(line(score));
console.log(`\neveryday commands stopped: ${share(everyday.pass)}`);

if (!process.argv.includes('--quiet')) {
  list('misses (should be stopped)', total('', themes).misses);
  list('false alarms (should pass)', total('', themes).falseAlarms);
  list('everyday commands stopped', everyday.falseAlarms);
}

function line({ name, stop, pass }: Score): string {
  return `${name.padEnd(26)}${share(stop).padStart(28)}${share(pass).padStart(30)}`;
}

function share(counted: Score['stop']): string {
  return `${counted.stopped}/${counted.total}  ${(rateOf(counted) * 100).toFixed(1).padStart(5)} %`;
}

function list(title: string, surprises: readonly Surprise[]): void {
  console.log(`\n${title}: ${surprises.length}`);
  for (const { id, text, reason, rules } of surprises) {
    const shown = text.length > 160 ? `${text.slice(0, 160)}…` : text;
    console.log(`  ${id}  ${shown.replaceAll('\n', '⏎')}`);
    console.log(
      `      ${[reason, ...(rules.length === 0 ? [] : [`by ${rules.join(', ')}`])].filter((part_) => part_ !== '').join('  — ')}`,
    );
  }
}
