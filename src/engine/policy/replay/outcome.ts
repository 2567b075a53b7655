import * as z from 'zod/mini';
import type { Action, Decision, Mode, RuleRef } from '../../decision.ts';
import { isStricter } from '../../decision.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import type { Facts } from '../../audit/facts.ts';
import type { Doubt } from './world.ts';

/** What policies say about a call. */
export interface Said {
  readonly action: Action;
  /** `observe`: recorded, and the call is not kept from running. */
  readonly mode: Mode;
  /** Whether the agent's own prompt is skipped; left out: that is not known. */
  readonly autoApprove?: boolean;
  readonly rules: readonly RuleRef[];
}

/** A recorded call, and what became of it twice. */
export interface ReplayedCall {
  readonly seq: number;
  readonly entry: AuditEntry;
  readonly was: Said;
  readonly now: Said & { readonly reason: string };
  /** `unsure`: what the call said is not all in the log, so nobody can tell. */
  readonly outcome: 'same' | 'changed' | 'unsure';
  readonly doubts: readonly Doubt[];
}

const actions: readonly Action[] = ['allow', 'deny', 'require_approval', 'abstain'];

/** What policies and guardrails said then: before any person answered, and without what budgets said. */
export function saidThen(entry: AuditEntry, facts: Facts | undefined): Said {
  const { detail, rules = [], action = 'abstain', mode = 'enforce' } = entry;
  const decided = actions.find((one) => one === (facts?.policies?.action ?? detail?.['decided'])) ?? action;
  const said = facts?.policies === undefined ? mode : facts.policies.mode === 'observe' ? 'observe' : 'enforce';
  const both = heardTogether({ action: decided, mode: said }, guardedThen(entry));
  return { ...both, rules, ...(facts === undefined ? {} : { autoApprove: facts.autoApprove === true }) };
}

type Heard = Pick<Said, 'action' | 'mode'>;

function heardTogether(policies: Heard, guardrails: Heard): Heard {
  if (policies.mode === guardrails.mode) return isStricter(guardrails.action, policies.action) ? guardrails : policies;
  const [enforced, observed] = policies.mode === 'enforce' ? [policies, guardrails] : [guardrails, policies];
  return enforced.action === 'abstain' ? observed : enforced;
}

/** By what was done because of what they found, and by what those said that only watch. */
function guardedThen({ detail, observed = [] }: AuditEntry): Heard {
  const found = findings.safeParse(detail?.['findings']).data ?? [];
  const effects = new Set(found.map(({ effect }) => effect));
  if (effects.has('refuse') || effects.has('ask')) return { action: effects.has('refuse') ? 'deny' : 'require_approval', mode: 'enforce' };
  const rules = new Set(found.map(({ rule }) => rule));
  const watching = observed.filter(
    ({ policy, rule, mode, exemption }) => mode === 'observe' && exemption === undefined && rules.has(`${policy}/${rule}`),
  );
  const action = watching.reduce<Action>((most, one) => (isStricter(one.action, most) ? one.action : most), 'abstain');
  return { action, mode: action === 'abstain' ? 'enforce' : 'observe' };
}

const findings = z.array(z.object({ rule: z.string(), effect: z.string() }));

export function saidNow({ action, mode, autoApprove, rules, reason }: Decision): ReplayedCall['now'] {
  return { action, mode, autoApprove, rules, reason };
}

export function outcomeOf(was: Said, now: Said, doubts: ReadonlySet<Doubt>): ReplayedCall['outcome'] {
  if (doubts.has('masked')) return 'unsure';
  return wordsOf(was, now) === wordsOf(now, was) ? 'same' : 'changed';
}

/** `deny`, `deny (observed)`, `allow (no prompt)`: the last only where both are known to skip it or not. */
function wordsOf(one: Said, other: Said): string {
  const isKnown = one.autoApprove !== undefined && other.autoApprove !== undefined;
  return saidText(isKnown ? one : { action: one.action, mode: one.mode });
}

export function saidText({ action, mode, autoApprove }: Pick<Said, 'action' | 'mode' | 'autoApprove'>): string {
  if (mode === 'observe') return `${action} (observed)`;
  return autoApprove === true ? `${action} (no prompt)` : action;
}

/** The rule that makes the difference: one that speaks now, or one that spoke then and does not any more. */
export function ruleBehind({ was, now }: Pick<ReplayedCall, 'was' | 'now'>): { readonly rule: string; readonly speaks: boolean } {
  const isFreer = isStricter(effectOf(was), effectOf(now));
  const [first, second] = isFreer ? [was.rules[0], now.rules[0]] : [now.rules[0], was.rules[0]];
  const ref = first ?? second;
  return { rule: ref === undefined ? '' : `${ref.policy}/${ref.rule}`, speaks: isFreer === (first === undefined) };
}

/** Whether the call is stopped, asked about or let through in the end. */
export function effectOf({ action, mode }: Pick<Said, 'action' | 'mode'>): Action {
  return mode === 'observe' ? 'abstain' : action;
}
