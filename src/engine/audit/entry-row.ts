import { visibleText } from '../guardrail/visible-text.ts';
import type { JsonObject } from '../json.ts';
import type { AuditEntry, AuditRecord } from './entry.ts';
import type { EntryRow } from './search.ts';

/** What a list shows of an entry. Nothing of an agent's text is hidden in it: what would not be seen is named. */
export function entryRow({ seq, entry }: AuditRecord): EntryRow {
  const { time, kind, agent, session, subagent, tool, nativeTool, mcpServer, action, mode, rules, approver } = entry;
  const [rule] = rules ?? [];
  return {
    seq,
    time,
    kind,
    ...given({ agent, session, subagent, tool, nativeTool, mcpServer, person: approver?.user }),
    ...(action === undefined ? {} : { action }),
    ...(mode === undefined ? {} : { mode }),
    ...(rule === undefined ? {} : { rule: line(`${rule.policy}/${rule.rule}`) }),
    ...became(entry),
    summary: line(subject(entry)),
  };
}

/** The row of an entry that nobody can read: it must not be missing from a list. */
export function unreadableRow(seq: number, time: number): EntryRow {
  return { seq, time, kind: 'incident', summary: `Entry ${seq} cannot be read. Run: countersign audit verify` };
}

/** The word of an outcome or an answer: in a list, what was refused or failed must not look like the rest. */
function became({ kind, detail }: AuditEntry): Pick<EntryRow, 'outcome'> {
  const word = kind === 'outcome' ? detail?.['status'] : kind === 'approval-answered' ? detail?.['outcome'] : undefined;
  return typeof word === 'string' ? { outcome: line(word) } : {};
}

type Names = 'agent' | 'session' | 'subagent' | 'tool' | 'nativeTool' | 'mcpServer' | 'person';

function given(names: Readonly<Record<Names, string | undefined>>): Pick<EntryRow, Names> {
  return Object.fromEntries(Object.entries(names).flatMap(([name, text]) => (text === undefined ? [] : [[name, line(text)]])));
}

const longest = 200;
/** Each of these characters becomes at least one of the line's. */
const enough = 2 * longest;

function line(text: string): string {
  const shown = visibleText(text.slice(0, enough).replaceAll(/\r?\n/g, ' ⏎ ').replaceAll('\t', ' '));
  if (shown.length <= longest) return shown;
  return `${shown.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The arguments that say most, the most telling first. */
const telling = ['command', 'file_path', 'notebook_path', 'path', 'url', 'query', 'pattern', 'prompt', 'description'];

function subject({ kind, arguments: input, reason, detail, ...entry }: AuditEntry): string {
  if ('pruned' in entry) return 'Its contents were removed: it is older than the log keeps them';
  if (kind === 'outcome') return outcome(detail);
  if (kind === 'incident' && reason) return reason;
  const found = textOf(input, telling) ?? (input === undefined || Object.keys(input).length === 0 ? undefined : JSON.stringify(input));
  return found ?? (reason || (textOf(detail, ['message', 'path', 'event', 'source', 'outcome']) ?? ''));
}

function outcome(detail: JsonObject | undefined): string {
  const error = textOf(detail, ['error']);
  const ms = detail?.['durationMs'];
  const took = typeof ms === 'number' ? ` after ${Math.round(ms)} ms` : '';
  return error === undefined ? `${textOf(detail, ['status']) ?? 'ended'}${took}` : `failed${took}: ${error}`;
}

function textOf(object: JsonObject | undefined, names: readonly string[]): string | undefined {
  return names.map((name) => object?.[name]).find((value): value is string => typeof value === 'string' && value !== '');
}
