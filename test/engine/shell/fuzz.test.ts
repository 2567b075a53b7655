import { expect, test } from 'vitest';
import { analyzeCommand } from '../../../src/engine/shell/analyze.ts';
import { complaints, fuzzSeeds } from './fuzz/check.ts';
import { fuzzInput } from './fuzz/inputs.ts';
import { Random } from './mutations/random.ts';

const surroundings = { cwd: '/home/dev/shop', home: '/home/dev', readText: () => 'rm -rf "$1"\n' };
// `npm run fuzz -- --minutes 10` goes on from here.
const inputs = 700;

test('no input makes the analysis throw, or say something that cannot be', () => {
  const seeds = fuzzSeeds();
  const random = new Random(1);
  for (let n = 0; n < inputs; n += 1) {
    const text = fuzzInput(random, seeds);
    expect({ text, complaints: complaints(text, analyzeCommand(text, surroundings)) }).toEqual({ text, complaints: [] });
  }
});

test('the same text gets the same analysis', () => {
  const seeds = fuzzSeeds();
  const random = new Random(2);
  for (let n = 0; n < 200; n += 1) {
    const text = fuzzInput(random, seeds);
    expect(analyzeCommand(text, surroundings)).toEqual(analyzeCommand(text, surroundings));
  }
});
