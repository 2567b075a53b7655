import type { RecordReader } from '../agents/agent.ts';
import { callDigest } from '../engine/approval/digest.ts';
import { digestOf } from '../engine/audit/canonical.ts';
import type { AuditEntry } from '../engine/audit/entry.ts';
import type { JsonObject } from '../engine/json.ts';
import type { AnsweredCall, Ports } from './ports.ts';

/** A call that ran, as somebody reports it: the agent's hook afterwards, or its own record. */
export interface Ran {
  readonly agent: string;
  readonly session: string;
  readonly callId: string;
  /** Left out where only the result is known. */
  readonly input?: { readonly nativeTool: string; readonly arguments: JsonObject };
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
  /** Left out where it is not known. */
  readonly madeAt?: number;
}

/** What is wrong with a call that ran: nobody decided on it, it was refused, or it was another one that was decided on. */
export type Fault = 'undecided' | 'refused' | 'changed';

/** `isSame`: whether arguments mean the same; left out, they must be the same to the letter. */
export function faultOf(ports: Pick<Ports, 'state' | 'audit'>, ran: Ran, isSame?: RecordReader['isSame']): Fault | undefined {
  const memo = ports.state.answered(ran.agent, ran.session, ran.callId);
  if (memo !== undefined && memo.answer.kind !== 'refuse' && fits(memo, ran, isSame !== undefined)) return undefined;
  // A hook tells what really ran: not what was to be replaced.
  if (memo?.ranDigest !== undefined && memo.answer.kind !== 'refuse' && isSame === undefined) return 'changed';
  const decided = decisionsOn(ports, ran, memo);
  if (decided.length === 0) return memoFault(memo, ran, isSame !== undefined);
  const holding = decided.filter((entry) => entry.action !== 'deny' || entry.mode === 'observe');
  if (holding.length === 0) return 'refused';
  const { input } = ran;
  return input === undefined || holding.some((entry) => isDecided(entry, input.arguments, isSame)) ? undefined : 'changed';
}

/** `asRecorded`: the agent's own record has a call as the model made it, whatever was replaced before it ran. */
function fits(memo: AnsweredCall, { input }: Ran, asRecorded: boolean): boolean {
  if (input === undefined) return true;
  const digest = callDigest(input);
  return digest === (memo.ranDigest ?? memo.argumentsDigest) || (asRecorded && digest === memo.argumentsDigest);
}

/** The memo is all there is: an entry that cannot be found says nothing of what the arguments were. */
function memoFault(memo: AnsweredCall | undefined, ran: Ran, isLenient: boolean): Fault | undefined {
  if (memo === undefined) return 'undecided';
  if (memo.answer.kind === 'refuse') return 'refused';
  return isLenient || fits(memo, ran, false) ? undefined : 'changed';
}

/** A call may have waited for a person for a day. */
const longestMs = 25 * 60 * 60_000;
const aroundMs = 60_000;

/** Around the moment that the memo names the log is searched quickly; without one, as long as a call may take. */
function decisionsOn({ audit }: Pick<Ports, 'audit'>, ran: Ran, memo: AnsweredCall | undefined): readonly AuditEntry[] {
  const since = (memo?.at ?? ran.madeAt ?? ran.endedAt - longestMs) - aroundMs;
  const until = (memo?.at ?? ran.endedAt) + aroundMs;
  return audit.list({ kind: 'decision', callId: ran.callId, since, until, limit: 10 }).map(({ entry }) => entry);
}

function isDecided(entry: AuditEntry, ran: JsonObject, isSame: RecordReader['isSame'] | undefined): boolean {
  return entry.argumentsDigest === digestOf(ran) || (isSame !== undefined && entry.arguments !== undefined && isSame(ran, entry.arguments));
}
