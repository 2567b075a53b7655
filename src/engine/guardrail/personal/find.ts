import type { TextFinding } from '../finding.ts';
import { accounts, ibanAt } from './accounts.ts';
import { americas } from './americas.ts';
import { asiaPacific } from './asia-pacific.ts';
import { emailAround, phoneAt } from './contact.ts';
import { europe } from './europe.ts';
import type { PersonalNumber } from './number.ts';

export const personalNumbers: readonly PersonalNumber[] = [...accounts, ...americas, ...europe, ...asiaPacific];

/** Which can begin with a digit, and which with a letter. */
const byDigit = personalNumbers.filter(
  ({ form }) => /^(?:\(\?:)?(?:\\d|\[\d|\d|\(\?:\d|\(\?:IT)/.test(form.source) || form.source.startsWith('(?:\\d'),
);
const byLetter = personalNumbers.filter((row) => !byDigit.includes(row) || row.kind === 'it-vat-code');

/** Personal data that proves itself: by a checksum, by its form, or by a form and a word for it nearby. */
export function findPersonal(text: string): readonly TextFinding[] {
  const findings: TextFinding[] = [];
  let inWord = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const digit = code >= 48 && code <= 57;
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
    if (code === 64) push(findings, emailAround(text, at));
    else if (!inWord && (digit || code === 43 || code === 40)) numbersAt(text, at, digit ? byDigit : [], findings);
    else if (!inWord && letter && code !== 95 && digitSoon(text, at)) numbersAt(text, at, byLetter, findings);
    inWord = digit || letter;
  }
  return findings;
}

function push(findings: TextFinding[], finding: TextFinding | undefined): void {
  if (finding !== undefined) findings.push(finding);
}

/** A number that begins with letters has a digit among its first eight characters. */
function digitSoon(text: string, at: number): boolean {
  for (let next = at + 1; next < at + 8; next += 1) {
    const code = text.charCodeAt(next);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}

function numbersAt(text: string, at: number, rows: readonly PersonalNumber[], findings: TextFinding[]): void {
  // Part of a longer number, a version, an address, a decimal fraction.
  const before = text[at - 1] ?? '';
  if ((before === '.' || before === '-' || before === ',') && /\d/.test(text[at - 2] ?? '')) return;
  for (const row of rows) push(findings, numberAt(text, at, row));
  push(findings, phoneAt(text, at));
}

function numberAt(text: string, at: number, row: PersonalNumber): TextFinding | undefined {
  row.form.lastIndex = at;
  const written = row.kind === 'iban' ? ibanAt(text, at) : row.form.exec(text)?.[0];
  if (written === undefined) return undefined;
  const end = at + written.length;
  if (/^[.,-]\d/.test(text.slice(end, end + 2))) return undefined;
  const compact = written.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
  if (!row.check(compact)) return undefined;
  const near = isNear(text, at, end, row.words);
  // In lower case it could be anything.
  if (!near && /[a-z]/.test(written)) return undefined;
  const alone =
    row.alone === 'separated' ? (compact.length < written.length ? 'sure' : row.kind === 'credit-card' ? 'likely' : 'never') : row.alone;
  if (!near && alone === 'never') return undefined;
  return { detector: 'pii', kind: row.kind, start: at, end, confidence: near ? 'sure' : alone === 'sure' ? 'sure' : 'likely' };
}

function isNear(text: string, start: number, end: number, words: RegExp): boolean {
  return words.test(`${text.slice(Math.max(0, start - 60), start)} ${text.slice(end, end + 30)}`.toLowerCase());
}
