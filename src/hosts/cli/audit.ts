import { existsSync } from 'node:fs';
import type { AuditRecord } from '../../engine/audit/entry.ts';
import { AuditDatabase } from '../../storage/audit-log.ts';
import { verifyAuditLog, type LogVerdict } from '../../storage/audit-verify.ts';
import { homeOf } from '../../storage/home.ts';
import { lostEntries } from '../../storage/log-memory.ts';
import { StateDatabase } from '../../storage/state-db.ts';
import { filterOf, filterOptions } from './audit-filter.ts';
import { type Command, type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { clip, table, visible } from './table.ts';

export const audit: Command = {
  name: 'audit',
  summary: 'what was decided, and whether the record of it still holds',
  usage: `countersign audit list [--since TIME] [--until TIME] [--session ID] [--agent NAME] [--tool NAME] [--action ACTION] [--limit N] [--json]
countersign audit show SEQ [--json]
countersign audit verify [--db PATH] [--json]
countersign audit export --format jsonl|csv|ocsf|otlp [--since TIME] [--until TIME] [--session ID] [--agent NAME] [--tool NAME] [--action ACTION] [--out FILE]
countersign audit report --html FILE (--since TIME [--until TIME] | --session ID)`,
  run: async (args, terminal) => {
    const [verb = 'list', ...rest] = args;
    if (verb === 'list') return list(rest, terminal);
    if (verb === 'show') return show(rest, terminal);
    if (verb === 'verify') return verify(rest, terminal);
    if (verb === 'export') return (await import('./audit-export.ts')).exportLog(rest);
    if (verb === 'report') return (await import('./audit-report.ts')).report(rest, terminal);
    if (['checkpoint', 'prove'].includes(verb)) throw new WrongUsage(`"audit ${verb}" is not in this version`);
    throw new WrongUsage(`"${verb}" is not one of list, show, verify, export, report`);
  },
};

function list(args: readonly string[], terminal: Terminal): ExitCode {
  const { values } = parse(args, { ...filterOptions, limit: { type: 'string' }, json: { type: 'boolean' } });
  const limit = Number(values.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1) throw new WrongUsage('--limit takes a whole number from 1 on');
  const records = reading((log) => log.list({ ...filterOf(values), limit }));
  if (values.json) terminal.out(JSON.stringify(records.map((record) => ({ id: record.seq, ...record }))));
  else
    terminal.out(
      records.length === 0 ? 'Nothing was recorded for that.' : table(['SEQ', 'TIME', 'KIND', 'ACTION', 'TOOL', 'WHAT'], records.map(row)),
    );
  return 0;
}

function row({ seq, entry }: AuditRecord): readonly string[] {
  const what = entry.reason || (entry.arguments ? JSON.stringify(entry.arguments) : '');
  return [String(seq), new Date(entry.time).toISOString(), entry.kind, entry.action ?? '', entry.nativeTool ?? '', clip(visible(what), 80)];
}

function show(args: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parse(args, { json: { type: 'boolean' } });
  const seq = Number(required(positionals[0], 'the SEQ'));
  const record = reading((log) => log.get(seq));
  if (record === undefined) throw new Error(`There is no entry ${positionals[0]}.`);
  terminal.out(JSON.stringify({ id: record.seq, ...record }, null, values.json ? 0 : 2));
  return 0;
}

function verify(args: readonly string[], terminal: Terminal): ExitCode {
  const { values } = parse(args, { db: { type: 'string' }, json: { type: 'boolean' } });
  const verdict = values.db === undefined ? verifyOwn() : verifyAuditLog(values.db);
  if (values.json) terminal.out(JSON.stringify(verdict));
  else if (verdict.ok) terminal.out(`${verdict.count} entries, each chained to the one before it. Head: ${verdict.head}`);
  else terminal.err(`The log does not hold: ${verdict.why}.`);
  return verdict.ok ? 0 : 2;
}

/** The chain, and whether it still reaches as far as the governor remembers. */
function verifyOwn(): LogVerdict {
  const home = homeOf();
  const verdict = verifyAuditLog(home.audit);
  if (!verdict.ok || !existsSync(home.state)) return verdict;
  const state = new StateDatabase(home.state);
  try {
    const head = state.logHead();
    const why = reading((log) => lostEntries(log, head));
    return why === undefined || head === undefined ? verdict : { ok: false, seq: head.seq, why: why.replace(/\.$/, '') };
  } finally {
    state.close();
  }
}

function reading<T>(read: (log: AuditDatabase) => T): T {
  const log = new AuditDatabase(homeOf().audit, { readonly: true });
  try {
    return read(log);
  } finally {
    log.close();
  }
}
