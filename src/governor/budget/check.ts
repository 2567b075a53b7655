import type { Origin } from '../../agents/agent.ts';
import type { Decision } from '../../engine/decision.ts';
import type { Raise, Said } from '../../engine/budget/finding.ts';
import {
  hasBudgets,
  heldAgainst,
  isEnforced,
  limitKey,
  type HeldBudgets,
  type HeldLimit,
  type Subjects,
} from '../../engine/budget/held.ts';
import { judgeLimit, raiseKey, unpricedKey, type Counted } from '../../engine/budget/judge-limit.ts';
import { combine } from '../../engine/policy/decide.ts';
import type { PolicySet } from '../../engine/policy/policy-set.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { messageOf } from '../fault.ts';
import type { Office } from '../office.ts';
import type { Ports } from '../ports.ts';
import { anyCall } from './any-call.ts';
import { newsEntry } from './entries.ts';
import { callsOf, countCall, spentOf } from './count.ts';
import type { News } from './news.ts';
import { breakerSays, sessionKey } from './trips.ts';

/** What a call is to be held against, with what was spent so far. */
export interface Weighed {
  readonly subjects: Subjects;
  readonly held: HeldBudgets;
  readonly spent: ReadonlyMap<HeldLimit, Counted>;
}

/** What budgets say about a call. */
export interface BudgetVerdict {
  readonly decision: Decision;
  /** What an approval of the call does. */
  readonly raises: readonly Raise[];
  /** Why the session is to be ended. */
  readonly kill?: string;
  readonly news: readonly News[];
}

/**
 * Looks up what was spent. `undefined` where no budget is in force: then nothing was looked up. `isMade`: `false` of a call that no
 * response has asked for, so that nobody waits for its record.
 */
export async function weigh({ ports, windows }: Office, set: PolicySet, call: ToolCall, isMade = true): Promise<Weighed | undefined> {
  if (!hasBudgets(set)) return undefined;
  const subjects = subjectsOf(ports, call.agent.name, call.session.id, call.cwd);
  const held = heldAgainst(set, call, subjects, new Date(ports.clock.now()), (window) => windows.now(window));
  const { transcript } = call.session;
  const asker = {
    agent: call.agent.name,
    session: call.session.id,
    cwd: call.cwd,
    ...(transcript === undefined || transcript === '' ? {} : { transcript }),
  };
  return { subjects, held, spent: await spentOf(ports, held.limits, asker, isMade ? call : undefined) };
}

/** Judges a call and counts it, in one turn: no second call can slip in between. */
export function judgeBudgets({ ports, budgetNews }: Office, call: ToolCall, digest: string, weighed: Weighed): BudgetVerdict {
  const { held, subjects } = weighed;
  const agent = call.agent.name;
  const said = [
    ...held.limits.map((limit) => limitSays(ports, limit, agent, weighed.spent.get(limit))),
    ...held.breakers.map((breaker) => breakerSays(ports, breaker, agent, digest)).filter((one) => one !== undefined),
  ];
  countCall(ports, subjects, agent);
  const { id: callId, nativeTool } = call;
  if (held.breakers.length > 0)
    ports.state.budgets.saveCall(sessionKey(agent, subjects.session), digest, { callId, nativeTool, at: ports.clock.now() });
  return verdictOf(said, budgetNews.fresh(said));
}

/** Writes down what is told for the first time, and shows it. */
export async function tell({ ledger, budgetNews }: Office, call: ToolCall, { news }: Pick<BudgetVerdict, 'news'>): Promise<void> {
  if (news.length === 0) return;
  try {
    for (const one of news) await ledger.write(newsEntry(one, call), 'written');
  } catch (error) {
    budgetNews.takeBack(news);
    throw error;
  }
  budgetNews.show(news, call.agent.name, call.session.id);
}

/** Tells what the last answer of a turn cost: no call follows it that would. Stops nothing. */
export async function tellAfterTurn(office: Office, { agent, session, cwd }: Origin): Promise<void> {
  const { ports, budgetNews, ledger } = office;
  try {
    const call = anyCall(agent.name, session.id, cwd);
    const weighed = await weigh(office, ports.policies.inForce(cwd), call);
    if (weighed === undefined) return;
    const said = weighed.held.limits.map((limit) => limitSays(ports, limit, agent.name, weighed.spent.get(limit)));
    await tell(office, call, { news: budgetNews.fresh(said) });
  } catch (error) {
    await ledger.incident(`What budgets say after a turn could not be told: ${messageOf(error)}`, undefined, error);
  }
}

/**
 * Why no further response may be paid for. Limits that ask a person, or whose sum is not known, leave that to the next call: there is
 * somebody to ask, and by then the agent has written down what the sum is made of.
 */
export async function overspent(office: Office, { agent, session, cwd }: Origin): Promise<string | undefined> {
  const { ports } = office;
  const weighed = await weigh(office, ports.policies.inForce(cwd), anyCall(agent.name, session.id, cwd));
  const known = weighed?.held.limits.filter((held) => held.limit.unit !== 'calls' && !isUnknown(weighed.spent.get(held))) ?? [];
  const { decision } = verdictOf(
    known.map((held) => limitSays(ports, held, agent.name, weighed?.spent.get(held))),
    [],
  );
  return decision.action === 'deny' && decision.mode !== 'observe' ? decision.reason : undefined;
}

function isUnknown(counted: Counted | undefined): boolean {
  return counted === undefined || 'unknown' in counted;
}

/** What became of a call, for the breakers that ask. A call that was refused did not fail. */
export function noteOutcome({ ports, ledger }: Office, call: ToolCall, failed: boolean): void {
  try {
    const { files } = ports.policies.inForce(call.cwd);
    if (!files.some(({ budgets }) => budgets.some(({ breakers }) => breakers.length > 0))) return;
    ports.state.budgets.endCall(sessionKey(call.agent.name, call.session.id), call.id, failed, ports.clock.now());
  } catch (error) {
    void ledger.incident(`What became of call ${call.id} could not be kept for circuit breakers: ${messageOf(error)}`, undefined, error);
  }
}

export function subjectsOf({ surroundings }: Ports, agent: string, session: string, cwd: string): Subjects {
  return { session, agent, workspace: surroundings.workspace(cwd).root, user: surroundings.user().name };
}

export function limitSays(ports: Ports, held: HeldLimit, agent: string, spent: Counted | undefined): Said {
  const key = limitKey(held, agent);
  const { budgets } = ports.state;
  const counted = held.limit.unit === 'calls' ? callsOf(ports, held, agent) : (spent ?? { unknown: 'it was not looked up' });
  const raisedBy = budgets.note(raiseKey(key))?.value ?? 0;
  return judgeLimit(held, counted, { key, raisedBy, acceptsUnpriced: budgets.note(unpricedKey(key)) !== undefined });
}

export function verdictOf(said: readonly Said[], news: readonly News[]): BudgetVerdict {
  const killing = said.find(({ kills }) => kills);
  return {
    decision: combine(said.flatMap(({ finding }) => (finding === undefined ? [] : [finding]))),
    raises: said.flatMap(({ held, raise }) => (raise === undefined || !isEnforced(held) ? [] : [raise])),
    ...(killing?.finding === undefined ? {} : { kill: killing.finding.reason }),
    news,
  };
}
