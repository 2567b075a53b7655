import { findAll } from '../detect.ts';
import { labelOf } from '../kinds.ts';
import type { Part } from '../finding.ts';
import type { Leaf } from '../policy/strings.ts';

/** A string that a review is about. */
export interface ReviewedLeaf extends Leaf {
  /** Which of the message's strings. */
  readonly index: number;
}

interface NamedPart extends Part {
  readonly kind: string;
}

/** The strings that say something: not those that only say which form a value has, and whose loss would spoil it. */
export function reviewedLeaves(leaves: readonly Leaf[]): readonly ReviewedLeaf[] {
  return leaves.map((leaf, index) => ({ ...leaf, index })).filter(({ path, text }) => text.trim() !== '' && !isForm(path, text));
}

/** Names of fields stand in the places of their values, unless they are no plain names. */
function isForm(path: string, text: string): boolean {
  if (path.endsWith('~')) return !path.endsWith(']~');
  return /\.(?:type|kind|mode|status|role|mimeType|media_type)$/.test(path) && /^[\w./-]{1,40}$/.test(text);
}

/** What is sent: each string under its place, without what was found in it. `found`: by the string's number. */
export function textOfLeaves(leaves: readonly ReviewedLeaf[], found: ReadonlyMap<number, readonly NamedPart[]>): string {
  return leaves
    .map(({ path, text, index }) => {
      const left = isNamedSecret(path, text) ? '[redacted: the value of a name that says so]' : without(text, found.get(index) ?? []);
      return path === '$' ? left : `${path}:\n${left}`;
    })
    .join('\n\n');
}

/** Longer values are no passwords. */
const longestNamed = 1_000;

/** Whether the name of its place makes all of a string a secret. */
function isNamedSecret(path: string, text: string): boolean {
  const name = /\.([\w$]+)$/.exec(path)?.[1];
  if (name === undefined || text.length > longestNamed) return false;
  const beside = `${name}: ${JSON.stringify(text)}`;
  const from = name.length + 3;
  return findAll(beside, ['secret'], { loose: true, examples: true }).some(({ start, end }) => start <= from && end >= beside.length - 1);
}

/** Also what no guardrail looks for, and what shows only beside the name of its place: secrets and personal data are never sent. */
export function withoutSecrets(text: string): string {
  const found = findAll(text, ['secret', 'pii'], { loose: true, examples: true });
  return without(
    text,
    found.map(({ detector, kind, start, end }) => ({ start, end, kind: labelOf(detector, kind) })),
  );
}

function without(text: string, parts: readonly NamedPart[]): string {
  let written = '';
  let end = 0;
  for (const part of parts.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (part.start >= end) written += `${text.slice(end, part.start)}[redacted: ${part.kind}]`;
    end = Math.max(end, part.end);
  }
  return written + text.slice(end);
}
