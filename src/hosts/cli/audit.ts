import type { AuditRecord } from '../../engine/audit/entry.ts';
import type { Action } from '../../engine/decision.ts';
import { AuditDatabase, type AuditFilter } from '../../storage/audit-log.ts';
import { homeOf } from '../../storage/home.ts';
import { type Command, type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { clip, table, visible } from './table.ts';
import { timeOf } from './time.ts';

export const audit: Command = {
  name: 'audit',
  summary: 'what was decided, and whether the record of it still holds',
  usage: `countersign audit list [--since TIME] [--until TIME] [--session ID] [--agent NAME] [--tool NAME] [--action ACTION] [--limit N] [--json]
countersign audit show SEQ [--json]
countersign audit verify [--db PATH] [--anchor FILE|git:REPOSITORY[#REF]]… [--key FILE]… [--chain-only] [--json]
countersign audit checkpoint [--key]
countersign audit prove SEQ [--db PATH] [--out FILE]
countersign audit prove --from SIZE --to SIZE [--db PATH] [--out FILE]
countersign audit rotate-key [--lost]
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
  hold: async (args, terminal) => (await import('./audit-hold.ts')).hold(args, terminal),
};

const actions: readonly string[] = ['allow', 'deny', 'require_approval', 'abstain'] satisfies readonly Action[];

function list(args: readonly string[], terminal: Terminal): ExitCode {
  const text = { type: 'string' } as const;
  const { values } = parse(args, {
    since: text,
    until: text,
    session: text,
    agent: text,
    tool: text,
    action: text,
    limit: text,
    json: { type: 'boolean' },
  });
  const limit = Number(values.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1) throw new WrongUsage('--limit takes a whole number from 1 on');
  if (values.action !== undefined && !actions.includes(values.action)) throw new WrongUsage(`--action is one of ${actions.join(', ')}`);
  const records = reading((log) => log.list(filterOf(values, limit)));
  if (values.json) terminal.out(JSON.stringify(records.map((record) => ({ id: record.seq, ...record }))));
  else
    terminal.out(
      records.length === 0 ? 'Nothing was recorded for that.' : table(['SEQ', 'TIME', 'KIND', 'ACTION', 'TOOL', 'WHAT'], records.map(row)),
    );
  return 0;
}

function filterOf(values: Readonly<Record<string, string | boolean | undefined>>, limit: number): AuditFilter {
  const given = (name: string): Record<string, string> => (typeof values[name] === 'string' ? { [name]: values[name] } : {});
  const time = (name: string): Record<string, number> =>
    typeof values[name] === 'string' ? { [name]: timeOf(values[name], Date.now()) } : {};
  return { limit, ...time('since'), ...time('until'), ...given('session'), ...given('agent'), ...given('tool'), ...given('action') };
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
