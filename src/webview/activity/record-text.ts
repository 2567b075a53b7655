import type { AuditRecord } from '../../engine/audit/entry.ts';
import type { Icon } from '../icons.ts';
import { toolLabel } from '../tool-text.ts';

/** What a person filters by. */
export const filters = ['decisions', 'deny', 'require_approval', 'allow', 'abstain', 'other', 'all'] as const;
export type Filter = (typeof filters)[number];

export const filterLabels: Readonly<Record<Filter, string>> = {
  decisions: 'Decisions',
  deny: 'Denied',
  require_approval: 'Asked and answered',
  allow: 'Allowed',
  abstain: 'No opinion',
  other: 'Everything else',
  all: 'Everything',
};

/** What a person wants to see live: not every result and prompt. */
const decisionKinds: ReadonlySet<string> = new Set([
  'decision',
  'approval-asked',
  'approval-answered',
  'session-killed',
  'session-revived',
  'session-paused',
  'session-resumed',
  'incident',
]);
const approvalKinds: ReadonlySet<string> = new Set(['approval-asked', 'approval-answered']);

export function matches({ entry }: AuditRecord, filter: Filter): boolean {
  if (filter === 'all') return true;
  if (filter === 'decisions') return decisionKinds.has(entry.kind);
  const asked = entry.action === 'require_approval' || entry.detail?.['decided'] === 'require_approval' || approvalKinds.has(entry.kind);
  if (filter === 'require_approval') return asked;
  if (filter === 'other') return entry.kind !== 'decision' && !approvalKinds.has(entry.kind);
  return entry.kind === 'decision' && entry.action === filter;
}

/** One line: an icon, a word for what happened, and what it happened to. The subject may be an agent's text. */
export interface RecordText {
  readonly icon: Icon;
  readonly tone: 'plain' | 'bad' | 'asked' | 'good';
  readonly word: string;
  readonly subject: string;
}

export function recordText({ entry }: AuditRecord): RecordText {
  return { ...wordOf(entry), subject: subjectOf(entry) };
}

export type Word = Omit<RecordText, 'subject'>;
type Happened = Pick<AuditRecord['entry'], 'kind' | 'action' | 'mode' | 'detail'>;

/** What happened. */
export function wordOf(entry: Happened): Word {
  return entry.kind === 'decision' ? decision(entry) : other(entry);
}

function decision({ action, mode }: Happened): Word {
  const word = decisions[action ?? 'abstain'];
  const would = wouldBe[action ?? 'abstain'];
  return mode === 'observe' && would !== undefined ? { ...word, tone: 'plain', word: would } : word;
}

/** Nothing was stopped: it must not look as if it had been. */
const wouldBe: Readonly<Partial<Record<NonNullable<AuditRecord['entry']['action']>, string>>> = {
  deny: 'would deny',
  require_approval: 'would ask',
  allow: 'would allow',
};

const decisions: Readonly<Record<NonNullable<AuditRecord['entry']['action']>, Word>> = {
  deny: { icon: 'error', tone: 'bad', word: 'denied' },
  require_approval: { icon: 'question', tone: 'asked', word: 'asked' },
  allow: { icon: 'pass', tone: 'good', word: 'allowed' },
  abstain: { icon: 'circle-outline', tone: 'plain', word: 'no opinion' },
};

function other({ kind, action, detail }: Happened): Word {
  const outcome = detail?.['outcome'];
  if (kind === 'approval-answered')
    return answers[typeof outcome === 'string' ? outcome : ''] ?? { icon: 'comment', tone: 'plain', word: 'answered' };
  if (kind === 'outcome' && detail?.['status'] === 'failed') return { icon: 'close', tone: 'plain', word: 'failed' };
  if (kind === 'config-change' && action === 'deny') return { icon: 'gear', tone: 'bad', word: 'settings change refused' };
  return others[kind] ?? { icon: 'circle-outline', tone: 'plain', word: kind };
}

const answers: Readonly<Record<string, Word>> = {
  approved: { icon: 'thumbsup', tone: 'good', word: 'you approved' },
  denied: { icon: 'thumbsdown', tone: 'bad', word: 'you denied' },
  'timed-out': { icon: 'clock', tone: 'bad', word: 'nobody answered' },
  cancelled: { icon: 'circle-slash', tone: 'plain', word: 'no longer asked' },
};

const others: Readonly<Partial<Record<AuditRecord['entry']['kind'], Word>>> = {
  outcome: { icon: 'check', tone: 'plain', word: 'ran' },
  'approval-asked': { icon: 'bell', tone: 'asked', word: 'waits' },
  'session-start': { icon: 'debug-start', tone: 'plain', word: 'session began' },
  'session-end': { icon: 'debug-disconnect', tone: 'plain', word: 'session ended' },
  'session-killed': { icon: 'debug-stop', tone: 'bad', word: 'session killed' },
  'session-revived': { icon: 'debug-restart', tone: 'plain', word: 'session revived' },
  'session-paused': { icon: 'debug-pause', tone: 'asked', word: 'paused' },
  'session-resumed': { icon: 'debug-continue', tone: 'plain', word: 'pause ended' },
  'incident-closed': { icon: 'pass', tone: 'plain', word: 'incident closed' },
  budget: { icon: 'dashboard', tone: 'asked', word: 'budget' },
  prompt: { icon: 'comment', tone: 'plain', word: 'prompt' },
  'config-change': { icon: 'gear', tone: 'asked', word: 'settings changed' },
  policy: { icon: 'law', tone: 'plain', word: 'policy' },
  governor: { icon: 'shield', tone: 'plain', word: 'governor' },
  incident: { icon: 'warning', tone: 'bad', word: 'incident' },
  checkpoint: { icon: 'verified', tone: 'plain', word: 'log signed' },
  key: { icon: 'key', tone: 'plain', word: 'signing key' },
  prune: { icon: 'archive', tone: 'plain', word: 'old entries emptied' },
  hold: { icon: 'lock', tone: 'plain', word: 'legal hold' },
};

/** What the call is about, as short as a line allows: the command, the file, the address. */
function subjectOf({ arguments: args, nativeTool, tool, mcpServer, reason, session }: AuditRecord['entry']): string {
  const telling = ['command', 'file_path', 'notebook_path', 'url', 'query', 'pattern', 'prompt', 'description']
    .map((name) => args?.[name])
    .find((value) => typeof value === 'string');
  const name = mcpServer === undefined ? nativeTool : `${mcpServer}/${nativeTool ?? tool ?? ''}`;
  // A command speaks for itself, and a line is short.
  if (typeof telling === 'string' && tool === 'shell') return firstLine(telling);
  if (typeof telling === 'string') return `${name ?? ''} ${firstLine(telling)}`.trim();
  if (name !== undefined) return name;
  return tool === undefined ? firstLine(reason ?? session ?? '') : toolLabel(tool);
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length < text.length ? `${line} …` : line;
}
