import type { Pause, Ports, SessionRecord } from './ports.ts';

/** Why nothing may run in this session now, for the agent and its person; `undefined` where its calls are judged. */
export function haltedReason({ state }: Pick<Ports, 'state'>, session: SessionRecord | undefined): string | undefined {
  if (session?.killed !== undefined) return killedReason(session);
  const pause = session?.paused ?? state.pauseOfAll();
  return pause === undefined ? undefined : pausedReason(pause, session?.paused === undefined);
}

function pausedReason({ by, reason }: Pause, all: boolean): string {
  const what = all ? 'All agents were' : 'This session was';
  return `${what} paused by ${by}${reason === '' ? '' : `: ${reason}`}. Nothing runs until a person resumes ${all ? 'them' : 'it'}.`;
}

function killedReason({ killed }: SessionRecord): string {
  const why = killed?.reason ?? '';
  return `This session was ended by ${killed?.by || 'Countersign'}${why === '' ? '' : `: ${why}`}. Nothing more runs in it.`;
}
