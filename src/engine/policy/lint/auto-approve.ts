import type { RateUsage } from '../../request.ts';
import type { Rule, RuleTest } from '../document.ts';
import { judgeRule } from '../judge.ts';
import type { PolicyFile } from '../policy-set.ts';
import { Subject } from '../subject.ts';
import { testRequest } from '../test-request.ts';
import { finding, type LintedRule, type LintFinding } from './finding.ts';

/** A rule that answers the agent's prompt with yes where what we ship refuses or asks. */
export function destructiveApprovals(linted: LintedRule): readonly LintFinding[] {
  if (!linted.rule.autoApprove) return [];
  const met = linted.context.files
    .filter(({ layer }) => layer === 'built-in')
    .flatMap(dangersIn)
    .find(({ subject }) => approves(linted, subject));
  if (met === undefined) return [];
  const says = met.rule.action === 'deny' ? 'denies' : 'asks about';
  const message = `This approves by itself what "${met.policy}/${met.rule.name}" ${says}, such as ${nameOf(met.test)}; leave autoApprove out, or match less`;
  return [finding(linted, 'auto-approves-destructive', [...linted.path, 'autoApprove'], message)];
}

/** A call that a rule we ship is about: each has tests that say so. */
interface Danger {
  readonly policy: string;
  readonly rule: Rule;
  readonly test: RuleTest;
  readonly subject: Subject;
}

/** Hundreds of calls, whose commands are understood once. */
const known = new WeakMap<PolicyFile, readonly Danger[]>();

function dangersIn(file: PolicyFile): readonly Danger[] {
  const found = known.get(file) ?? readDangers(file);
  known.set(file, found);
  return found;
}

function readDangers({ documents }: PolicyFile): readonly Danger[] {
  return documents.flatMap(({ name, rules }) =>
    rules.flatMap((rule) =>
      rule.tests
        .filter(({ expect }) => expect === 'deny' || expect === 'require_approval')
        .map((test) => ({ policy: name, rule, test, subject: new Subject(testRequest(test.call)) })),
    ),
  );
}

const unused: RateUsage = { count: () => 0 };

function approves({ file, document, rule }: LintedRule, subject: Subject): boolean {
  if (!document.scope.every((matcher) => matcher.matches(subject))) return false;
  const result = judgeRule(rule, { file, document, subject, usage: unused, exemption: () => undefined });
  return 'finding' in result && result.finding.ref.action === 'allow';
}

function nameOf({ call }: RuleTest): string {
  return `"${typeof call === 'string' ? call : (call.command ?? JSON.stringify(call))}"`;
}
