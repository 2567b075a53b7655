import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Layer } from '../engine/decision.ts';
import type { PolicyFile, PolicyProblem } from '../engine/policy/policy-set.ts';
import { hasCode } from './private-file.ts';

/** Far more than a policy that a person can review. */
const largestFile = 1024 * 1024;

/** `digest` tells versions apart, also versions that cannot be read. */
export type PolicyText =
  | { readonly ok: true; readonly digest: string; readonly source: string }
  | { readonly ok: false; readonly digest: string; readonly why: string };

/** Never throws: a policy file that cannot be read is a finding, and denies. */
export function readPolicyText(path: string): PolicyText {
  try {
    const bytes = readBytes(path);
    const digest = digestOfBytes(bytes);
    const source = textOf(bytes);
    return source === undefined ? { ok: false, digest, why: 'It is not UTF-8 text' } : { ok: true, digest, source };
  } catch (error) {
    const why = reasonOf(error);
    return { ok: false, digest: digestOfBytes(Buffer.from(why)), why };
  }
}

/** A stand-in for a file or folder that cannot be used: it has a problem, so the calls that its layer covers are denied. */
export function unusable(path: string, layer: Layer, text: { readonly digest: string; readonly why: string }): PolicyFile {
  const problems = [problemAt(path, text.why)];
  return {
    path,
    layer,
    digest: text.digest,
    documents: [],
    budgets: [],
    guardrails: [],
    artifacts: [],
    problems,
    source: '',
    trusted: layer !== 'workspace',
  };
}

export function problemAt(path: string, message: string): PolicyProblem {
  return { file: path, position: { line: 1, column: 1, endLine: 1, endColumn: 1 }, message };
}

export function digestOfBytes(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Opened first and looked at then, so that it is the same file; without blocking, as opening a pipe would. */
function readBytes(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('It is not a regular file');
    if (stat.size > largestFile) throw new Error(`It is larger than ${largestFile} bytes`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** A byte order mark stays, so that the digest over the text is the one over the bytes. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function reasonOf(error: unknown): string {
  if (hasCode(error, 'EACCES') || hasCode(error, 'EPERM')) return 'It may not be read. Give yourself the right to read it';
  if (hasCode(error, 'ELOOP')) return 'It is a symbolic link in a loop';
  if (hasCode(error, 'ENOENT')) return 'It is a symbolic link to something missing';
  if (hasCode(error, 'ENOTDIR')) return 'It is a file where a folder of policies belongs';
  return error instanceof Error ? error.message : String(error);
}
