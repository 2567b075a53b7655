import type { Peer } from '../../channel/operations.ts';
import type { Governor } from '../../governor/governor.ts';

/** Reading the system's table of processes takes a few milliseconds on Linux; elsewhere a program has to be started for it. */
const everyMs = process.platform === 'linux' ? 1_000 : 2_000;

/** Keeps every agent of this machine in sight while somebody is there to see them. Returns how to stop. */
export function lookWhileWatched(governor: Governor, peers: () => readonly Peer[], onFault: (error: unknown) => void): () => void {
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    await governor.look().catch(onFault);
    isLooking = false;
  };
  const timer = setInterval(() => {
    if (peers().some(({ client }) => client !== 'hook')) void look();
    else governor.lookAway();
  }, everyMs);
  return () => clearInterval(timer);
}
