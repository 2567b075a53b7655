import type { Decision, Layer, Mode } from '../decision.ts';
import type { RateUsage, Request } from '../request.ts';
import { brokenFile, exemptionsAt, judgeRule, type Context } from './judge.ts';
import { combine, faultDecision, findingsOf, judgeAll } from './decide.ts';
import type { Matcher, Rule, RuleCondition } from './document.ts';
import { modeOf, type PolicySet } from './policy-set.ts';
import { Subject } from './subject.ts';

/** One thing that a rule or a document asks of a call. */
export interface Step {
  readonly field: Matcher['field'] | 'conditions' | 'unless' | 'detect' | 'source' | 'signedBy' | 'scans';
  /** What the policy says there, on one line. */
  readonly wants: string;
  /** `fault`: the condition could not be evaluated, which makes a rule match, with `deny`. */
  readonly result: 'holds' | 'fails' | 'fault';
  readonly note?: string;
}

export interface RuleSteps {
  readonly rule: string;
  /** What the rule says; where it matched, what it said to this call. */
  readonly action: Decision['action'];
  readonly matched: boolean;
  readonly why: string;
  readonly exempted?: string;
  readonly steps: readonly Step[];
  /** Counted from 1. */
  readonly line: number;
}

export interface DocumentSteps {
  readonly policy: string;
  readonly file: string;
  readonly layer: Layer;
  readonly mode: Mode;
  /** Whether the document is about the call at all, and what of its scope says so. */
  readonly inScope: boolean;
  readonly scope: readonly Step[];
  readonly rules: readonly RuleSteps[];
  /** What the document's default said, where none of its rules matched. */
  readonly byDefault?: Decision['action'];
}

/** What a policy sees of a call. The texts are the agent's. */
export interface SeenOfCall {
  readonly tools: readonly string[];
  /** Each simple command, after unwrapping; a part that is not known before it runs is `…`. */
  readonly commands: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly domains: readonly string[];
  /** What of the command is only known when it runs. */
  readonly unknown: readonly string[];
}

export interface Explained {
  readonly decision: Decision;
  readonly call: SeenOfCall;
  /** Files that cannot be used, each with its reason; they deny what their layer covers. */
  readonly broken: readonly { readonly file: string; readonly why: string }[];
  readonly documents: readonly DocumentSteps[];
}

/** The decision, and every document and rule, matcher by matcher. Slower than deciding: for people who look. Never throws. */
export function explainSteps(set: PolicySet, request: Request, usage: RateUsage): Explained {
  const nothing: SeenOfCall = { tools: [], commands: [], reads: [], writes: [], domains: [], unknown: [] };
  try {
    const subject = new Subject(request);
    const exemption = exemptionsAt(set.files, request);
    const usable = set.files.filter(({ problems }) => problems.length === 0);
    return {
      decision: combine(findingsOf(judgeAll(set, request, usage))),
      call: seenOf(subject),
      broken: set.files.filter(({ problems }) => problems.length > 0).map((file) => ({ file: file.path, why: brokenFile(file).reason })),
      documents: usable.flatMap((file) => file.documents.map((document) => documentSteps({ file, document, subject, usage, exemption }))),
    };
  } catch (cause) {
    return { decision: faultDecision(cause), call: nothing, broken: [], documents: [] };
  }
}

function documentSteps(context: Context): DocumentSteps {
  const { file, document, subject } = context;
  const scope = document.scope.map((matcher) => matcherStep(matcher, listText(matcher.wants), subject));
  const inScope = scope.every(({ result }) => result === 'holds');
  const rules = inScope ? document.rules.map((rule) => ruleSteps(rule, context)) : [];
  const silent = inScope && document.defaultAction !== 'abstain' && rules.every(({ matched }) => !matched);
  return {
    policy: document.name,
    file: file.path,
    layer: file.layer,
    mode: modeOf(file, document),
    inScope,
    scope,
    rules,
    ...(silent ? { byDefault: document.defaultAction } : {}),
  };
}

function ruleSteps(rule: Rule, context: Context): RuleSteps {
  const { subject } = context;
  const result = judgeRule(rule, context);
  const finding = 'finding' in result ? result.finding : undefined;
  return {
    rule: rule.name,
    action: finding?.ref.action ?? rule.action,
    matched: finding !== undefined,
    why: 'finding' in result ? result.finding.reason : result.passed,
    ...(finding?.ref.exemption === undefined ? {} : { exempted: finding.ref.exemption.reason }),
    steps: [
      ...rule.matchers.map((matcher) => matcherStep(matcher, ruleText(rule, matcher), subject)),
      ...rule.conditions.map((condition) => conditionStep('conditions', condition, subject)),
      ...rule.unless.map((condition) => conditionStep('unless', condition, subject)),
    ],
    line: rule.position.line,
  };
}

function matcherStep(matcher: Matcher, wants: string, subject: Subject): Step {
  return { field: matcher.field, wants, result: matcher.matches(subject) ? 'holds' : 'fails' };
}

/** A condition under `unless` holds where its expression is false. */
function conditionStep(field: 'conditions' | 'unless', { condition }: RuleCondition, subject: Subject): Step {
  const evaluated = condition.evaluate(subject);
  const wanted = field === 'conditions' ? 'true' : 'false';
  return {
    field,
    wants: oneLine(condition.expression),
    result: evaluated.kind === 'fault' ? 'fault' : evaluated.kind === wanted ? 'holds' : 'fails',
    ...(evaluated.kind === 'fault' ? { note: evaluated.message } : {}),
  };
}

function ruleText({ source }: Rule, { field }: Matcher): string {
  if (field === 'agent' || field === 'mcpServer') return '';
  return listText(source[field]);
}

function listText(value: unknown): string {
  if (typeof value === 'string') return oneLine(value);
  if (Array.isArray(value)) return oneLine(value.join(', '));
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, inner]) => `${key}: ${listText(inner)}`)
    .join('; ');
}

function oneLine(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  return plain.length > 300 ? `${plain.slice(0, 299)}…` : plain;
}

function seenOf(subject: Subject): SeenOfCall {
  const { analysis, touched, request } = subject;
  const paths = (sure: readonly string[], given: readonly string[]): readonly string[] => [...new Set([...given, ...sure])];
  return {
    tools: [...new Set(subject.toolNames)],
    commands: analysis.invocations.map(({ program = '…', args }) =>
      [program, ...args.map((arg) => (typeof arg === 'string' ? arg : '…'))].join(' '),
    ),
    reads: paths(touched.surelyRead, request.paths.read),
    writes: paths(touched.surelyWritten, request.paths.write),
    domains: subject.domains,
    unknown: analysis.unknown.map(({ reason }) => reason),
  };
}
