import type { AuditEntry } from '../engine/audit/entry.ts';
import { redactText } from '../engine/guardrail/redact.ts';
import { Refused } from './fault.ts';
import type { Office } from './office.ts';
import type { Pause, SessionRecord } from './ports.ts';

export interface Paused {
  /** A sentence for the person. */
  readonly message: string;
}

/** From this moment on calls are refused: of one session, or of all, those included that begin later. Nothing is ended. */
export async function pause(office: Office, id: string | undefined, reason: string, by: string): Promise<Paused> {
  const { sessions, ports, ledger } = office;
  const given: Pause = { at: ports.clock.now(), by, reason: redactText(reason) };
  const session = id === undefined ? undefined : pausable(office, id);
  if (session === undefined) sessions.pauseAll(given);
  else sessions.save({ ...session, paused: given });
  await ledger.write(entryOf('session-paused', session, given.reason, by), 'synced');
  return { message: session === undefined ? pausedAll : `${session.id} is paused: its calls are refused until you resume it.` };
}

/** Calls are judged again. All: those, too, that were paused one by one. */
export async function resume(office: Office, id: string | undefined, by: string): Promise<Paused> {
  const { sessions, ports, ledger } = office;
  const session = id === undefined ? undefined : known(office, id);
  if (session !== undefined && ports.state.pauseOfAll() !== undefined)
    throw new Refused('paused', 'All agents are paused. Resume all of them; then you can pause single sessions again.');
  // Written down before it holds: what cannot be recorded does not go on.
  await ledger.write(entryOf('session-resumed', session, `${by} let ${session === undefined ? 'all agents' : 'it'} go on.`, by), 'synced');
  if (session === undefined) sessions.pauseAll(undefined);
  const paused = session === undefined ? sessions.paused() : [sessions.get(session.agent, session.id) ?? session];
  for (const { paused: _, ...rest } of paused) sessions.save(rest);
  return {
    message:
      session === undefined ? 'All agents go on: their calls are judged again.' : `${session.id} goes on: its calls are judged again.`,
  };
}

/** Whoever approves a call of a paused session would see it refused all the same, and their consent used up. */
export function refuseWhilePaused(office: Office, approval: string): void {
  const asked = office.approvals.open().find(({ id }) => id === approval);
  if (asked === undefined) return;
  if (office.ports.state.pauseOfAll() !== undefined) throw new Refused('paused', `All agents are paused. Resume them first, then approve.`);
  if (office.sessions.get(asked.agent, asked.session)?.paused === undefined) return;
  throw new Refused('paused', `Session ${asked.session} is paused. Resume it first, then approve.`);
}

const pausedAll = 'All agents are paused: every call is refused until you resume them. What runs already runs on.';

function pausable(office: Office, id: string): SessionRecord {
  const session = known(office, id);
  if (session.killed !== undefined) throw new Refused('not-allowed', `Session ${id} was killed; its calls are refused already.`);
  return session;
}

function known({ sessions }: Office, id: string): SessionRecord {
  const session = sessions.find(id);
  if (session !== undefined) return session;
  throw new Refused('not-found', `No session ${id} has told Countersign of itself: nothing of it can be paused, only killed.`);
}

function entryOf(
  kind: 'session-paused' | 'session-resumed',
  session: SessionRecord | undefined,
  reason: string,
  by: string,
): Omit<AuditEntry, 'time'> {
  const about = session === undefined ? { detail: { all: true } } : { session: session.id, agent: session.agent, cwd: session.cwd };
  return { kind, ...about, reason, approver: { user: by, surface: '', waitedMs: 0, reason } };
}
