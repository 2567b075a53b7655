import type { ApprovalView } from '../../channel/messages.ts';

/** When a notification for an approval was last raised. */
export interface Raised {
  readonly at: number;
}

const againAfterMs = 60_000;
const othersAfterMs = 10_000;
/** VS Code shows no more than three at once, and drops what comes in a burst. */
const atOnce = 3;

export interface Plan {
  /** To be raised now. More than three at once become one that names their number. */
  readonly raise: readonly ApprovalView[];
  readonly together: boolean;
  /** Milliseconds until it is worth asking again; `undefined` when nothing waits. */
  readonly againInMs: number | undefined;
}

/** Which approvals this window should raise notifications for. They are hints: the inbox is the truth. */
export function planNotifications(approvals: readonly ApprovalView[], raised: ReadonlyMap<string, Raised>, now: number): Plan {
  const due = approvals.map((approval) => ({ approval, inMs: dueAt(approval, raised.get(approval.id)) - now }));
  const raise = due.filter(({ inMs }) => inMs <= 0).map(({ approval }) => approval);
  const later = due.map(({ inMs }) => inMs).filter((inMs) => inMs > 0);
  const againInMs = raise.length > 0 ? againAfterMs : undefined;
  return { raise, together: raise.length > atOnce, againInMs: later.length > 0 ? Math.min(...later, againInMs ?? Infinity) : againInMs };
}

/** The window whose folder it is goes first; the others help out when nobody there answers. */
function dueAt(approval: ApprovalView, raised: Raised | undefined): number {
  if (raised) return raised.at + againAfterMs;
  return approval.askedAt + (approval.mine ? 0 : othersAfterMs);
}
