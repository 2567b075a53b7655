import { analyzeCommand } from '../src/engine/shell/analyze.ts';
import { complaints, fuzzSeeds } from '../test/engine/shell/fuzz/check.ts';
import { fuzzInput } from '../test/engine/shell/fuzz/inputs.ts';
import { Random } from '../test/engine/shell/mutations/random.ts';

// `npm run fuzz -- --minutes 10 [--seed N]`: odd texts through the analysis of shell commands. Reports what it threw at, and the slowest.
const minutes = Number(option('--minutes') ?? 1);
const seed = Number(option('--seed') ?? Date.now() % 1_000_000);
const surroundings = { cwd: '/home/dev/shop', home: '/home/dev', readText: () => 'rm -rf "$1"\n' };
const random = new Random(seed);
const seeds = fuzzSeeds();
const until = performance.now() + minutes * 60_000;

let inputs = 0;
let failed = 0;
let slowest = { ms: 0, text: '' };
while (performance.now() < until) {
  const text = fuzzInput(random, seeds);
  const before = performance.now();
  const wrong = analysed(text);
  const ms = performance.now() - before;
  inputs += 1;
  if (ms > slowest.ms) slowest = { ms, text };
  if (wrong.length === 0) continue;
  failed += 1;
  if (failed <= 20) console.log(`${wrong.join('; ')}: ${JSON.stringify(text.slice(0, 400))}`);
}
console.log(`seed ${seed}: ${inputs} inputs in ${minutes} min, ${failed} failed`);
console.log(`slowest: ${slowest.ms.toFixed(1)} ms for ${slowest.text.length} characters: ${JSON.stringify(slowest.text.slice(0, 200))}`);
process.exit(failed === 0 ? 0 : 1);

function analysed(text: string): readonly string[] {
  try {
    return complaints(text, analyzeCommand(text, surroundings));
  } catch (error) {
    return [`it threw ${error instanceof Error ? error.message : String(error)}`];
  }
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}
