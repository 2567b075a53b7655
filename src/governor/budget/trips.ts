import { breakerKey, isEnforced, type HeldBreaker } from '../../engine/budget/held.ts';
import { judgeBreaker, resetKey, tripOf, type Trip } from '../../engine/budget/judge-breaker.ts';
import type { Said } from '../../engine/budget/finding.ts';
import type { BudgetNote, Ports } from '../ports.ts';

/** Where the calls of a session are remembered. */
export function sessionKey(agent: string, session: string): string {
  return JSON.stringify([agent, session]);
}

/** Under which a person's word to reset everything in a session is remembered. */
export function sessionResetKey(agent: string, session: string): string {
  return resetKey(`session ${sessionKey(agent, session)}`);
}

/** What the breaker says about a call. Once open it stays open, also through restarts, until a person resets it. */
export function breakerSays(ports: Ports, held: HeldBreaker, agent: string, digest: string): Said | undefined {
  const { said, trip } = breakerLook(ports, held, agent, digest);
  if (trip !== undefined)
    ports.state.budgets.saveNote(
      tripKey(breakerKey(held, agent)),
      { value: trip.at, text: JSON.stringify([trip.why, ...trip.calls]), at: trip.at },
      'in passing',
    );
  return said;
}

interface BreakerLook {
  readonly said?: Said;
  /** Left out where it is not this call that trips it. */
  readonly trip?: Trip;
}

/** The same, and nothing is remembered. */
export function breakerLook({ state, clock }: Ports, held: HeldBreaker, agent: string, digest: string): BreakerLook {
  const { budgets } = state;
  const key = breakerKey(held, agent);
  const reset = Math.max(valueOf(budgets.note(resetKey(key))), valueOf(budgets.note(sessionResetKey(agent, held.subject))));
  const known = openTrip(held, budgets.note(tripKey(key)), reset, clock.now());
  if (known !== undefined) return { said: judgeBreaker(held, known, key) };
  const { name, withinMs, times } = held.breaker;
  const recent = budgets.recentCalls(sessionKey(agent, held.subject), {
    after: Math.max(clock.now() - withinMs, reset),
    limit: times,
    ...(name === 'loop' ? { digest } : {}),
    ...(name === 'failures' ? { ended: true } : {}),
  });
  const trip = tripOf(held, recent, clock.now());
  return trip === undefined ? {} : { said: judgeBreaker(held, trip, key), trip };
}

const tripKey = (key: string): string => `trip ${key}`;

function valueOf(note: BudgetNote | undefined): number {
  return note?.value ?? -1;
}

/** One that only tells people closes by itself, so that it can tell them again. */
function openTrip(held: HeldBreaker, note: BudgetNote | undefined, reset: number, now: number): Trip | undefined {
  if (note === undefined || note.value <= reset) return undefined;
  const onlyTells = held.breaker.onLimit === 'alert' || !isEnforced(held);
  if (onlyTells && now - note.value > held.breaker.withinMs) return undefined;
  const texts: unknown = JSON.parse(note.text);
  const [why = 'it tripped', ...calls] = Array.isArray(texts) ? texts.map(String) : [];
  return { at: note.value, why, calls };
}
