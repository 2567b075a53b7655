import type { RecordReader } from '../agents/agent.ts';
import { callDigest } from '../engine/approval/digest.ts';
import { digestOf } from '../engine/audit/canonical.ts';
import type { AuditEntry } from '../engine/audit/entry.ts';
import type { JsonObject } from '../engine/json.ts';
import type { AnsweredCall, AuditQuery, Ports } from './ports.ts';

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
  /** Where its decision may lie besides its own session. Left out: nowhere, for models of many servers number their calls anew in each one. */
  readonly elsewhere?: Elsewhere;
}

/** `copied`: in the session that this record was copied from; `subagents`: in one that names a subagent, whose record may name the nearer one. */
interface Elsewhere {
  readonly copied: boolean;
  readonly subagents: boolean;
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

/**
 * The same where the call has another name in the log, or none that could be known: by when it ran and with what. Nothing is said of a
 * call of which only the result is known.
 */
export function faultByArguments(ports: Pick<Ports, 'state' | 'audit'>, ran: Ran): Fault | undefined {
  const { input, madeAt, endedAt } = ran;
  if (input === undefined) return undefined;
  const since = (madeAt ?? endedAt - longestMs) - aroundMs;
  const found = ports.audit.list({ kind: 'decision', since, until: endedAt + aroundMs, limit: 1_000 });
  const digest = digestOf(input.arguments);
  // Where a secret was taken out of the call, the record has what the log has.
  const isIt = (entry: AuditEntry) => entry.argumentsDigest === digest || digestOf(entry.arguments ?? {}) === digest;
  const isThere = whereabouts(ports, ran);
  const about = found.filter(({ entry }) => isThere(entry) && isIt(entry));
  if (about.length === 0) return 'undecided';
  return about.some(({ entry }) => entry.action !== 'deny' || entry.mode === 'observe') ? undefined : 'refused';
}

/** Whether a decision is one of the session, or of another that may have decided for it. */
function whereabouts({ state }: Pick<Ports, 'state'>, { agent, session, elsewhere }: Ran): (entry: AuditEntry) => boolean {
  // A session that nobody heard of has no subagents that were heard.
  const bySubagents = elsewhere?.subagents === true && state.session(agent, session) !== undefined;
  return (entry) =>
    entry.agent === agent && (entry.session === session || elsewhere?.copied === true || (bySubagents && entry.subagent !== undefined));
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
function decisionsOn(ports: Pick<Ports, 'state' | 'audit'>, ran: Ran, memo: AnsweredCall | undefined): readonly AuditEntry[] {
  const since = (memo?.at ?? ran.madeAt ?? ran.endedAt - longestMs) - aroundMs;
  const until = (memo?.at ?? ran.endedAt) + aroundMs;
  const query = { kind: 'decision', callId: ran.callId, since, until, limit: 10 } as const;
  const isThere = whereabouts(ports, ran);
  const those = (more: Pick<AuditQuery, 'session'>) =>
    ports.audit
      .list({ ...query, ...more })
      .map(({ entry }) => entry)
      .filter(isThere);
  const own = those({ session: ran.session });
  const { copied = false, subagents = false } = ran.elsewhere ?? {};
  return own.length > 0 || !(copied || subagents) ? own : those({});
}

function isDecided(entry: AuditEntry, ran: JsonObject, isSame: RecordReader['isSame'] | undefined): boolean {
  return entry.argumentsDigest === digestOf(ran) || (isSame !== undefined && entry.arguments !== undefined && isSame(ran, entry.arguments));
}
