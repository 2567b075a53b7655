import { endHalted, haltForGood, recorded, sentenceOf, unheard, type Killed } from './kill.ts';
import type { Office } from './office.ts';
import type { FoundAgent, SessionRecord } from './ports.ts';
import { processOf } from './sessions.ts';

export interface KilledAll {
  readonly sessions: readonly Killed[];
  /** Agents that run here and are not ours to end, with the reason. */
  readonly unreachable: readonly { readonly pid: number; readonly agent: string; readonly why: string }[];
  /** A sentence for the person. */
  readonly message: string;
}

const graceMs = 3_000;

/**
 * Ends every session of this person that runs now, governed or not; one that is started later is another matter. All are refused
 * their calls before the first process ends.
 */
export async function killAllSessions(office: Office, reason: string, by: string): Promise<KilledAll> {
  const found = office.ports.processes.agents();
  const ours = found.filter(({ notOurs }) => notOurs === undefined);
  const halted = targetsOf(office, ours).map((session) => haltForGood(office, session, reason, by));
  // The process of a session that a hook told us of, and that its agent does not list.
  const known = new Set(halted.map(({ session }) => session.pid));
  const nameless = ours.filter(
    ({ session, isShared, process: { pid } }) => session === undefined && (isShared === true || !known.has(pid)),
  );
  const ends = halted.map((one) => ({ pid: one.session.pid, done: endHalted(office, one, reason, by) }));
  const sessions = await Promise.all([
    ...ends.map(({ done }) => done),
    ...nameless.map(async (agent) => {
      // Those that are known to run in it end first: each is told what became of it.
      await Promise.all(ends.filter(runsIn(agent)).map(({ done }) => done));
      return endNameless(office, agent, reason, by);
    }),
  ]);
  const unreachable = found.flatMap(({ agent, process: { pid }, notOurs }) =>
    notOurs === undefined ? [] : [{ pid, agent, why: notOurs }],
  );
  return { sessions, unreachable, message: summary(sessions, unreachable) };
}

/** Those that we know of and that may still run, and those that only their agent knows of. */
function targetsOf({ sessions, ports }: Office, ours: readonly FoundAgent[]): readonly SessionRecord[] {
  const stored = ports.state.sessions();
  const isRunning = (session: SessionRecord): boolean => {
    const known = processOf(session);
    const runs = known !== undefined && ports.processes.isAlive(known);
    const isFound = ours.some(({ agent, session: id }) => agent === session.agent && id === session.id);
    return runs || isFound || (session.endedAt === undefined && session.killed === undefined);
  };
  const unknown = ours.flatMap(({ agent, session, cwd, process }) =>
    session === undefined || sessions.get(agent, session) !== undefined ? [] : [unheard(agent, session, cwd, process, ports.clock.now())],
  );
  return [...stored.filter(isRunning), ...unknown];
}

function runsIn({ process: { pid } }: FoundAgent) {
  return (one: { readonly pid: number | undefined }): boolean => one.pid === pid;
}

/** An agent that tells nobody which session it runs. */
async function endNameless(office: Office, { agent, cwd, process: running }: FoundAgent, reason: string, by: string): Promise<Killed> {
  const report = await office.ports.processes.end(running, '', graceMs);
  const gone = !office.ports.processes.isAlive(running);
  return recorded(office, { session: '', agent, cwd, message: sentenceOf(report), gone, ...report }, reason, by);
}

function summary(sessions: readonly Killed[], unreachable: KilledAll['unreachable']): string {
  const gone = new Set(sessions.flatMap(({ ended }) => ended));
  const left = sessions.flatMap((killed) =>
    killed.left.flatMap(({ pid, why }) => (gone.has(pid) ? [] : [`${pid} of ${killed.agent} (${why})`])),
  );
  const ended = sessions.reduce((sum, killed) => sum + killed.ended.length, 0);
  return [
    sessions.length === 0
      ? 'No session was running.'
      : `${counted(sessions.length, 'session')} killed, ${counted(ended, 'process', 'es')} ended.`,
    ...(left.length === 0 ? [] : [`Still there: ${left.join(', ')}.`]),
    ...(unreachable.length === 0
      ? []
      : [`Out of reach: ${unreachable.map(({ pid, agent, why }) => `${pid} of ${agent} (${why})`).join(', ')}.`]),
  ].join(' ');
}

function counted(count: number, word: string, plural = 's'): string {
  return `${count} ${word}${count === 1 ? '' : plural}`;
}
