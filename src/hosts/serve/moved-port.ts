import type { Governor } from '../../governor/governor.ts';

/**
 * Somebody else listens on the port that running sessions were started with: their calls would go there, and whatever it
 * answers would count. They are ended. Those that are surely gone may be resumed, with hooks that name the new port.
 */
export async function leaveOldPort(governor: Governor, from: number, to: number): Promise<void> {
  await governor.record(
    'incident',
    `Port ${from} was taken by another program. Hooks use port ${to} from now on; sessions that used ${from} are ended.`,
    { from, to },
  );
  governor.sweep();
  const live = governor.sessions().filter(({ state }) => state !== 'ended' && state !== 'killed');
  await Promise.all(live.map(({ id }) => end(governor, id, from)));
}

async function end(governor: Governor, id: string, port: number): Promise<void> {
  const by = 'Countersign';
  const { gone, left } = await governor.kill(id, `Another program took port ${port}, where this session's calls were judged.`, by);
  if (gone && left.length === 0) await governor.revive(id, by);
}
