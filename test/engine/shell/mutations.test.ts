import { beforeAll, expect, test } from 'vitest';
import { dangerousCommands } from './mutations/dangerous.ts';
import { describe as figure, hidesArguments, hidesProgram, runMutations, type Seen } from './mutations/measure.ts';
import { hasBash } from './mutations/real-bash.ts';

const perCommand = 6;

/** Of the texts, at most this share may hide something from the analysis. `npm run mutations` measures other texts than these. */
const most = { programs: 0.01, arguments: 0.01 };

let seen: readonly Seen[] = [];

beforeAll(() => {
  if (hasBash()) seen = runMutations(20_261_128, perCommand);
}, 240_000);

test.runIf(hasBash())('the mutated texts still run: the measure measures something', () => {
  expect(dangerousCommands.length).toBeGreaterThanOrEqual(200);
  expect(seen.length).toBeGreaterThan(dangerousCommands.length * perCommand * 0.9);
});

test.runIf(hasBash())('every program that bash runs is found, or something is said to be unknown', () => {
  const hiding = seen.filter(hidesProgram);
  console.log(figure('programs', hiding, seen, listed(hiding, most.programs)));
  expect(hiding.length / seen.length).toBeLessThanOrEqual(most.programs);
});

test.runIf(hasBash())('so are the arguments that it runs with', () => {
  const hiding = seen.filter(hidesArguments);
  console.log(figure('arguments', hiding, seen, listed(hiding, most.arguments)));
  expect(hiding.length / seen.length).toBeLessThanOrEqual(most.arguments);
});

/** Texts are only shown where there are too many of them. */
function listed(hiding: readonly Seen[], allowed: number): number {
  return hiding.length / seen.length > allowed ? 20 : 0;
}
