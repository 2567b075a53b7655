import type { BudgetStanding } from '../../engine/budget/standing.ts';
import { heldAgainst, limitKey, type HeldLimit } from '../../engine/budget/held.ts';
import { raiseKey, type Counted } from '../../engine/budget/judge-limit.ts';
import type { Office } from '../office.ts';
import type { Ports, SessionRecord } from '../ports.ts';
import { callsOf, spentOf } from './count.ts';
import { anyCall } from './any-call.ts';
import { subjectsOf } from './check.ts';

/** How the limits stand that the sessions of late are held against: each once, though many sessions share it. */
export async function budgetStandings(office: Office): Promise<readonly BudgetStanding[]> {
  const found = new Map<string, BudgetStanding>();
  for (const session of office.sessions.standings(() => 0)) {
    const limits = limitsOf(office, session).filter((held) => !found.has(limitKey(held, session.agent)));
    for (const [held, standing] of await standingsOf(office, session, limits)) found.set(limitKey(held, session.agent), standing);
  }
  return [...found.values()];
}

/** Of one session alone. */
export async function sessionStandings(office: Office, session: SessionRecord): Promise<readonly BudgetStanding[]> {
  return [...(await standingsOf(office, session, limitsOf(office, session))).values()];
}

async function standingsOf(
  { ports }: Office,
  { agent, id, cwd }: SessionRecord,
  limits: readonly HeldLimit[],
): Promise<ReadonlyMap<HeldLimit, BudgetStanding>> {
  const spent = await spentOf(ports, limits, { agent, session: id, cwd });
  return new Map(limits.map((held) => [held, standingOf(ports, held, agent, spent.get(held))]));
}

/** Policies that cannot be read hold nothing against anybody: calls are refused meanwhile. */
function limitsOf({ ports, windows }: Office, { agent, id, cwd }: SessionRecord): readonly HeldLimit[] {
  try {
    const subjects = subjectsOf(ports, agent, id, cwd);
    const time = new Date(ports.clock.now());
    return heldAgainst(ports.policies.inForce(cwd), anyCall(agent, id, cwd), subjects, time, (window) => windows.now(window)).limits;
  } catch {
    return [];
  }
}

export function standingOf(ports: Ports, held: HeldLimit, agent: string, spent: Counted | undefined): BudgetStanding {
  const { limit, document, subject, span } = held;
  const counted = limit.unit === 'calls' ? callsOf(ports, held, agent) : spent;
  // What cannot be counted is at least nothing.
  const known = counted === undefined || 'unknown' in counted ? { used: 0, isLowerBound: true } : counted;
  const raisedBy = ports.state.budgets.note(raiseKey(limitKey(held, agent)))?.value ?? 0;
  const { per, window, unit, amount, onLimit, alertAt } = limit;
  return {
    policy: document.name,
    per,
    subject,
    window,
    unit,
    used: known.used,
    limit: amount + raisedBy,
    raisedBy,
    onLimit,
    alertAt,
    ...(span === undefined ? {} : { resetsAt: span.end }),
    isLowerBound: known.isLowerBound,
  };
}
