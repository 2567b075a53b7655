import { parsePolicyFile } from '../../engine/policy/parse-file.ts';
import { parsePolicyTestFile } from '../../engine/policy/policy-test-file.ts';
import type { PolicyFile, PolicyProblem } from '../../engine/policy/policy-set.ts';
import {
  outcomesOfPolicy,
  outcomesOfTestFile,
  type TestGroup,
  type TestOutcome,
  testsOfPolicy,
  testsOfTestFile,
} from '../../engine/policy/test-list.ts';
import { placeForRule } from '../../engine/policy/rule-place.ts';
import { rulePlaces } from '../../engine/policy/rule-line.ts';
import { packNames, shippedPolicies } from '../../storage/shipped-policies.ts';
import type { PolicyText } from './policy-text.ts';

// What the window needs of the engine, for policy files: a bundle of its own, see load-policy-desk.ts.

export { packsAtHand, rulesAlwaysOn, withPack } from './packs-at-hand.ts';
export const rulesIn = rulePlaces;
export const placeFor = placeForRule;

export interface TestsInFile {
  readonly groups: readonly TestGroup[];
  /** With a problem, a file has no tests: nothing of it is ever half used. */
  readonly problem: PolicyProblem | undefined;
}

/** The tests of a policy or of a test file. Never throws. */
export function testsIn(text: PolicyText): TestsInFile {
  const file = isTestFile(text.path) ? parsePolicyTestFile(text) : policyIn(text);
  return { groups: 'cases' in file ? testsOfTestFile(file) : testsOfPolicy(file), problem: file.problems[0] };
}

/** Runs them all. `beside` are the files of the same folder, which a test file asks. Never throws. */
export function outcomesIn(text: PolicyText, beside: readonly PolicyText[]): readonly TestOutcome[] {
  if (!isTestFile(text.path)) return outcomesOfPolicy(policyIn(text));
  const policies = beside.filter(({ path }) => !isTestFile(path)).map(policyIn);
  return outcomesOfTestFile(parsePolicyTestFile(text), policies);
}

/** As `countersign policy test` takes it: trusted, so that what it would say can be seen. */
function policyIn(text: PolicyText): PolicyFile {
  return parsePolicyFile({ ...text, trusted: true, packs: packNames(shippedPolicies()) });
}

function isTestFile(path: string): boolean {
  return /\.test\.ya?ml$/i.test(path);
}
