import type { Peer } from '../../channel/operations.ts';
import type { Governor } from '../../governor/governor.ts';

interface IdleOptions {
  readonly governor: Governor;
  readonly peers: () => readonly Peer[];
  /** Clients may come that cannot start a governor. */
  readonly isAwaited: () => boolean;
  /** How long nobody may need the governor before it ends; Infinity: it never does. */
  readonly afterMs: number;
  readonly end: () => void;
  /** Without its home a governor can record nothing, so it can only refuse. */
  readonly isHomeThere: () => boolean;
}

/** Ends a governor that no window, no client and no live session has needed for a while. Returns how to stop watching. */
export function endWhenIdle({ governor, peers, isAwaited, isHomeThere, afterMs, end }: IdleOptions): () => void {
  let neededAt = Date.now();
  const timer = setInterval(
    () => {
      if (!isHomeThere()) end();
      else if (isAwaited() || isNeeded(governor, peers())) neededAt = Date.now();
      else if (Date.now() - neededAt >= afterMs) end();
    },
    Math.max(Math.min(afterMs / 4, 15_000), 10),
  );
  return () => clearInterval(timer);
}

function isNeeded(governor: Governor, peers: readonly Peer[]): boolean {
  if (peers.length > 0 || governor.approvals().length > 0) return true;
  try {
    return governor.sessions().some(({ state }) => state !== 'ended' && state !== 'killed');
  } catch {
    // Sessions that cannot be read now may be there; the calls that fail for the same reason say so.
    return true;
  }
}
