import { randomBytes } from 'node:crypto';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import { type Hold, holdAdded, holdRemoved, holdsIn } from '../../storage/audit-holds.ts';
import { AuditDatabase } from '../../storage/audit-log.ts';
import { openDatabase } from '../../storage/database.ts';
import { homeOf, openHome } from '../../storage/home.ts';
import { type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents } from './governor.ts';
import { table, visible } from './table.ts';
import { timeOf } from './time.ts';

/** Keeps a session's entries, or those of a span of time, from being emptied. */
export async function hold([verb = 'list', ...args]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (verb === 'list') return list(args, terminal);
  if (verb === 'add') return add(args, terminal);
  if (verb === 'remove') return remove(args, terminal);
  throw new WrongUsage(`"${verb}" is not one of add, remove, list`);
}

function list(args: readonly string[], terminal: Terminal): ExitCode {
  const { values } = parse(args, { json: { type: 'boolean' } });
  const holds = inForce();
  if (values.json) terminal.out(JSON.stringify(holds));
  else terminal.out(holds.length === 0 ? 'No hold is in force.' : table(['ID', 'HOLDS', 'SINCE', 'REASON'], holds.map(row)));
  return 0;
}

function row({ id, session, since, until, reason, at }: Hold): readonly string[] {
  const span = [since, until].map((time) => (time === undefined ? '' : new Date(time).toISOString())).join(' … ');
  const what = [session === undefined ? '' : `session ${session}`, since === undefined && until === undefined ? '' : span];
  return [id, visible(what.filter((part) => part !== '').join(', ')), new Date(at).toISOString(), visible(reason)];
}

async function add(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const text = { type: 'string' } as const;
  const { values } = parse(args, { session: text, since: text, until: text, reason: text });
  const { session, since, until } = values;
  refuseAgents('"countersign audit hold"');
  if (session === undefined && since === undefined && until === undefined) throw new WrongUsage('--session, --since or --until is missing');
  const at = Date.now();
  const place = {
    ...(session === undefined ? {} : { session }),
    ...(since === undefined ? {} : { since: timeOf(since, at) }),
    ...(until === undefined ? {} : { until: timeOf(until, at) }),
  };
  const id = `h${randomBytes(4).toString('hex')}`;
  await write(holdAdded({ id, ...place, reason: required(values.reason, '--reason TEXT'), at }));
  terminal.out(id);
  return 0;
}

async function remove(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, { reason: { type: 'string' } });
  const id = required(positionals[0], 'the ID');
  refuseAgents('"countersign audit hold"');
  if (!inForce().some((one) => one.id === id)) throw new Error(`No hold ${id} is in force. See: countersign audit hold list`);
  await write(holdRemoved(id, required(values.reason, '--reason TEXT'), Date.now()));
  terminal.out(`${id} is no longer in force.`);
  return 0;
}

function inForce(): readonly Hold[] {
  const database = openDatabase(homeOf().audit, { readonly: true });
  try {
    return holdsIn(database);
  } finally {
    database.close();
  }
}

async function write(entry: AuditEntry): Promise<void> {
  const log = new AuditDatabase(openHome().audit);
  try {
    await log.append(entry, 'synced');
  } finally {
    log.close();
  }
}
