import type { JsonObject } from '../engine/json.ts';
import { Refused, messageOf } from './fault.ts';
import type { Office } from './office.ts';
import type { KillReport, SessionRecord } from './ports.ts';
import { processOf } from './sessions.ts';

export interface Killed extends KillReport {
  readonly session: string;
  /** A sentence for the person. */
  readonly message: string;
}

/** Time to end cleanly before the hard signal. */
const graceMs = 3_000;

/** Ends a session for good: its calls are refused from this moment on, whatever becomes of its process. */
export async function killSession(office: Office, id: string, reason: string, by: string, agents: readonly string[]): Promise<Killed> {
  const { sessions, ports, approvals, ledger } = office;
  const session = sessions.find(id) ?? (await ungoverned(office, id, agents));
  const killed: SessionRecord = { ...session, killed: { at: ports.clock.now(), by, reason } };
  sessions.save(killed);
  approvals.cancelSession(id, 'The session was ended.');
  for (const grant of ports.state.grants(id)) ports.state.dropGrant(grant.id);
  const { report, message } = await endProcess(office, killed);
  await ledger.write(
    {
      kind: 'session-killed',
      session: id,
      agent: session.agent,
      cwd: session.cwd,
      reason,
      approver: { user: by, surface: '', waitedMs: 0, reason },
      detail: { message, ...reportDetail(report) },
    },
    'synced',
  );
  return { session: id, message, ...report };
}

/** Lets a killed session be resumed. */
export async function reviveSession(office: Office, id: string, by: string): Promise<SessionRecord> {
  const { sessions, ledger } = office;
  const session = sessions.find(id);
  if (session === undefined) throw new Refused('not-found', `There is no session ${id}.`);
  const { killed, ...revived } = session;
  if (killed === undefined) return session;
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
  sessions.save(revived);
  return revived;
}

async function endProcess(office: Office, session: SessionRecord): Promise<{ readonly report: KillReport; readonly message: string }> {
  const { ports, sessions, ledger } = office;
  const known = processOf(session);
  const agent = known !== undefined && ports.processes.isAlive(known) ? known : ports.processes.find(session.agent, session.id);
  if (agent === undefined) return { report: nothing, message: 'No process of this session is known. Its calls are refused from now on.' };
  try {
    const report = await ports.processes.end(agent, session.id, graceMs);
    if (!ports.processes.isAlive(agent)) sessions.end(sessions.get(session.agent, session.id) ?? session);
    return { report, message: sentence(report) };
  } catch (error) {
    await ledger.incident(`The process of session ${session.id} could not be ended`, undefined, error);
    return { report: nothing, message: `Its process could not be ended (${messageOf(error)}). Its calls are refused from now on.` };
  }
}

const nothing: KillReport = { ended: [], left: [] };

function sentence({ ended, left }: KillReport): string {
  const gone = ended.length === 1 ? '1 process was ended.' : `${ended.length} processes were ended.`;
  if (left.length === 0) return gone;
  return `${gone} Still there: ${left.map(({ pid, why }) => `${pid} (${why})`).join(', ')}.`;
}

function reportDetail({ ended, left }: KillReport): JsonObject {
  return { ended: [...ended], left: left.map(({ pid, why }) => ({ pid, why })) };
}

/** A session that never spoke to us can be killed too, when it is in sight or its agent says that it runs. */
async function ungoverned(office: Office, id: string, agents: readonly string[]): Promise<SessionRecord> {
  const { processes, clock } = office.ports;
  const seen = office.sight.find(id) ?? (await office.sight.look().then(() => office.sight.find(id)));
  if (seen !== undefined) return seen;
  for (const agent of agents) {
    const found = processes.find(agent, id);
    if (found === undefined) continue;
    const now = clock.now();
    const fresh = { startedAt: now, lastSeenAt: now, calls: 0, denials: 0, mode: '', interactive: true };
    return { agent, id, cwd: '', ...fresh, pid: found.pid, processStart: found.start };
  }
  throw new Refused('not-found', `There is no session ${id}.`);
}
