import type { Snapshot } from '../../channel/messages.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import { problemPlace } from '../../engine/policy/problem-place.ts';
import type { LinkState } from './connection.ts';
import { observedAnywhere, observedHere } from './observed-here.ts';

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly colour: 'none' | 'warning' | 'error';
  /** Policies stop nothing here: a click leads to where that is changed. */
  readonly onlyObserves?: true;
}

/** What the status bar says: what waits, and whether agents are governed. */
export function statusText(
  link: LinkState,
  snapshot: Snapshot | undefined,
  hooksMissing: boolean,
  folders: readonly string[] = [],
): StatusText {
  if (link.state === 'unreachable') {
    return {
      text: '$(error) Not governed',
      tooltip: `Countersign: the governor cannot be reached (${link.reason}). Calls that need approval are denied until it is back. Click for what to do.`,
      colour: 'error',
    };
  }
  if (link.state === 'connecting' || !snapshot)
    return { text: '$(shield) …', tooltip: 'Countersign: connecting to the governor', colour: 'none' };
  return observing(governed(snapshot, hooksMissing), snapshot, folders);
}

/** What only observes must never look as if it enforced, whatever else there is to say. */
function observing(text: StatusText, { status }: Snapshot, folders: readonly string[]): StatusText {
  if (status.paused !== undefined) return text;
  const here = observedHere(status, folders);
  const elsewhere = observedAnywhere(status);
  if (here === undefined) return elsewhere === undefined ? text : { ...text, tooltip: `${text.tooltip}\n${elsewhere}` };
  const rest = text.text.replace(/^\$\(shield\)\s*/, '');
  return {
    text: `$(eye) Only observing${rest === '' ? '' : ` ${rest}`}`,
    tooltip: `${here} Click to enforce.\n${text.tooltip}`,
    colour: text.colour === 'error' ? 'error' : 'warning',
    onlyObserves: true,
  };
}

/** Somebody stopped everything, and may have forgotten. */
function paused({ by, reason }: NonNullable<Snapshot['status']['paused']>, waiting: number): StatusText {
  const why = reason === '' ? '' : `: ${visibleText(reason)}`;
  const calls = waiting === 0 ? '' : ` ${waiting} of their calls ${waiting === 1 ? 'waits' : 'wait'} for your decision meanwhile.`;
  return {
    text: '$(debug-pause) Paused',
    tooltip: `Countersign: all agents were paused by ${visibleText(by)}${why}. Every call is refused until you resume them.${calls}`,
    colour: 'warning',
  };
}

function governed({ approvals, sessions, status }: Snapshot, hooksMissing: boolean): StatusText {
  if (status.paused) return paused(status.paused, approvals.length);
  const live = sessions.filter(({ state }) => state !== 'ended' && state !== 'killed').length;
  const agents = `${live} ${live === 1 ? 'session' : 'sessions'} governed`;
  if (approvals.length > 0) {
    const calls = approvals.length === 1 ? '1 call waits' : `${approvals.length} calls wait`;
    return {
      text: `$(bell-dot) ${approvals.length}`,
      tooltip: `Countersign: ${calls} for your decision (${agents}). Click to see.`,
      colour: 'warning',
    };
  }
  if (hooksMissing)
    return { text: '$(shield) No hooks', tooltip: 'Countersign: no agent has its hooks yet. Click to install them.', colour: 'warning' };
  if (status.problems.length > 0) {
    const ranUnseen = status.problems.some(({ incidents = [], severity }) => incidents.length > 0 || severity === 'bad');
    return {
      text: ranUnseen ? '$(shield) $(error)' : '$(shield) $(warning)',
      tooltip: `Countersign: ${status.problems.map(complaint).join('\n')}`,
      colour: ranUnseen ? 'error' : 'warning',
    };
  }
  return {
    text: '$(shield)',
    tooltip: `Countersign: no approvals waiting, ${agents}${status.level === 'managed' ? ' by managed settings' : ''}.`,
    colour: 'none',
  };
}

/** It may name what an agent chose, such as a tool or a folder: nothing of it may hide, or turn round what stands beside it. */
function complaint({ message, file, line }: Snapshot['status']['problems'][number]): string {
  const place = problemPlace(file, line);
  return visibleText(place === '' ? message : `${place}: ${message}`);
}
