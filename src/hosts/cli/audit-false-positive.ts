import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import type { Inserted } from '../../engine/policy/add-pack.ts';
import type { PolicyFile } from '../../engine/policy/policy-set.ts';
import {
  type AllowTarget,
  findingOf,
  type LoggedFinding,
  ownAllowing,
  whoMayAllow,
  whyNobodyMay,
  withAllowed,
} from '../../engine/guardrail/policy/false-positive.ts';
import { AuditDatabase } from '../../storage/audit-log.ts';
import { homeOf } from '../../storage/home.ts';
import { replaceFile } from '../../storage/install/backup.ts';
import { type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents } from './governor.ts';
import { openLayers } from './layers.ts';

const options = {
  finding: { type: 'string' },
  reason: { type: 'string' },
  policy: { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** What a guardrail found is none: puts its fingerprint, with a reason, into a policy. Shows what that is; only `--yes` writes it. */
export function falsePositive(args: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parse(args, options);
  const seq = numberOf(required(positionals[0], 'the SEQ'), 'the SEQ');
  const reason = required(values.reason?.trim(), '--reason, which says why it is none,');
  refuseAgents('"countersign audit false-positive"');
  const entry = entryAt(seq);
  const found = findingOf(entry, numberOf(values.finding ?? '1', '--finding') - 1);
  const target = targetOf(entry, found, values.policy);
  const source = existsSync(target.file) ? readFileSync(target.file, 'utf8') : '';
  const added = withAllowed(source, found, target, { reason, from: `entry ${seq} of the log` });
  if (values.yes === true) replaceFile(target.file, added.source);
  tell(target, added, { written: values.yes === true, json: values.json === true }, terminal);
  return 0;
}

function tell(
  { file, policy }: AllowTarget,
  { line, inserted }: Inserted,
  { written, json }: { readonly written: boolean; readonly json: boolean },
  terminal: Terminal,
): void {
  if (json) return terminal.out(JSON.stringify({ file, line, policy, inserted, written }));
  terminal.out(`${file}:${line}\n\n${inserted.trimEnd()}\n`);
  terminal.out(written ? `Written: "${policy}" allows it from now on.` : 'Nothing was written; --yes does it.');
}

function entryAt(seq: number): AuditEntry {
  const log = new AuditDatabase(homeOf().audit, { readonly: true });
  try {
    const record = log.get(seq);
    if (record === undefined) throw new Error(`There is no entry ${seq}.`);
    return record.entry;
  } finally {
    log.close();
  }
}

/** The guardrail itself, where its file is the person's or their repository's; else one of the person's own that only allows. */
function targetOf(entry: AuditEntry, found: LoggedFinding, wanted: string | undefined): AllowTarget {
  const why = whyNobodyMay(found);
  if (why !== undefined) throw new Error(why);
  using layers = openLayers();
  const { files } = layers.policies.inForce(entry.cwd ?? process.cwd());
  const able = files
    .filter(({ layer }) => layer === 'user' || layer === 'workspace')
    .flatMap((file) => whoMayAllow(file, entry, found).map((policy) => ({ file: file.path, layer: file.layer, policy })));
  if (wanted !== undefined) {
    const named = able.find(({ policy }) => policy === wanted);
    if (named === undefined) throw new WrongUsage(`"${wanted}" is no guardrail that can allow it; ${namesOf(able)}`);
    return named;
  }
  return able.find(({ layer, policy }) => layer === found.layer && policy === found.policy) ?? ownTarget(files);
}

function ownTarget(files: readonly PolicyFile[]): AllowTarget {
  const isThere = files.find(({ layer, guardrails }) => layer === 'user' && guardrails.some(({ name }) => name === ownAllowing));
  return { file: isThere?.path ?? join(homeOf().policies, `${ownAllowing}.yaml`), layer: 'user', policy: ownAllowing };
}

function namesOf(able: readonly AllowTarget[]): string {
  return able.length === 0 ? 'none of yours can' : `there are ${[...new Set(able.map(({ policy }) => policy))].join(', ')}`;
}

function numberOf(text: string, what: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new WrongUsage(`${what} is a whole number from 1 on`);
  return number;
}
