import { analyzeCommand } from '../src/engine/shell/analyze.ts';
import { complaints, fuzzSeeds } from '../test/engine/shell/fuzz/check.ts';
import { fuzzInput } from '../test/engine/shell/fuzz/inputs.ts';
import { Random } from '../test/engine/shell/mutations/random.ts';

// `npm run fuzz -- --minutes 10 [--seed N]`: odd texts through the analysis of shell commands. Reports what it threw at, and the slowest five.
const minutes = Number(option('--minutes') ?? 1);
const seed = Number(option('--seed') ?? Date.now() % 1_000_000);
const surroundings = { cwd: '/home/dev/shop', home: '/home/dev', readText: () => 'rm -rf "$1"\n' };
const random = new Random(seed);
const seeds = fuzzSeeds();
const until = performance.now() + minutes * 60_000;

let inputs = 0;
let failed = 0;
let slowest: readonly { readonly ms: number; readonly text: string }[] = [];
while (performance.now() < until) {
  const text = fuzzInput(random, seeds);
  // The processor's time, not the clock's: what else the machine does is not the input's fault.
  const before = process.cpuUsage();
  const wrong = analysed(text);
  const { user, system } = process.cpuUsage(before);
  inputs += 1;
  slowest = [...slowest, { ms: (user + system) / 1000, text }].toSorted((a, b) => b.ms - a.ms).slice(0, 5);
  if (wrong.length === 0) continue;
  failed += 1;
  if (failed <= 20) console.log(`${wrong.join('; ')}: ${JSON.stringify(text.slice(0, 400))}`);
}
console.log(`seed ${seed}: ${inputs} inputs in ${minutes} min, ${failed} failed`);
for (const { ms, text } of slowest) console.log(`${ms.toFixed(1)} ms for ${text.length} characters: ${JSON.stringify(text.slice(0, 120))}`);
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
