import * as z from 'zod/mini';
import type { Action, Decision } from '../decision.ts';
import type { RateUsage } from '../request.ts';
import { decideGuarded, unknownFingerprint } from '../guardrail/policy/judge-call.ts';
import { runGuardrailTests } from '../guardrail/policy/run-tests.ts';
import type { PolicyDocument, Rule, RuleTest } from './document.ts';
import { judgeRule } from './judge.ts';
import type { PolicyFile, PolicyProblem, PolicySet, Position } from './policy-set.ts';
import { described, optional } from './schema-parts.ts';
import { testCall } from './schema.ts';
import { Subject } from './subject.ts';
import { testRequest } from './test-request.ts';
import { readYaml } from './yaml-source.ts';
import { shapeProblems } from './zod-problems.ts';

/** What became of a test of a policy. */
export interface PolicyTestResult {
  /** `policy/rule: git push --force` or the name from a test file. */
  readonly name: string;
  readonly file: string;
  readonly position: Position;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  readonly why: string;
}

const unused: RateUsage = { count: () => 0 };

/**
 * Runs the tests that stand beside the rules of a file, and in its guardrails. Each asks its own rule or guardrail only, whatever agent
 * the document is about.
 */
export function runPolicyTests(file: PolicyFile): readonly PolicyTestResult[] {
  const ofRules = file.documents.flatMap((document) =>
    document.rules.flatMap((rule) => rule.tests.map((test) => runRuleTest(file, document, rule, test))),
  );
  return [...ofRules, ...runGuardrailTests(file)];
}

function runRuleTest(file: PolicyFile, document: PolicyDocument, rule: Rule, test: RuleTest): PolicyTestResult {
  const { found, why } = attempt(() => {
    const subject = new Subject(testRequest(test.call));
    const result = judgeRule(rule, { file, document, subject, usage: unused, exemption: () => undefined });
    return 'finding' in result ? { found: result.finding.ref.action, why: result.finding.reason } : { found: 'pass', why: result.passed };
  });
  const name = `${document.name}/${rule.name}: ${typeof test.call === 'string' ? test.call : JSON.stringify(test.call)}`;
  return { name, file: file.path, position: test.position, passed: found === test.expect, expected: test.expect, found, why };
}

const action = z.enum(['allow', 'deny', 'require_approval', 'abstain']);

/** What a `*.test.yaml` file holds. */
export const policyTestCases = z.array(
  z.strictObject({
    name: described(z.string().check(z.minLength(1)), 'What the case is about.'),
    call: described(z.union([z.string(), testCall]), 'A command, or a call in full.'),
    expect: described(
      z.strictObject({
        action: described(z.clone(action), 'What all policies together have to say.'),
        rule: optional(z.string(), 'A rule that has to be among those that lead to it, as "rule" or "policy/rule".'),
      }),
      'What has to come of it.',
    ),
  }),
);

export interface PolicyTestCase {
  readonly name: string;
  readonly call: string | z.infer<typeof testCall>;
  readonly expect: { readonly action: Action; readonly rule?: string | undefined };
  readonly position: Position;
}

/** A `*.test.yaml` file: its cases, or what is wrong with it. */
export interface PolicyTestFile {
  readonly path: string;
  readonly cases: readonly PolicyTestCase[];
  readonly problems: readonly PolicyProblem[];
}

/** Reads a `*.test.yaml` file. Never throws. */
export function parsePolicyTestFile({ path, source }: { readonly path: string; readonly source: string }): PolicyTestFile {
  const yaml = readYaml(source);
  const problems = yaml.problems.map((problem): PolicyProblem => ({ file: path, ...problem, inSchema: true }));
  const cases: PolicyTestCase[] = [];
  for (const document of yaml.documents) {
    const parsed = policyTestCases.safeParse(document.value);
    if (parsed.success) cases.push(...parsed.data.map((one, index) => ({ ...one, position: document.where([index, 'name']) })));
    else
      problems.push(
        ...shapeProblems(policyTestCases, document.value, parsed.error.issues).map((problem) => ({
          file: path,
          position: problem.atKey ? document.whereKey(problem.path) : document.where(problem.path),
          message: problem.message,
          ...(problem.inSchema ? { inSchema: true } : {}),
        })),
      );
  }
  return { path, cases: problems.length > 0 ? [] : cases, problems };
}

/** Runs the cases of a test file against a set of policies. A rule is named as `rule` or `policy/rule`. */
export function runPolicyTestFile(file: PolicyTestFile, set: PolicySet): readonly PolicyTestResult[] {
  return file.cases.map((one) => {
    const { decision, found, why } = decideCase(one, set);
    const rule = one.expect.rule;
    const rightRule =
      rule === undefined || (decision?.rules ?? []).some((ref) => ref.rule === rule || `${ref.policy}/${ref.rule}` === rule);
    const expected = rule === undefined ? one.expect.action : `${one.expect.action} by ${rule}`;
    return {
      name: one.name,
      file: file.path,
      position: one.position,
      passed: decision?.action === one.expect.action && rightRule,
      expected,
      found,
      why,
    };
  });
}

function decideCase(one: PolicyTestCase, set: PolicySet): { readonly decision?: Decision; readonly found: string; readonly why: string } {
  try {
    const decision = decideGuarded(set, testRequest(one.call), unused, unknownFingerprint);
    const by = decision.rules.map((ref) => `${ref.policy}/${ref.rule}`).join(', ');
    return { decision, found: by === '' ? decision.action : `${decision.action} by ${by}`, why: decision.reason };
  } catch (cause) {
    return { found: 'error', why: cause instanceof Error ? cause.message : String(cause) };
  }
}

function attempt(run: () => { readonly found: string; readonly why: string }): { readonly found: string; readonly why: string } {
  try {
    return run();
  } catch (cause) {
    return { found: 'error', why: cause instanceof Error ? cause.message : String(cause) };
  }
}
