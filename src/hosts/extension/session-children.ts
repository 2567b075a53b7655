import type { SessionView } from '../../channel/messages.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import { governedBy, governedHow } from '../../governor/sight-text.ts';
import { age, plural } from './session-words.ts';

/** What stands below a session in the tree. */
export interface SessionChild {
  readonly parent: SessionView;
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
}

/** How it is governed, then the subagents that run, oldest first. Agents name those: as text. */
export function childrenOf(session: SessionView, now: number): readonly SessionChild[] {
  return [...governance(session), ...subagents(session, now)];
}

function governance(session: SessionView): readonly SessionChild[] {
  const { governed, state } = session;
  if (governed === undefined || state === 'ended') return [];
  const isNot = governed.by === 'none';
  return [
    {
      parent: session,
      id: 'governed',
      label: isNot ? 'not governed' : `governed: ${governedBy[governed.by]}`,
      description: `since ${new Date(governed.since).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}`,
      tooltip: governedHow[governed.by],
      icon: isNot ? 'warning' : 'shield',
    },
  ];
}

function subagents(session: SessionView, now: number): readonly SessionChild[] {
  return (session.subagents ?? []).map(({ id, type, calls, since }) => ({
    parent: session,
    id: `subagent/${id}`,
    label: visibleText(type === '' ? 'subagent' : type),
    description: `${plural(calls, 'call')} · ${age(now - since)}`,
    tooltip: `Subagent ${visibleText(id)}`,
    icon: 'type-hierarchy-sub',
  }));
}
