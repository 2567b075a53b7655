import type { JsonObject } from '../engine/json.ts';
import { Refused, messageOf } from './fault.ts';
import type { Office } from './office.ts';
import type { AgentProcess, FoundAgent, KillReport, SessionRecord } from './ports.ts';
import { processOf } from './sessions.ts';

export interface Killed extends KillReport {
  readonly session: string;
  readonly agent: string;
  readonly cwd: string;
  /** A sentence for the person. */
  readonly message: string;
  /** The agent's own process was known, and has ended; or what the session did in a process that it shares. */
  readonly gone: boolean;
}

/** Time to end cleanly before the hard signal. */
const graceMs = 3_000;

/** Ends a session for good: its calls are refused from this moment on, whatever becomes of its process. */
export async function killSession(office: Office, id: string, reason: string, by: string, agents: readonly string[]): Promise<Killed> {
  const session = office.sessions.find(id) ?? (await ungoverned(office, id, agents));
  return endHalted(office, haltForGood(office, session, reason, by), reason, by);
}

export interface Halted {
  readonly session: SessionRecord;
  /** Why that could not be remembered. */
  readonly fault?: unknown;
}

/** The first half of a kill, at once: nothing of the session is let through any more. Never throws: a full disk saves nobody. */
export function haltForGood({ sessions, ports, approvals }: Office, session: SessionRecord, reason: string, by: string): Halted {
  const killed: SessionRecord = { ...session, killed: { at: ports.clock.now(), by, reason } };
  try {
    sessions.save(killed);
    approvals.cancelSession(session.id, 'The session was ended.');
    for (const grant of ports.state.grants(session.id)) ports.state.dropGrant(grant.id);
    return { session: killed };
  } catch (fault) {
    return { session: killed, fault };
  }
}

/** The second half, which takes seconds: its processes end, and the log says what became of them. */
export async function endHalted(office: Office, { session, fault }: Halted, reason: string, by: string): Promise<Killed> {
  const { id, agent, cwd } = session;
  const ended = await endProcesses(office, session);
  const message =
    fault === undefined ? ended.message : `${ended.message} That could not be remembered (${messageOf(fault)}): kill it again.`;
  const { gone, ...report } = ended;
  return recorded(office, { ...report, session: id, agent, cwd, message, gone }, reason, by);
}

/** What was ended stays so where it cannot be written down; the person hears of both. */
export async function recorded({ ledger }: Office, killed: Killed, reason: string, by: string): Promise<Killed> {
  const { session, agent, cwd, message } = killed;
  const about = { ...(session === '' ? {} : { session }), agent, cwd, reason };
  const approver = { user: by, surface: '', waitedMs: 0, reason };
  try {
    await ledger.write({ kind: 'session-killed', ...about, approver, detail: { message, ...reportDetail(killed) } }, 'synced');
    return killed;
  } catch (error) {
    await ledger.incident(`The end of session ${session} could not be recorded`, undefined, error);
    return { ...killed, message: `${message} That could not be recorded (${messageOf(error)}).` };
  }
}

/** Lets a killed session be resumed. */
export async function reviveSession(office: Office, id: string, by: string): Promise<SessionRecord> {
  const { sessions, ledger } = office;
  const session = sessions.find(id);
  if (session === undefined) throw new Refused('not-found', `There is no session ${id}.`);
  if (session.killed === undefined) return session;
  // Written down before it holds: what cannot be recorded does not come back to life.
  await ledger.write(
    {
      kind: 'session-revived',
      session: id,
      agent: session.agent,
      cwd: session.cwd,
      reason: `${by} let it be resumed.`,
      approver: { user: by, surface: '', waitedMs: 0, reason: '' },
    },
    'synced',
  );
  // It may have been heard of, or paused, meanwhile.
  const { killed: _, ...now } = sessions.get(session.agent, id) ?? session;
  sessions.save(now);
  return now;
}

type Ended = KillReport & Pick<Killed, 'message' | 'gone'>;

async function endProcesses(office: Office, session: SessionRecord): Promise<Ended> {
  const { ports, ledger } = office;
  try {
    const running = runningOf(office, session);
    // Also where no process is known any more: what an agent started may outlive it.
    const hunted: readonly (AgentProcess | undefined)[] = running.length === 0 ? [undefined] : running;
    const report = together(await Promise.all(hunted.map((one) => ports.processes.end(one, session.id, graceMs))));
    const isLeft = ({ pid }: AgentProcess): boolean => report.within !== pid || report.left.length > 0;
    const gone = running.length > 0 && !running.some((one) => ports.processes.isAlive(one) && isLeft(one));
    if (gone) await markEnded(office, session);
    return { ...report, gone, message: sentenceOf(report) };
  } catch (error) {
    await ledger.incident(`The process of session ${session.id} could not be ended`, undefined, error);
    const message = `Its process could not be ended (${messageOf(error)}). Its calls are refused from now on.`;
    return { ended: [], left: [], gone: false, message };
  }
}

async function markEnded({ sessions, ledger }: Office, session: SessionRecord): Promise<void> {
  try {
    sessions.end(sessions.get(session.agent, session.id) ?? session);
  } catch (error) {
    // The next look at the processes marks it.
    await ledger.incident(`The end of session ${session.id} could not be remembered`, undefined, error);
  }
}

/** More than one where the same session was resumed twice. */
function runningOf({ ports }: Office, session: SessionRecord): readonly AgentProcess[] {
  const known = processOf(session);
  const found = ports.processes.agents().filter(isOf(session));
  const all = [...(known !== undefined && ports.processes.isAlive(known) ? [known] : []), ...found.map(({ process }) => process)];
  return [...new Map(all.map(({ pid, start }) => [pid, { pid, start }])).values()];
}

function isOf({ agent, id }: SessionRecord) {
  return (found: FoundAgent): boolean => found.agent === agent && found.session === id && found.notOurs === undefined;
}

function together(reports: readonly KillReport[]): KillReport {
  const left = new Map(reports.flatMap((report) => report.left).map((one) => [one.pid, one]));
  const ended = [...new Set(reports.flatMap((report) => report.ended))].filter((pid) => !left.has(pid));
  const within = reports.find((report) => report.within !== undefined)?.within;
  return { ended, left: [...left.values()], ...(within === undefined ? {} : { within }) };
}

export function sentenceOf({ within, ...report }: KillReport): string {
  if (within === undefined) return processesSentence(report);
  const rest = report.ended.length + report.left.length === 0 ? '' : ` ${processesSentence(report)}`;
  return `Its work was ended in process ${within}, which goes on for other sessions.${rest} Its calls are refused from now on.`;
}

function processesSentence({ ended, left }: KillReport): string {
  if (ended.length === 0 && left.length === 0) return 'No process of this session is known. Its calls are refused from now on.';
  const gone = ended.length === 1 ? '1 process was ended.' : `${ended.length} processes were ended.`;
  if (left.length === 0) return gone;
  return `${gone} Still there: ${left.map(({ pid, why }) => `${pid} (${why})`).join(', ')}.`;
}

function reportDetail({ ended, left, within }: KillReport): JsonObject {
  return { ended: [...ended], left: left.map(({ pid, why }) => ({ pid, why })), ...(within === undefined ? {} : { within }) };
}

/** A session that never spoke to us can be killed too, when it is in sight or its agent says that it runs. */
async function ungoverned({ ports, sight }: Office, id: string, agents: readonly string[]): Promise<SessionRecord> {
  const seen = sight.find(id) ?? (await sight.look().then(() => sight.find(id)));
  if (seen !== undefined) return seen;
  for (const agent of agents) {
    const found = ports.processes.find(agent, id);
    if (found !== undefined) return unheard(agent, id, '', found, ports.clock.now());
  }
  throw new Refused('not-found', `There is no session ${id}.`);
}

/** A session of which only its process is known. */
export function unheard(agent: string, id: string, cwd: string, { pid, start }: AgentProcess, now: number): SessionRecord {
  const seen = { startedAt: now, lastSeenAt: now, calls: 0, denials: 0, mode: '', interactive: true };
  return { agent, id, cwd, ...seen, pid, processStart: start };
}
