import type { EntryRow } from '../../engine/audit/search.ts';
import { wordOf, type Word } from '../activity/record-text.ts';

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

/** `14:03:09`, on another day than today `Nov 27 14:03:09`. */
export function rowTime(time: number, now: number): string {
  const date = new Date(time);
  const clock = date.toLocaleTimeString([], { hourCycle: 'h23' });
  if (date.toDateString() === new Date(now).toDateString()) return clock;
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  const day = date.toLocaleDateString([], { month: 'short', day: 'numeric', ...(sameYear ? {} : { year: 'numeric' }) });
  return `${day} ${clock}`;
}
