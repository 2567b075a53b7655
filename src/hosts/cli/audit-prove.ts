import { writeFileSync } from 'node:fs';
import { type LogProof, proveConsistency, proveEntry } from '../../storage/audit-prove.ts';
import { homeOf } from '../../storage/home.ts';
import { withSigner } from './audit-checkpoint.ts';
import { type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';

/** Writes a proof that anybody can check without the log: of one entry, or that one checkpoint's log begins another's. */
export async function prove(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parse(args, { from: text, to: text, db: text, out: text });
  const { from, to, db, out } = values;
  const isConsistency = from !== undefined || to !== undefined;
  const proof = isConsistency
    ? proveConsistency(db ?? homeOf().audit, number(from, '--from SIZE'), number(to, '--to SIZE'))
    : await ofEntry(number(positionals[0], 'the SEQ'), db);
  const json = JSON.stringify(proof, undefined, 2);
  if (out === undefined) terminal.out(json);
  else writeFileSync(out, `${json}\n`);
  return 0;
}

function number(text: string | undefined, what: string): number {
  const value = Number(required(text, what));
  if (!Number.isInteger(value) || value < 1) throw new WrongUsage(`${what} takes a whole number from 1 on`);
  return value;
}

/** An entry of our own log that no checkpoint covers yet is signed first. */
async function ofEntry(seq: number, db: string | undefined): Promise<LogProof> {
  const path = db ?? homeOf().audit;
  const proof = proveEntry(path, seq);
  if (proof !== undefined) return proof;
  if (db === undefined) await withSigner(async (signer) => signer.sign());
  const signed = db === undefined ? proveEntry(path, seq) : undefined;
  if (signed !== undefined) return signed;
  throw new Error(`No checkpoint covers entry ${seq} yet. On the machine that wrote it, run: countersign audit checkpoint`);
}
