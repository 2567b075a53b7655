import type { Decision } from '../../engine/decision.ts';
import { hasBudgets } from '../../engine/budget/held.ts';
import { explainStepsGuarded } from '../../engine/guardrail/policy/explain-call.ts';
import type { PolicySet } from '../../engine/policy/policy-set.ts';
import type { Explained } from '../../engine/policy/steps.ts';
import { together } from '../../engine/policy/together.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { foreseeBudgets, type ForeseenBudgets } from '../budget/foresee.ts';
import { gather, rateUsageOf } from '../enrich.ts';
import { guardInput } from '../guard/input.ts';
import { foreseeReviews, noReview, type OpenReview, type Review } from '../guard/review.ts';
import type { Office } from '../office.ts';
import type { SessionRecord } from '../ports.ts';

/** What policies and guardrails say to a call that was not made: nothing is counted, recorded or sent to a model. */
export function wouldDecide(office: Office, call: ToolCall, session: SessionRecord): Decision {
  return judged(office, office.ports.policies.inForce(call.cwd), call, session, false);
}

/** What would become of a call. */
export interface Foreseen {
  readonly decision: Decision;
  /** Left out where there are none, or nobody knows whose they would be. */
  readonly budgets?: ForeseenBudgets;
  /** There are budgets, and the session that they would be held against is not known. */
  readonly budgetsUntold: boolean;
  /** What only a model could say. */
  readonly open: readonly OpenReview[];
}

/** The same with budgets, and with what is known of reviews. */
export async function foresee(office: Office, call: ToolCall, session: SessionRecord | undefined): Promise<Foreseen> {
  const set = office.ports.policies.inForce(call.cwd);
  const budgets = session === undefined ? undefined : await foreseeBudgets(office, set, call);
  const { review, open } = foreseeReviews(office, set, call);
  return {
    decision: judged(office, set, call, session ?? someSession(office, call), true, { review, budgets }),
    ...(budgets && { budgets }),
    budgetsUntold: session === undefined && hasBudgets(set),
    open,
  };
}

/** Why, rule by rule. */
export function wouldExplain({ ports, guards }: Office, call: ToolCall, session: SessionRecord): Explained {
  const { request } = gather(ports, call, session);
  return explainStepsGuarded(ports.policies.inForce(call.cwd), request, rateUsageOf(ports, request), guards.hashOf);
}

/** Of a call in no session that is known. */
export function someSession({ ports }: Office, { agent, session, cwd }: ToolCall): SessionRecord {
  const now = ports.clock.now();
  const { name } = agent;
  return { agent: name, id: session.id, cwd, mode: '', interactive: false, startedAt: now, lastSeenAt: now, calls: 0, denials: 0 };
}

interface Besides {
  readonly review: Review;
  readonly budgets: ForeseenBudgets | undefined;
}

/** Put together as where a call is decided. */
function judged(
  office: Office,
  set: PolicySet,
  call: ToolCall,
  session: SessionRecord,
  canRewrite: boolean,
  { review, budgets }: Besides = { review: noReview, budgets: undefined },
): Decision {
  const { request } = gather(office.ports, call, session);
  const byPolicies = office.decide(set, request, rateUsageOf(office.ports, request));
  const decision = budgets === undefined ? byPolicies : together(byPolicies, budgets.decision);
  const guarded = guardInput(office, set, call, canRewrite, review);
  return guarded === undefined ? decision : { ...together(decision, guarded.decision), shown: guarded.shown };
}
