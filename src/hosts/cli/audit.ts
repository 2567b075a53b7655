import type { AuditRecord } from '../../engine/audit/entry.ts';
import { AuditDatabase } from '../../storage/audit-log.ts';
import { homeOf } from '../../storage/home.ts';
import { filterOf, filterOptions } from './audit-filter.ts';
import { type Command, type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { clip, table, visible } from './table.ts';

export const audit: Command = {
  name: 'audit',
  summary: 'what was decided, and whether the record of it still holds',
  usage: `countersign audit list [--since TIME] [--until TIME] [--session ID] [--agent NAME] [--tool NAME] [--action ACTION] [--limit N] [--json]
countersign audit show SEQ [--json]
countersign audit verify [--db PATH] [--anchor FILE|git:REPOSITORY[#REF]|rfc3161[:CERTIFICATES]]… [--key FILE]… [--chain-only] [--json]
countersign audit checkpoint [--key]
countersign audit prove SEQ [--db PATH] [--out FILE]
countersign audit prove --from SIZE --to SIZE [--db PATH] [--out FILE]
countersign audit rotate-key [--lost]
countersign audit export --format jsonl|csv|ocsf|otlp [--since TIME] [--until TIME] [--session ID] [--agent NAME] [--tool NAME] [--action ACTION] [--out FILE]
countersign audit report --html FILE (--since TIME [--until TIME] | --session ID)
countersign audit false-positive SEQ [--finding N] --reason TEXT [--policy NAME] [--yes] [--json]
                                    what a guardrail found is none: the entry for its "allow", which --yes writes
countersign audit hold list | add [--session ID] [--since TIME] [--until TIME] --reason TEXT | remove ID --reason TEXT`,
  run: async ([verb = 'list', ...args], terminal) => {
    const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (run === undefined) throw new WrongUsage(`"${verb}" is not one of ${Object.keys(verbs).join(', ')}`);
    return run(args, terminal);
  },
};

type Verb = (args: readonly string[], terminal: Terminal) => ExitCode | Promise<ExitCode>;

/** Loaded one by one, like the commands. */
const verbs: Readonly<Record<string, Verb>> = {
  list,
  show,
  verify: async (args, terminal) => (await import('./audit-verify.ts')).verify(args, terminal),
  checkpoint: async (args, terminal) => (await import('./audit-checkpoint.ts')).checkpoint(args, terminal),
  prove: async (args, terminal) => (await import('./audit-prove.ts')).prove(args, terminal),
  'rotate-key': async (args, terminal) => (await import('./audit-checkpoint.ts')).rotateKey(args, terminal),
  export: async (args) => (await import('./audit-export.ts')).exportLog(args),
  report: async (args, terminal) => (await import('./audit-report.ts')).report(args, terminal),
  'false-positive': async (args, terminal) => (await import('./audit-false-positive.ts')).falsePositive(args, terminal),
  hold: async (args, terminal) => (await import('./audit-hold.ts')).hold(args, terminal),
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

function reading<T>(read: (log: AuditDatabase) => T): T {
  const log = new AuditDatabase(homeOf().audit, { readonly: true });
  try {
    return read(log);
  } finally {
    log.close();
  }
}
