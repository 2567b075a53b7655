import { isStricter, type Action, type ApprovalTerms, type Exemption, type RuleRef } from '../decision.ts';
import type { RateUsage, Request } from '../request.ts';
import type { ExemptionRule, Matcher, PolicyDocument, Rule, RuleCondition } from './document.ts';
import { partsOf } from './parts.ts';
import { modeOf, type PolicyFile } from './policy-set.ts';
import type { Subject } from './subject.ts';

/** One thing that one rule, one default or one broken file says about a call. */
export interface Finding {
  readonly ref: RuleRef;
  readonly reason: string;
  readonly terms: Partial<ApprovalTerms>;
  readonly autoApprove: boolean;
  readonly counted?: string;
  readonly redact: readonly string[];
}

/** What became of one rule: a finding, or why it does not apply. */
export type RuleResult = { readonly rule: Rule; readonly finding: Finding } | { readonly rule: Rule; readonly passed: string };

export interface DocumentResult {
  readonly file: PolicyFile;
  readonly document: PolicyDocument;
  readonly rules: readonly RuleResult[];
  /** What the default says, where no rule matched. */
  readonly fallback?: Finding;
}

export type GrantedExemption = (file: PolicyFile, document: { readonly name: string }, rule: string) => Exemption | undefined;

export interface Context {
  readonly file: PolicyFile;
  readonly document: PolicyDocument;
  readonly subject: Subject;
  readonly usage: RateUsage;
  readonly exemption: GrantedExemption;
}

/** What a document says about a call, or `undefined` when the call is not in its scope. */
export function judge(context: Context): DocumentResult | undefined {
  const { file, document, subject } = context;
  if (!document.scope.every((matcher) => matcher.matches(subject))) return undefined;
  const rules = document.rules.map((rule) => judgeRule(rule, context));
  const matched = rules.some((result) => 'finding' in result);
  if (matched || document.defaultAction === 'abstain') return { file, document, rules };
  return { file, document, rules, fallback: fallbackOf(context, document.defaultAction) };
}

/** What a file that cannot be used says: the calls that its layer covers do not run. */
export function brokenFile(file: PolicyFile): Finding {
  const [problem] = file.problems;
  const where = problem === undefined ? file.path : `${problem.file}:${problem.position.line}:${problem.position.column}`;
  const more = file.problems.length > 1 ? ` (and ${file.problems.length - 1} more)` : '';
  return {
    ref: {
      policy: file.path,
      rule: '(error)',
      layer: file.layer,
      digest: file.digest,
      action: 'deny',
      mode: modeOf(file, { mode: 'enforce' }),
    },
    reason: `The policy file cannot be used, so every call it covers is denied: ${where}: ${problem?.message ?? 'unknown problem'}${more}. Fix the file.`,
    terms: {},
    autoApprove: false,
    redact: [],
  };
}

/** What one rule says, whatever the scope of its document. */
export function judgeRule(rule: Rule, context: Context): RuleResult {
  const { subject } = context;
  const failed = rule.matchers.find((matcher) => !matcher.matches(subject));
  if (failed !== undefined) return { rule, passed: unmatched[failed.field] };
  const conditions = judgeConditions(rule, context);
  if (conditions.kind === 'passed') return { rule, passed: conditions.why };
  if (conditions.kind === 'fault') return { rule, finding: findingOf(rule, context, 'deny', conditions.why) };
  return { rule, finding: limited(rule, context) };
}

/** Said of nearly every rule of every call. */
const unmatched: Readonly<Record<Matcher['field'], string>> = {
  agent: '"agent" does not match',
  mcpServer: '"mcpServer" does not match',
  tools: '"tools" does not match',
  commands: '"commands" does not match',
  paths: '"paths" does not match',
  domains: '"domains" does not match',
};

type Conditions =
  | { readonly kind: 'held' }
  | { readonly kind: 'passed'; readonly why: string }
  | { readonly kind: 'fault'; readonly why: string };

/**
 * Conditions combine as `&&` does in CEL: one that is false decides, whatever the others do, so that their order does
 * not matter and one may guard another. Otherwise one that cannot be evaluated makes the rule match, with `deny`.
 */
function judgeConditions(rule: Rule, context: Context): Conditions {
  let fault: string | undefined;
  for (const condition of rule.conditions) {
    const result = condition.condition.evaluate(context.subject);
    if (result.kind === 'false') return { kind: 'passed', why: `the condition ${quoted(condition)} is false` };
    if (result.kind === 'fault') fault ??= faultReason(rule, condition, context, result.message);
  }
  for (const condition of rule.unless) {
    const result = condition.condition.evaluate(context.subject);
    if (result.kind === 'true') return { kind: 'passed', why: `"unless" ${quoted(condition)} is true` };
    if (result.kind === 'fault') fault ??= faultReason(rule, condition, context, result.message);
  }
  return fault === undefined ? { kind: 'held' } : { kind: 'fault', why: fault };
}

function faultReason(rule: Rule, condition: RuleCondition, { file }: Context, message: string): string {
  const { line, column } = condition.position;
  return `A condition of rule "${rule.name}" could not be evaluated, so the call is denied: ${quoted(condition)} at ${file.path}:${line}:${column}: ${message}.`;
}

/** Said of nearly every rule of every call: each expression is shortened once. */
const shortened = new WeakMap<RuleCondition, string>();

function quoted(rule: RuleCondition): string {
  const known = shortened.get(rule) ?? shorten(rule.condition.expression);
  shortened.set(rule, known);
  return known;
}

function shorten(expression: string): string {
  const text = expression.replaceAll(/\s+/g, ' ').trim();
  return `\`${text.length > 120 ? `${text.slice(0, 119)}…` : text}\``;
}

function limited(rule: Rule, context: Context): Finding {
  const { rateLimit } = rule;
  if (rateLimit === undefined) return findingOf(rule, context, rule.action, ownReason(rule, context, rule.action));
  const { file, document, subject, usage } = context;
  const key = `${file.layer}/${document.name}/${rule.name}/${subject.request.call.session.id}`;
  if (usage.count(key, rateLimit.perMs) < rateLimit.calls)
    return { ...findingOf(rule, context, rule.action, ownReason(rule, context, rule.action)), counted: key };
  // A limit tightens: past it, the rule never says less than it does within it.
  const action = isStricter(rule.action, rule.onLimit) ? rule.action : rule.onLimit;
  const over = `Rule "${rule.name}" of policy "${document.name}" allows ${rateLimit.calls} calls per ${rateLimit.per} in a session, and they are used up.`;
  return findingOf(rule, context, action, rule.message === undefined ? over : `${over} ${rule.message}`);
}

function ownReason(rule: Rule, { document }: Context, action: Action): string {
  return rule.message ?? reasonFor(action, `rule "${rule.name}" of policy "${document.name}"`);
}

function reasonFor(action: Action, who: string): string {
  switch (action) {
    case 'deny':
      return `Denied by ${who}.`;
    case 'require_approval':
      return `A person has to approve this: ${who}.`;
    case 'allow':
      return `Allowed by ${who}.`;
    case 'abstain':
      return '';
  }
}

function findingOf(rule: Rule, { file, document, subject, exemption }: Context, action: Action, reason: string): Finding {
  const granted = exemption(file, document, rule.name);
  const parts = action === 'deny' || action === 'require_approval' ? partsOf(rule, subject) : [];
  return {
    ref: {
      policy: document.name,
      rule: rule.name,
      layer: file.layer,
      digest: file.digest,
      action,
      mode: modeOf(file, document),
      ...(rule.message === undefined ? {} : { message: rule.message }),
      ...(granted === undefined ? {} : { exemption: granted }),
      ...(parts.length === 0 ? {} : { parts }),
    },
    reason,
    terms: rule.approval,
    // What a workspace brings can make an agent freer only after a person has accepted it.
    autoApprove: rule.autoApprove && action === 'allow' && file.trusted,
    redact: rule.redact,
  };
}

function fallbackOf({ file, document, exemption }: Context, action: Action): Finding {
  const granted = exemption(file, document, '(default)');
  const reason =
    action === 'deny'
      ? `No rule of policy "${document.name}" allows this call, and it denies what it does not allow.`
      : reasonFor(action, `the default of policy "${document.name}"`);
  return {
    ref: {
      policy: document.name,
      rule: '(default)',
      layer: file.layer,
      digest: file.digest,
      action,
      mode: modeOf(file, document),
      ...(granted === undefined ? {} : { exemption: granted }),
    },
    reason,
    terms: {},
    autoApprove: false,
    redact: [],
  };
}

/** The exemptions in force at the time of a call. They reach their own layer and those inside it, and never self-protection. */
export function exemptionsAt(files: readonly PolicyFile[], request: Pick<Request, 'time'>): GrantedExemption {
  const granted = files.flatMap((file) =>
    file.problems.length > 0 || (file.layer !== 'organisation' && file.layer !== 'user')
      ? []
      : file.documents
          .filter((document) => document.mode === 'enforce')
          .flatMap((document) => document.exempt.map((exemption) => ({ file, document, exemption }))),
  );
  const inForce = granted.filter(({ exemption }) => exemption.endsAt === undefined || request.time.getTime() < exemption.endsAt);
  if (inForce.length === 0) return () => undefined;
  return (file, document, rule) => {
    if (file.layer === 'built-in' && document.name === 'self-protection') return undefined;
    const reaching = inForce.filter(
      (grant) =>
        !(grant.file.layer === 'user' && file.layer === 'organisation') &&
        grant.exemption.matchesPolicy(document.name) &&
        grant.exemption.matchesRule(rule),
    );
    const found = reaching.length > 1 ? reaching.toSorted(byGrant)[0] : reaching[0];
    if (found === undefined) return undefined;
    const { exemption } = found;
    return {
      rule: exemption.rule,
      reason: exemption.reason,
      ...(exemption.until === undefined ? {} : { until: exemption.until }),
      grantedBy: found.document.name,
    };
  };
}

interface Grant {
  readonly file: PolicyFile;
  readonly document: PolicyDocument;
  readonly exemption: ExemptionRule;
}

/** Where several would do, the same one is named whatever the order in which they were read: the organisation's before the user's. */
function byGrant(a: Grant, b: Grant): number {
  const [one, other] = [a, b].map(({ file, document, exemption: { rule, reason, until = '' } }) =>
    JSON.stringify([file.layer, document.name, rule, reason, until]),
  );
  return one === other ? 0 : (one ?? '') < (other ?? '') ? -1 : 1;
}
