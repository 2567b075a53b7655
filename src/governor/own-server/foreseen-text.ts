import type { Action, Decision, RuleRef } from '../../engine/decision.ts';
import { isEnforced as isWatchEnforced } from '../../engine/guardrail/policy/watches.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { OpenReview } from '../guard/review.ts';
import { budgetLine } from './budget-line.ts';
import type { Foreseen } from './judge.ts';

const verdicts: Readonly<Record<Action, string>> = {
  allow: 'It is allowed',
  abstain: 'No policy speaks against it',
  deny: 'It is denied',
  require_approval: 'A person is asked before it runs',
};

export function isEnforced({ action, mode }: Decision, wanted: Action): boolean {
  return mode === 'enforce' && action === wanted;
}

/** `It is denied: Open a pull request.` */
export function verdictLine({ decision, open }: Foreseen): string {
  const { action, reason, mode } = decision;
  const isOpen = !isEnforced(decision, 'deny') && open.some(({ watch }) => isWatchEnforced(watch));
  const verdict = `${verdicts[action]}${mode === 'observe' ? ' (this is only recorded, so it runs)' : ''}`;
  return `${verdict}${isOpen ? ', unless a review says otherwise' : ''}${reason === '' ? '.' : `: ${visibleText(reason)}`}`;
}

/** By which rules, what a model is asked before, and how its budgets stand. */
export function foreseenLines({ decision, budgets, budgetsUntold, open }: Foreseen): readonly string[] {
  const standings = budgets?.standings ?? [];
  return [
    ...decision.rules.map((rule) => ruleLine(rule, decision.reason)),
    ...(open.length === 0 ? [] : ['A model is shown its arguments and asked first:', ...open.map(reviewLine)]),
    ...(standings.length === 0 ? [] : ['Budgets that it is held against:', ...standings.map(budgetLine)]),
    ...(budgetsUntold ? ['What budgets say is not told: which session asks is not known.'] : []),
  ];
}

export function ruleLine({ policy, rule, layer, message }: RuleRef, said: string): string {
  const more = message === undefined || said.includes(message) ? '' : `: ${visibleText(message)}`;
  return `- ${policy}/${rule} (${layer})${more}`;
}

const becomes = {
  deny: 'it is denied',
  require_approval: 'a person is asked',
  alert: 'it is only recorded',
  redact: 'it is denied',
} as const;

function reviewLine({ watch, model }: OpenReview): string {
  const { document, detection, file } = watch;
  const { timeoutMs, onError } = detection.review;
  const only = isWatchEnforced(watch) ? '' : '; all of it is only recorded';
  const what = `if it says yes, ${becomes[detection.action]}; without an answer within ${timeoutMs} ms, ${becomes[onError]}`;
  return `- ${document.name}/${detection.name} (${file.layer}) asks ${visibleText(model)}: ${what}${only}`;
}
