import type { Per } from '../../engine/budget/document.ts';
import type { HeldLimit, Subjects } from '../../engine/budget/held.ts';
import type { Counted } from '../../engine/budget/judge-limit.ts';
import type { SpendSum } from '../../engine/spend/report.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { totalOf } from '../../engine/spend/usage.ts';
import { messageOf } from '../fault.ts';
import type { Ports, SpendAsker, SpendScope } from '../ports.ts';

/** Reading what was just written takes no time; the first reading of all there is takes seconds. An agent waits for it. */
const slowestMs = 20_000;

/** What was spent so far under each limit in tokens or dollars, the response included that asks for the call. Never rejects: what cannot be known is an answer, too. */
export async function spentOf(
  { spend, clock, isRecorded }: Ports,
  limits: readonly HeldLimit[],
  asker: SpendAsker,
  call?: ToolCall,
): Promise<ReadonlyMap<HeldLimit, Counted>> {
  const held = limits.filter(({ limit }) => limit.unit !== 'calls');
  if (held.length === 0) return new Map();
  const all = (counted: Counted) => new Map(held.map((one) => [one, counted]));
  if (spend === undefined) return all({ unknown: 'nothing here reads what agents record about it' });
  try {
    // Otherwise a call could run whose own response has already spent too much.
    if (call !== undefined && isRecorded !== undefined && !(await isRecorded(call)))
      return all({ unknown: 'the agent has not recorded the response that asks for this call' });
    const scopes = held.map((one) => scopeOf(one, asker.agent));
    const distinct = new Map(scopes.map((scope) => [JSON.stringify(scope), scope]));
    const sums = await inTime(clock, spend.sums([...distinct.values()], asker));
    const found = new Map([...distinct.keys()].map((key, index) => [key, sums[index]]));
    return new Map(held.map((one, index) => [one, countedIn(one, found.get(JSON.stringify(scopes[index])))]));
  } catch (error) {
    return all({ unknown: messageOf(error) });
  }
}

/** Calls are counted by ourselves. */
export function callsOf({ state }: Ports, { limit, subject, span }: HeldLimit, agent: string): Counted {
  const used = state.budgets.callsCounted(counterOf(limit.per, subject, agent), span?.start);
  return { used, unpricedTokens: 0, isLowerBound: false };
}

/** One more call of everybody whom it counts for. */
export function countCall({ state, clock }: Ports, subjects: Subjects, agent: string): void {
  const counters = (['session', 'agent', 'workspace', 'user'] as const).map((per) => counterOf(per, subjects[per], agent));
  state.budgets.countCall(counters, clock.now());
}

function counterOf(per: Per, subject: string, agent: string): string {
  return JSON.stringify(per === 'session' ? [per, agent, subject] : [per, subject]);
}

function scopeOf({ limit: { per }, subject, span }: HeldLimit, agent: string): SpendScope {
  return {
    ...(per === 'session' ? { agent, session: subject } : {}),
    ...(per === 'agent' ? { agent: subject } : {}),
    ...(per === 'workspace' ? { workspace: subject } : {}),
    ...(span === undefined ? {} : { since: span.start }),
  };
}

function countedIn({ limit }: HeldLimit, sum: SpendSum | undefined): Counted {
  if (sum === undefined) return { unknown: 'its sum is missing' };
  const { usd, tokens, notItemisedTokens = 0, unpricedTokens, isLowerBound } = sum;
  const used = limit.unit === 'usd' ? usd : totalOf(tokens) + notItemisedTokens;
  // A comparison with what is no number never holds: it would let everything pass.
  return Number.isFinite(used) ? { used, unpricedTokens, isLowerBound } : { unknown: 'its sum is not a number' };
}

function inTime<T>(clock: Ports['clock'], promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(slowestMs, () => reject(new Error('reading the records took too long')));
    promise.then(resolve, reject).finally(cancel);
  });
}
