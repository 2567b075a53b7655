import type { RuleRef } from '../../decision.ts';
import type { AuditEntry } from '../entry.ts';
import { type Html, html } from './html.ts';

/** `2026-03-04 12:30:05`, in UTC; what is no time is shown as the number that it is. */
export function timeText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(0, 19).replace('T', ' ');
}

/** `850 ms`, `12 s`, `4 min 5 s`, `2 h 10 min` */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.trunc(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.trunc(seconds / 3600)} h ${Math.trunc((seconds % 3600) / 60)} min`;
}

/** `1 entry`, `2,000 entries` */
export function counted(count: number, one: string, many: string): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

export function numberText(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

const longest = 600;

/** What a call is about, on one line where it can be: its command, its file, its address; else all its arguments. */
export function subjectOf(entry: AuditEntry): Html | undefined {
  const { arguments: given } = entry;
  if (given === undefined) return undefined;
  const main = ['command', 'file_path', 'notebook_path', 'url', 'query', 'pattern', 'path'].map((name) => given[name]).find(isText);
  const text = main ?? JSON.stringify(given);
  return html`<code>${text.length > longest ? `${text.slice(0, longest)}…` : text}</code>`;
}

export function rulesText(rules: readonly RuleRef[] | undefined): string {
  return (rules ?? []).map(({ policy, rule, layer }) => `${policy}/${rule} (${layer})`).join(', ');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
