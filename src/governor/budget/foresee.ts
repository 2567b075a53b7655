import { callDigest } from '../../engine/approval/digest.ts';
import { isEnforced } from '../../engine/budget/held.ts';
import type { BudgetStanding } from '../../engine/budget/standing.ts';
import type { Decision } from '../../engine/decision.ts';
import type { PolicySet } from '../../engine/policy/policy-set.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { Office } from '../office.ts';
import { limitSays, verdictOf, weigh } from './check.ts';
import { standingOf } from './standings.ts';
import { breakerLook } from './trips.ts';

export interface ForeseenBudgets {
  readonly decision: Decision;
  /** Of each limit that has a say in the call. */
  readonly standings: readonly BudgetStanding[];
}

/** What budgets would say to a call that was not made: nothing is counted, remembered or told. `undefined`: none is in force. */
export async function foreseeBudgets(office: Office, set: PolicySet, call: ToolCall): Promise<ForeseenBudgets | undefined> {
  const weighed = await weigh(office, set, call, false);
  if (weighed === undefined) return undefined;
  const { ports } = office;
  const { held, spent } = weighed;
  const agent = call.agent.name;
  const digest = callDigest(call);
  const said = [
    ...held.limits.map((limit) => limitSays(ports, limit, agent, spent.get(limit))),
    ...held.breakers.flatMap((breaker) => breakerLook(ports, breaker, agent, digest).said ?? []),
  ];
  return {
    decision: verdictOf(said, []).decision,
    standings: held.limits.filter(isEnforced).map((limit) => standingOf(ports, limit, agent, spent.get(limit))),
  };
}
