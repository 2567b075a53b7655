import { stricter, type Action, type ApprovalTerms, type Decision, type Layer, type RuleRef } from '../decision.ts';
import type { RateUsage, Request } from '../request.ts';
import { brokenFile, exemptionsAt, judge, type DocumentResult, type Finding } from './judge.ts';
import type { PolicySet } from './policy-set.ts';
import { Subject } from './subject.ts';

/** What every policy in force says about a call. Never throws: a fault is a `deny` with the fault as its reason. */
export function decide(set: PolicySet, request: Request, usage: RateUsage): Decision {
  try {
    return combine(findingsOf(judgeAll(set, request, usage)));
  } catch (cause) {
    return faultDecision(cause);
  }
}

/** Results of all documents in scope, and findings of files that cannot be used. */
export interface Judged {
  readonly broken: readonly Finding[];
  readonly results: readonly DocumentResult[];
}

export function judgeAll(set: PolicySet, request: Request, usage: RateUsage): Judged {
  const subject = new Subject(request);
  const exemption = exemptionsAt(set.files, request);
  const broken = set.files.filter((file) => file.problems.length > 0).map(brokenFile);
  const results = set.files.flatMap((file) =>
    file.problems.length > 0
      ? []
      : file.documents.map((document) => judge({ file, document, subject, usage, exemption })).filter((result) => result !== undefined),
  );
  return { broken, results };
}

export function findingsOf({ broken, results }: Judged): readonly Finding[] {
  const findings = [...broken];
  // Of hundreds of rules, nearly all are silent: no list for each of them.
  for (const { rules, fallback } of results) {
    for (const rule of rules) if ('finding' in rule) findings.push(rule.finding);
    if (fallback !== undefined) findings.push(fallback);
  }
  return findings;
}

/** The one decision that findings amount to: the strictest of those that count. Their order does not matter. */
export function combine(unsorted: readonly Finding[]): Decision {
  const findings = unsorted.toSorted(byPlace);
  const counting = findings.filter(({ ref }) => ref.mode === 'enforce' && ref.exemption === undefined);
  const observing = findings.filter(({ ref }) => ref.mode === 'observe' && ref.exemption === undefined);
  const spoke = (one: Finding): boolean => one.ref.action !== 'abstain';
  const mode = !counting.some(spoke) && observing.some(spoke) ? 'observe' : 'enforce';
  const deciding = mode === 'observe' ? observing : counting;
  const action = deciding.reduce<Action>((strictest, { ref }) => stricter(strictest, ref.action), 'abstain');
  const agreeing = deciding.filter(({ ref }) => ref.action === action);
  return {
    action,
    reason: reasonOf(agreeing),
    rules: agreeing.map(({ ref }) => ref),
    mode,
    autoApprove: mode === 'enforce' && action === 'allow' && agreeing.some((finding) => finding.autoApprove),
    ...(action === 'require_approval' ? { approval: strictestTerms(agreeing) } : {}),
    observed: findings.filter(({ ref }) => ref.mode === 'observe' || ref.exemption !== undefined).map(({ ref }) => ref),
    counted:
      mode === 'enforce' && action === 'deny' ? [] : unique(findings.flatMap(({ counted }) => (counted === undefined ? [] : [counted]))),
    redact: unique(findings.flatMap(({ redact }) => redact)),
  };
}

export function faultDecision(cause: unknown): Decision {
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    action: 'deny',
    reason: `The call could not be judged, so it is denied: ${message}.`,
    rules: [],
    mode: 'enforce',
    autoApprove: false,
    observed: [],
    counted: [],
    redact: [],
  };
}

const layerOrder: Record<Layer, number> = { organisation: 0, user: 1, workspace: 2, 'built-in': 3 };

/** Outermost layer first, then by name, so that the same policies always give the same text. */
function byPlace(a: Finding, b: Finding): number {
  return layerOrder[a.ref.layer] - layerOrder[b.ref.layer] || compare(nameOf(a.ref), nameOf(b.ref)) || compare(a.reason, b.reason);
}

function nameOf(ref: RuleRef): string {
  return `${ref.policy}/${ref.rule}/${ref.digest}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const maxReasons = 3;

function reasonOf(findings: readonly Finding[]): string {
  const reasons = unique(findings.map(({ reason }) => reason).filter((reason) => reason !== ''));
  const rest = reasons.length - maxReasons;
  return [...reasons.slice(0, maxReasons), ...(rest > 0 ? [`And ${rest} more rules say the same.`] : [])].join(' ');
}

const defaultTimeoutMs = 3_600_000;

function strictestTerms(findings: readonly Finding[]): ApprovalTerms {
  const terms = findings.map((finding) => finding.terms);
  return {
    timeoutMs: Math.min(...terms.map((one) => one.timeoutMs ?? defaultTimeoutMs)),
    onTimeout: terms.every((one) => one.onTimeout === 'abstain') ? 'abstain' : 'deny',
    approvers: unique(terms.flatMap((one) => one.approvers ?? [])),
    reason: terms.some((one) => one.reason === 'required') ? 'required' : 'optional',
  };
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
