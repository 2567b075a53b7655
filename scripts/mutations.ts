import { parseArgs } from 'node:util';
import { describe, hidesArguments, hidesProgram, runMutations } from '../test/engine/shell/mutations/measure.ts';

// `npm run mutations -- [--seed N] [--per-command N] [--show N]`: what dangerous commands in other spellings hide from the analysis,
// against real bash. The unit test measures one seed; another one tells whether the analysis learnt that seed by heart.
const { values } = parseArgs({
  options: { seed: { type: 'string' }, 'per-command': { type: 'string', default: '20' }, show: { type: 'string', default: '20' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const seen = runMutations(seed, Number(values['per-command']));
console.log(`seed ${seed}`);
console.log(describe('programs', seen.filter(hidesProgram), seen, Number(values.show)));
console.log(describe('arguments', seen.filter(hidesArguments), seen, Number(values.show)));
