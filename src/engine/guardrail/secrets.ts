import { findIn } from './detect.ts';
import type { DetectOptions, TextFinding } from './finding.ts';
import { labelOf } from './kinds.ts';

/** Shorter than any secret that is known by its form alone. Most keys and values of a call are. */
const shortest = 12;

/** The text with every known secret replaced by what kind of secret stood there. Time grows with the text's length only. */
export function maskSecrets(text: string): string {
  if (text.length < shortest) return text;
  let masked = '';
  let end = 0;
  for (const { kind, start, end: after } of sureSecrets(text, { examples: true })) {
    masked += `${text.slice(end, start)}[redacted: ${labelOf('secret', kind)}]`;
    end = after;
  }
  return masked + text.slice(end);
}

/** Whether a known secret stands in the text. The keys of documentation (`AKIAIOSFODNN7EXAMPLE`) are none. */
export function hasSecret(text: string): boolean {
  return text.length >= shortest && sureSecrets(text, { loose: true }).length > 0;
}

/** Whether the text holds personal data that proves itself: an account, an identity number, an address to write to, a telephone. */
export function hasPii(text: string): boolean {
  return inPieces(text, (piece) => findIn(piece, ['pii'])).some(({ confidence }) => confidence === 'sure');
}

function sureSecrets(text: string, options: DetectOptions): readonly TextFinding[] {
  return inPieces(text, (piece) => findIn(piece, ['secret'], options)).filter(({ confidence }) => confidence === 'sure');
}

/** How much of the piece before is looked at again: what began there must not be cut in two. */
const overlap = 4_096;

/** All of a text, however long it is: where one look ended, the next begins. */
function inPieces(text: string, look: (piece: string) => ReturnType<typeof findIn>): readonly TextFinding[] {
  const found: TextFinding[] = [];
  for (let from = 0; ;) {
    const { findings, notScanned } = look(from === 0 ? text : text.slice(from));
    const known = found.at(-1)?.end ?? 0;
    found.push(...findings.map((one) => ({ ...one, start: one.start + from, end: one.end + from })).filter(({ start }) => start >= known));
    if (notScanned === undefined) return found;
    from += Math.max(notScanned.start - overlap, Math.ceil(notScanned.start / 2), 1);
  }
}
