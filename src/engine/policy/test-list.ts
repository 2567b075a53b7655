import { expectedStart, startLabel } from '../artifact/run-tests.ts';
import { expectedOf, testLabel } from '../guardrail/policy/run-tests.ts';
import type { PolicyFile, Position } from './policy-set.ts';
import { type PolicyTestFile } from './policy-test-file.ts';
import { runPolicyTestFile, runPolicyTests, type PolicyTestResult } from './policy-tests.ts';
import type { TestCall } from './schema.ts';

/** A test as a list shows it. */
export interface ListedTest {
  /** The same as long as its text is; unique within its group. */
  readonly id: string;
  readonly label: string;
  readonly expected: string;
  readonly position: Position;
}

/** A rule, a guardrail or a policy about servers with its tests, or all cases of a test file. */
export interface TestGroup {
  readonly id: string;
  readonly label: string;
  readonly position: Position;
  readonly tests: readonly ListedTest[];
}

/** What became of a test; `found` and `expected` are texts that can be held against each other, line by line. */
export interface TestOutcome {
  readonly group: string;
  readonly id: string;
  readonly passed: boolean;
  readonly message: string;
  readonly expected: string;
  readonly found: string;
}

/** The rules, guardrails and policies about servers of a file that have tests, in this order, each in that of the file. */
export function testsOfPolicy({ documents, guardrails, artifacts }: PolicyFile): readonly TestGroup[] {
  const ofRules = documents.flatMap((document) =>
    document.rules
      .filter(({ tests }) => tests.length > 0)
      .map((rule): TestGroup => {
        const tests = rule.tests.map(({ call, expect, position }) => ({ label: callLabel(call), expected: expect, position }));
        const name = `${document.name}/${rule.name}`;
        return { id: name, label: name, position: rule.position, tests: identified(tests) };
      }),
  );
  const hasTests = ({ tests }: { readonly tests: readonly unknown[] }): boolean => tests.length > 0;
  return [...ofRules, ...guardrails.filter(hasTests).map(ofGuardrail), ...artifacts.filter(hasTests).map(ofArtifacts)];
}

function ofArtifacts({ name, position, tests }: PolicyFile['artifacts'][number]): TestGroup {
  const listed = tests.map((test) => ({ label: startLabel(test), expected: expectedStart(test), position: test.position }));
  return { id: name, label: name, position, tests: identified(listed) };
}

function ofGuardrail({ name, position, tests }: PolicyFile['guardrails'][number]): TestGroup {
  const listed = tests.map((test) => ({ label: testLabel(test), expected: expectedOf(test), position: test.position }));
  return { id: name, label: name, position, tests: identified(listed) };
}

/** The cases of a test file, in one group without a name. */
export function testsOfTestFile({ cases }: PolicyTestFile): readonly TestGroup[] {
  const tests = cases.map(({ name, expect, position }) => ({ label: name, expected: expectedText(expect), position }));
  const [first] = tests;
  return first === undefined ? [] : [{ id: '', label: '', position: first.position, tests: identified(tests) }];
}

export function outcomesOfPolicy(file: PolicyFile): readonly TestOutcome[] {
  return outcomes(testsOfPolicy(file), runPolicyTests(file));
}

/** `beside`: the policies of the same folder, which `countersign policy test` asks, too. */
export function outcomesOfTestFile(file: PolicyTestFile, beside: readonly PolicyFile[]): readonly TestOutcome[] {
  return outcomes(testsOfTestFile(file), runPolicyTestFile(file, { files: beside }));
}

/** Both are in the same order: rule by rule, guardrail by guardrail, test by test. */
function outcomes(groups: readonly TestGroup[], results: readonly PolicyTestResult[]): readonly TestOutcome[] {
  const tests = groups.flatMap((group) => group.tests.map(({ id }) => ({ group: group.id, id })));
  return tests.flatMap(({ group, id }, index): readonly TestOutcome[] => {
    const result = results[index];
    if (result === undefined) return [];
    const { passed, expected, found, why } = result;
    const reason = why === '' ? '' : `\nbecause ${why}`;
    const message = `Expected ${expected}, found ${found}${why === '' ? '' : `: ${why}`}`;
    return [{ group, id, passed, message, expected: inLines(expected), found: `${inLines(found)}${reason}` }];
  });
}

/** `deny by team/no-force-push`: the action, and below it the rules, so that a difference shows which of both it is. */
function inLines(text: string): string {
  return text.replace(' by ', '\nby ');
}

function expectedText({ action, rule }: PolicyTestFile['cases'][number]['expect']): string {
  return rule === undefined ? action : `${action} by ${rule}`;
}

function callLabel(call: string | TestCall): string {
  if (typeof call === 'string') return call;
  const { command, ...rest } = call;
  if (command === undefined) return JSON.stringify(rest);
  return Object.keys(rest).length === 0 ? command : `${command} ${JSON.stringify(rest)}`;
}

/** The same test may stand there twice. */
function identified(tests: readonly Omit<ListedTest, 'id'>[]): readonly ListedTest[] {
  const seen = new Map<string, number>();
  return tests.map((test) => {
    const name = `${test.expected} ${test.label}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { ...test, id: count === 1 ? name : `${name} (${count})` };
  });
}
