import { findAll } from './detect.ts';
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
  return findAll(text, ['pii']).some(({ confidence }) => confidence === 'sure');
}

function sureSecrets(text: string, options: DetectOptions): readonly TextFinding[] {
  return findAll(text, ['secret'], options).filter(({ confidence }) => confidence === 'sure');
}
