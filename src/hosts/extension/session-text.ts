import { basename } from 'node:path';
import type { SessionView } from '../../channel/messages.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import { costText, tokensText } from '../../engine/spend/spend-text.ts';
import { governedHow, placeText } from '../../governor/sight-text.ts';
import { sessionItems } from './contributions.ts';
import { age, lineOf, plural } from './session-words.ts';

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
  paused: 'debug-pause',
  ended: 'check',
  killed: 'circle-slash',
};

const words: Readonly<Record<SessionView['state'], string>> = {
  busy: 'busy',
  waiting: 'waiting',
  asking: 'asks in its own window',
  idle: 'idle',
  paused: 'paused',
  ended: 'ended',
  killed: 'killed',
};

export function sessionText(session: SessionView, now: number): SessionText {
  const { agent, cwd, mode, state, calls, denials, startedAt, id, killed, paused } = session;
  const isSilent = governedBy(session) === 'none';
  const numbers = `${plural(calls, 'call')}${denials > 0 ? `, ${denials} denied` : ''}`;
  const waiting = `${session.pending} waiting`;
  const doing = session.pending === 0 || state === 'killed' ? words[state] : state === 'paused' ? `paused, ${waiting}` : waiting;
  return {
    label: visibleText(cwd === '' ? agent : `${agent} in ${basename(cwd) || cwd}`),
    description: lineOf([
      isSilent ? 'not governed' : proofMark(session),
      doing,
      mode === 'default' ? '' : visibleText(mode),
      isSilent && calls === 0 ? '' : numbers,
      spent(session),
      age(now - startedAt),
    ]),
    tooltip: [
      `Session ${visibleText(id)}`,
      proofText(session),
      visibleText(cwd),
      ...machineOf(session).map(visibleText),
      `Started ${new Date(startedAt).toLocaleString()}`,
      session.lastCallAt === undefined ? '' : `Last call ${new Date(session.lastCallAt).toLocaleString()}`,
      killed ? `Killed by ${killed.by}: ${killed.reason}` : '',
      paused && !killed ? `Paused by ${paused.by}${paused.reason === '' ? '' : `: ${paused.reason}`}` : '',
    ]
      .filter(Boolean)
      .join('\n'),
    icon: isSilent ? 'warning' : icons[state],
    contextValue: isSilent
      ? sessionItems.ungoverned
      : sessionItems[state === 'killed' || state === 'ended' || state === 'paused' ? state : 'live'],
  };
}

/** That it is governed was seen; how, in the tooltip. */
function proofMark({ proven }: SessionView): string {
  if (proven === undefined) return '';
  return 'problem' in proven ? 'not proven' : `proven ${clock(proven.at)}`;
}

function proofText({ proven }: SessionView): string {
  if (proven === undefined) return '';
  if ('problem' in proven) return visibleText(`Not proven to be governed: ${proven.problem}`);
  return `Governed, seen at ${clock(proven.at)}: ${proofs[proven.by]}`;
}

const proofs = {
  start: 'its start came from its own hook, and its settings are as they should be',
  hooks: 'its client told that it registered these hooks',
  prompt: 'a prompt came on both of its ways',
  call: 'a call came on both of its ways',
  canary: 'the same client, started once more in the same way, had a call refused',
} as const;

function clock(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

/** A row that says nothing of hooks comes from a governor that did not look. */
function governedBy({ governed, state }: SessionView): string | undefined {
  return state === 'ended' || state === 'killed' ? undefined : governed?.by;
}

function machineOf({ agent, version, model, place, governed, state }: SessionView): readonly string[] {
  return [
    version === undefined ? '' : `${agent} ${version}`,
    model === undefined ? '' : `Model ${model}`,
    place === undefined ? '' : `Runs in: ${placeText(place)}`,
    governed === undefined || state === 'ended' ? '' : governedHow[governed.by],
  ];
}

function spent({ spend }: SessionView): string {
  return spend === undefined || spend.tokens === 0 ? '' : `${costText(spend)}, ${tokensText(spend.tokens)}`;
}

/** What is not governed first, then what lives, the latest seen on top. */
export function inOrder(sessions: readonly SessionView[]): readonly SessionView[] {
  const rank = (session: SessionView): number => {
    if (session.state === 'ended' || session.state === 'killed') return 2;
    return governedBy(session) === 'none' ? 0 : 1;
  };
  return [...sessions].sort((a, b) => rank(a) - rank(b) || b.lastSeenAt - a.lastSeenAt);
}
