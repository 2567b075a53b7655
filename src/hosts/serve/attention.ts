import { sep } from 'node:path';
import type { ApprovalView } from '../../channel/messages.ts';
import type { Peer } from '../../channel/operations.ts';
import type { Approval } from '../../engine/approval/approval.ts';

/** The open questions as `peer` sees them: whether it is the one whose person is to be asked first. */
export function viewsFor(peer: Peer, approvals: readonly Approval[], peers: readonly Peer[]): readonly ApprovalView[] {
  return approvals.map((approval) => ({ ...approval, mine: isMine(peer, approval, peers) }));
}

/** The windows whose folder the agent works in; else the one with the focus; else every window; a terminal, where there is no window. */
function isMine(peer: Peer, approval: Approval, peers: readonly Peer[]): boolean {
  const windows = peers.filter(({ window }) => window !== undefined);
  if (peer.window === undefined) return windows.length === 0;
  const near = windows.filter(({ window }) => window?.folders.some((folder) => contains(folder, approval.cwd)));
  const candidates = near.length > 0 ? near : windows;
  const focused = candidates.filter(({ window }) => window?.focused);
  return (focused.length > 0 ? focused : candidates).includes(peer);
}

function contains(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
