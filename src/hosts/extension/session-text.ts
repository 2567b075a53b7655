import { basename } from 'node:path';
import type { SessionView } from '../../channel/messages.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import { costText, tokensText } from '../../engine/spend/spend-text.ts';
import { sessionItems } from './contributions.ts';

/** A session as one line of the tree. Agents name folders: what cannot be seen in a name is spelt out. */
export interface SessionText {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
  readonly contextValue: string;
}

const icons: Readonly<Record<SessionView['state'], string>> = {
  busy: 'sync',
  waiting: 'bell-dot',
  asking: 'question',
  idle: 'circle-outline',
  ended: 'check',
  killed: 'circle-slash',
};

export function sessionText(session: SessionView, now: number): SessionText {
  const { agent, cwd, mode, state, calls, denials, startedAt, id, killed } = session;
  const numbers = `${plural(calls, 'call')}${denials > 0 ? `, ${denials} denied` : ''}`;
  const doing = session.pending > 0 && state !== 'killed' ? `${session.pending} waiting` : state;
  return {
    label: visibleText(`${agent} in ${basename(cwd) || cwd}`),
    description: [doing, mode === 'default' ? '' : visibleText(mode), numbers, spent(session), age(now - startedAt)]
      .filter(Boolean)
      .join(' · '),
    tooltip: [
      `Session ${visibleText(id)}`,
      visibleText(cwd),
      `Started ${new Date(startedAt).toLocaleString()}`,
      killed ? `Killed by ${killed.by}: ${killed.reason}` : '',
    ]
      .filter(Boolean)
      .join('\n'),
    icon: icons[state],
    contextValue: state === 'killed' ? sessionItems.killed : state === 'ended' ? sessionItems.ended : sessionItems.live,
  };
}

function spent({ spend }: SessionView): string {
  return spend === undefined || spend.tokens === 0 ? '' : `${costText(spend)}, ${tokensText(spend.tokens)}`;
}

/** Live ones first, the latest seen on top. */
export function inOrder(sessions: readonly SessionView[]): readonly SessionView[] {
  const over = ({ state }: SessionView): number => (state === 'ended' || state === 'killed' ? 1 : 0);
  return [...sessions].sort((a, b) => over(a) - over(b) || b.lastSeenAt - a.lastSeenAt);
}

/** `now`, `5 min`, `3 h`, `2 d` */
export function age(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60 / 24)} d`;
}

function plural(value: number, word: string): string {
  return `${value} ${word}${value === 1 ? '' : 's'}`;
}
