import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readVerifierKey } from '../../engine/audit/note.ts';
import type { AnchorText } from '../../storage/audit-verify-tree.ts';
import { readAnchor } from '../../storage/audit-anchors.ts';
import { BadTimeStamp, readTimeStamps } from '../../storage/audit-timestamps.ts';
import { publicKeyFile } from '../../storage/audit-key.ts';
import { AuditDatabase } from '../../storage/audit-log.ts';
import { type LogVerdict, verifyAuditLog, verifyChainOnly, type VerifyOptions } from '../../storage/audit-verify.ts';
import { homeOf, timeStampsFile } from '../../storage/home.ts';
import { lostEntries } from '../../storage/log-memory.ts';
import { StateDatabase } from '../../storage/state-db.ts';
import { type ExitCode, parse, type Terminal } from './command.ts';
import { visible } from './table.ts';

/** Whether the log holds: 2 at the first thing that does not. */
export async function verify(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const many = { type: 'string', multiple: true } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parse(args, { db: { type: 'string' }, anchor: many, key: many, 'chain-only': flag, json: flag });
  const path = values.db ?? homeOf().audit;
  if (values['chain-only']) return tell(verifyChainOnly(path), [], values.json === true, terminal);
  try {
    const anchors = await Promise.all((values.anchor ?? []).map(async (name) => seenIn(name, path)));
    const keys = values.key?.flatMap(keysIn);
    const options = { anchors, ...(keys === undefined ? {} : { keys }) };
    const verdict = values.db === undefined ? verifyOwn(options) : verifyAuditLog(path, options);
    return tell(verdict, anchors, values.json === true, terminal);
  } catch (error) {
    if (!(error instanceof BadTimeStamp)) throw error;
    return tell({ ok: false, seq: 0, why: error.message }, [], values.json === true, terminal);
  }
}

/** What a place has seen of the log. */
interface Anchored extends AnchorText {
  /** What it says besides: when. */
  readonly stamps?: string;
}

/** `rfc3161[:CERTIFICATES]` are the time stamps that are kept beside the log. */
async function seenIn(name: string, log: string): Promise<Anchored> {
  const [isStamped, , ca] = /^rfc3161(:(.+))?$/.exec(name) ?? [];
  if (isStamped === undefined) return { name, text: await readAnchor(name) };
  const { text, stamps } = readTimeStamps(join(dirname(log), timeStampsFile), ca);
  const times = stamps.map(({ at }) => at);
  const [first, last] = [Math.min(...times), Math.max(...times)].map((time) => new Date(time).toISOString());
  const by = [...new Set(stamps.map(({ authority }) => visible(authority)))].join(', ');
  const unchecked = ca === undefined ? ` Who that is was not checked: name a file of its authority's certificates, as ${name}:FILE.` : '';
  return { name, text, stamps: `Time stamps that hold: ${stamps.length}, from ${first} to ${last}, by ${by}.${unchecked}` };
}

function keysIn(file: string): readonly string[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  try {
    return lines.map((line) => readVerifierKey(line).text);
  } catch (cause) {
    throw new Error(`${file} cannot be used as a key: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Besides what can be seen from the file alone: whether the log still reaches as far as the governor remembers, and names the key that lies beside it. */
export function verifyOwn(options: VerifyOptions = {}): LogVerdict {
  const home = homeOf();
  const verdict = verifyAuditLog(home.audit, options);
  return verdict.ok ? (lostByState() ?? foreignKey(verdict.keys, publicKeyFile(home.auditKey)) ?? verdict) : verdict;
}

function lostByState(): LogVerdict | undefined {
  const home = homeOf();
  if (!existsSync(home.state)) return undefined;
  const state = new StateDatabase(home.state);
  const log = new AuditDatabase(home.audit, { readonly: true });
  try {
    const head = state.logHead();
    const why = lostEntries(log, head);
    return why === undefined || head === undefined ? undefined : { ok: false, seq: head.seq, why: why.replace(/\.$/, '') };
  } finally {
    log.close();
    state.close();
  }
}

function foreignKey(ids: readonly string[], file: string): LogVerdict | undefined {
  if (!existsSync(file)) return undefined;
  const [key] = keysIn(file).map((text) => readVerifierKey(text).id);
  const named = ids.at(-1);
  if (named === undefined || key === named) return undefined;
  return { ok: false, seq: 0, why: `${file} is not the key that the log names last`, expected: named, found: key ?? 'none' };
}

type Told = LogVerdict | ReturnType<typeof verifyChainOnly>;

function tell(verdict: Told, anchors: readonly Anchored[], isJson: boolean, terminal: Terminal): ExitCode {
  if (isJson) terminal.out(JSON.stringify({ ...verdict, ...told(anchors) }));
  else if (verdict.ok) terminal.out(checked(verdict, anchors).join('\n'));
  else terminal.err(fault(verdict).join('\n'));
  return verdict.ok ? 0 : 2;
}

function told(anchors: readonly Anchored[]): { readonly anchors?: readonly string[]; readonly timeStamps?: readonly string[] } {
  const stamps = anchors.flatMap((anchor) => anchor.stamps ?? []);
  return {
    ...(anchors.length > 0 ? { anchors: anchors.map(({ name }) => name) } : {}),
    ...(stamps.length > 0 ? { timeStamps: stamps } : {}),
  };
}

function fault({ why, expected, found }: Extract<Told, { ok: false }>): readonly string[] {
  const details = [expected === undefined ? '' : `  expected: ${expected}`, found === undefined ? '' : `  found:    ${found}`];
  return [`The log does not hold: ${why}.`, ...details.filter((line) => line !== '')];
}

function checked(verdict: Extract<Told, { ok: true }>, anchors: readonly Anchored[]): readonly string[] {
  const first = `${verdict.count} entries, each chained to the one before it. Head: ${verdict.head}`;
  if (!('signed' in verdict)) return [first];
  const { checkpoints, signed, keys, policies, pruned, count } = verdict;
  return [
    first,
    checkpoints === 0
      ? 'The log was never signed. Sign it with: countersign audit checkpoint'
      : `Checkpoints that hold: ${checkpoints}, the last one of size ${signed.size}, root ${signed.root}. Entries after it: ${count - signed.size}.`,
    ...(keys.length === 0 ? [] : [`Signed with the ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', then ')}.`]),
    `Policy texts that have their digests: ${policies}.`,
    ...Object.entries(pruned).map(([by, emptied]) => `Entries without contents: ${emptied}. Entry ${by} says when and under which rule.`),
    ...anchors.flatMap(({ name, stamps }) => [`The log contains what ${name} has seen of it.`, ...(stamps === undefined ? [] : [stamps])]),
  ];
}
