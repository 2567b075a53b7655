import { setImmediate as turn } from 'node:timers/promises';
import type { Replay, Replayed } from '../engine/policy/replay/replay.ts';
import type { ReplayLog, ReplaySpan } from './replay-log.ts';

export interface ReplayRun {
  readonly span: ReplaySpan;
  /** Calls judged so long before the span are judged as well, and not told of: limits count them. */
  readonly warmUpMs: number;
  /** Every replay hears every call. */
  readonly replays: readonly Replay[];
  /** What the first, second … replay says about a call. */
  readonly told: (replayed: Replayed, replay: number) => void;
  /** Only the calls of these sessions; left out: of all. */
  readonly isWanted?: (session: string) => boolean;
  readonly progress?: (done: number, all: number) => void;
  readonly signal?: AbortSignal;
}

/** So long the thread is kept before others have their turn. */
const sliceMs = 50;

/** Goes through the log in the order of judging. Rejects when it is aborted. */
export async function runReplay(log: ReplayLog, { span, warmUpMs, replays, told, isWanted, progress, signal }: ReplayRun): Promise<void> {
  const since = span.since ?? 0;
  const warm = warmUpMs === 0 ? [] : log.decisions({ since: Math.max(0, since - warmUpMs), until: since }, isWanted);
  const seqs = [...warm, ...log.decisions(span, isWanted)];
  let done = 0;
  let until = performance.now() + sliceMs;
  for (const record of log.records(seqs)) {
    const isTold = done >= warm.length;
    replays.forEach((replay, i) => {
      const replayed: Replayed = typeof record === 'number' ? { kind: 'skipped', why: 'unreadable' } : replay.judge(record);
      if (isTold) told(replayed, i);
    });
    done += 1;
    if (performance.now() < until) continue;
    progress?.(done, seqs.length);
    await turn();
    signal?.throwIfAborted();
    until = performance.now() + sliceMs;
  }
  progress?.(seqs.length, seqs.length);
}
