import type { EntryRow } from '../../engine/audit/search.ts';
import { wordOf, type Word } from '../activity/record-text.ts';

/** A row as it is drawn. `day` and `date` tell it from those of another day. */
export interface RowText extends Word {
  readonly clock: string;
  readonly date: string;
  readonly day: number;
  /** These may hold an agent's text. */
  readonly tool: string;
  readonly subject: string;
  readonly rule: string;
  readonly by: string;
}

const known = new WeakMap<EntryRow, RowText>();

/** Made once for each row: all of them are drawn again with every entry that comes, and saying a time takes longer than drawing it. */
export function rowText(row: EntryRow): RowText {
  const text = known.get(row) ?? {
    ...rowWord(row),
    clock: clock.format(row.time),
    date: date.format(row.time),
    day: dayOf(row.time),
    tool: rowTool(row),
    subject: row.summary,
    rule: row.rule ?? '',
    by: row.person ?? row.agent ?? '',
  };
  known.set(row, text);
  return text;
}

const clock = new Intl.DateTimeFormat([], { hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' });
const date = new Intl.DateTimeFormat([], { year: '2-digit', month: 'short', day: 'numeric' });

/** `14:03:09`, on another day than `today` with its date before it. */
export function rowTime({ clock: at, date: on, day }: Pick<RowText, 'clock' | 'date' | 'day'>, today: number): string {
  return day === today ? at : `${on} ${at}`;
}

/** The reader's days, counted. */
export function dayOf(time: number): number {
  return Math.floor((time - new Date(time).getTimezoneOffset() * 60_000) / 86_400_000);
}

/** What happened, as an icon, a tone and a word. */
export function rowWord({ kind, action, mode, outcome }: EntryRow): Word {
  const detail = outcome === undefined ? {} : { detail: kind === 'outcome' ? { status: outcome } : { outcome } };
  return wordOf({ kind, ...(action === undefined ? {} : { action }), ...(mode === undefined ? {} : { mode }), ...detail });
}

/** The tool as its agent calls it. */
export function rowTool({ tool, nativeTool, mcpServer }: EntryRow): string {
  const name = nativeTool ?? tool ?? '';
  return mcpServer === undefined ? name : `${mcpServer}/${tool ?? name}`;
}
