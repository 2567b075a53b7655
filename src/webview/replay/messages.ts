import * as z from 'zod/mini';
import type { ChangedByRule, ChangedCall, ReplaySummary } from '../../engine/policy/replay/summary.ts';

const text = z.string();
const number = z.number();

const call: z.ZodMiniType<ChangedCall> = z.object({
  seq: number,
  time: number,
  session: text,
  agent: text,
  tool: text,
  summary: text,
  was: text,
  now: text,
  became: z.exactOptional(text),
  rule: text,
  speaks: z.boolean(),
  reason: text,
  unsure: z.exactOptional(z.literal(true)),
  doubts: z.array(z.enum(['masked', 'not-recorded', 'looked-up', 'partial'])),
});
const byRule: z.ZodMiniType<ChangedByRule> = z.object({
  rule: text,
  speaks: z.boolean(),
  was: text,
  now: text,
  calls: number,
  newest: call,
});

/** What `countersign policy replay --json` prints. */
export const replaySummary: z.ZodMiniType<ReplaySummary> = z.object({
  calls: number,
  same: number,
  changed: number,
  unsure: number,
  doubts: z.object({ masked: number, 'not-recorded': number, 'looked-up': number, partial: number }),
  skipped: z.object({ 'not-asked': number, removed: number, unreadable: number }),
  rules: z.array(byRule),
  looksElsewhere: z.exactOptional(z.literal(true)),
  changes: z.array(call),
});

/** What was replayed, and what came of it. */
export type ReplayResult = z.infer<typeof replayResult>;
export const replayResult = z.object({
  /** `the last 7 days` */
  span: text,
  /** Names of the files whose unsaved texts were taken. */
  drafts: z.array(text),
  summary: replaySummary,
});

/** Extension → replay. */
export type ToReplay = z.infer<typeof toReplay>;
export const toReplay = z.discriminatedUnion('type', [z.object({ type: z.literal('result'), result: replayResult })]);

/** Replay → extension. */
export type FromReplay = z.infer<typeof fromReplay>;
export const fromReplay = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ready', 'again']) }),
  /** An entry of the log. */
  z.object({ type: z.literal('open'), seq: number, time: number, session: text }),
]);
