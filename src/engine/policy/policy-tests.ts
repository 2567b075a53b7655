import type { Decision } from '../decision.ts';
import type { RateUsage } from '../request.ts';
import { decideGuarded, unknownFingerprint } from '../guardrail/policy/judge-call.ts';
import { decideStart } from '../artifact/decide-start.ts';
import { runArtifactTests } from '../artifact/run-tests.ts';
import { testStart } from '../artifact/test-start.ts';
import { runGuardrailTests } from '../guardrail/policy/run-tests.ts';
import type { PolicyDocument, Rule, RuleTest } from './document.ts';
import { judgeRule } from './judge.ts';
import type { PolicyFile, PolicySet, Position } from './policy-set.ts';
import type { PolicyTestCase, PolicyTestFile } from './policy-test-file.ts';
import { Subject } from './subject.ts';
import { testRequest } from './test-request.ts';

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
 * Runs the tests that stand beside the rules of a file, in its guardrails, and in its policies about servers. Each asks its own rule,
 * guardrail or policy only, whatever agent the document is about.
 */
export function runPolicyTests(file: PolicyFile): readonly PolicyTestResult[] {
  const ofRules = file.documents.flatMap((document) =>
    document.rules.flatMap((rule) => rule.tests.map((test) => runRuleTest(file, document, rule, test))),
  );
  return [...ofRules, ...runGuardrailTests(file), ...runArtifactTests(file)];
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
    const decision = decisionOn(one, set);
    const by = decision.rules.map((ref) => `${ref.policy}/${ref.rule}`).join(', ');
    return { decision, found: by === '' ? decision.action : `${decision.action} by ${by}`, why: decision.reason };
  } catch (cause) {
    return { found: 'error', why: cause instanceof Error ? cause.message : String(cause) };
  }
}

function decisionOn({ call = '', start }: PolicyTestCase, set: PolicySet): Decision {
  if (start === undefined) return decideGuarded(set, testRequest(call), unused, unknownFingerprint);
  const tested = testStart(
    start,
    set.files.flatMap(({ artifacts }) => artifacts.flatMap(({ servers }) => servers)),
  );
  return decideStart(set, tested.start, tested.request);
}

function attempt(run: () => { readonly found: string; readonly why: string }): { readonly found: string; readonly why: string } {
  try {
    return run();
  } catch (cause) {
    return { found: 'error', why: cause instanceof Error ? cause.message : String(cause) };
  }
}
