import type { Looked, TextFinding } from '../finding.ts';
import type { LazyPattern } from '../lazy-pattern.ts';
import { accounts, ibanAt } from './accounts.ts';
import { americas } from './americas.ts';
import { asiaPacific } from './asia-pacific.ts';
import { emailAround, goesOn, phoneAt } from './contact.ts';
import { europe } from './europe.ts';
import type { PersonalNumber } from './number.ts';

export const personalNumbers: readonly PersonalNumber[] = [...accounts, ...americas, ...europe, ...asiaPacific];

/** A form that begins with a class of letters, or may. */
const byLetter = personalNumbers.filter(({ form }) => /^(?:\[[A-Z]|\(\?:IT)/.test(form.source()));
const byDigit = personalNumbers.filter(({ form }) => !/^\[[A-Z]/.test(form.source()));

/** Personal data that proves itself: by a checksum, by its form, or by a form and a word for it nearby. */
export function findPersonal(text: string): Looked {
  const findings: TextFinding[] = [];
  let left = mostNumbers;
  let inWord = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const digit = code >= 48 && code <= 57;
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
    if (left === 0) return { findings, until: at };
    if (code === 64) push(findings, emailAround(text, at));
    else if (!inWord && (digit || code === 43 || code === 40 || (letter && code !== 95)) && digitsFollow(text, at, letter ? 4 : 6)) {
      left -= 1;
      numbersAt(text, at, digit ? byDigit : letter ? byLetter : [], findings);
    }
    inWord = digit || letter;
  }
  return { findings, until: text.length };
}

/** So many may begin in a text: what takes longest is to ask about each what it could be. */
const mostNumbers = 12_000;

function push(findings: TextFinding[], finding: TextFinding | undefined): void {
  if (finding !== undefined) findings.push(finding);
}

/** Every number here has at least six digits (four, after letters) with little between them, the first among its first seven characters. */
function digitsFollow(text: string, at: number, least: number): boolean {
  let digits = 0;
  for (let next = at; next < at + 20; next += 1) {
    const code = text.charCodeAt(next);
    if (code >= 48 && code <= 57) digits += 1;
    if (digits >= least) return true;
    if (digits === 0 && next >= at + 7) return false;
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
  const form = row.form.compiled();
  form.lastIndex = at;
  const written = row.kind === 'iban' ? ibanAt(text, at) : form.exec(text)?.[0];
  if (written === undefined) return undefined;
  const end = at + written.length;
  if (/^[.,-]\d/.test(text.slice(end, end + 2))) return undefined;
  const compact = written.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
  if (!row.check(compact)) return undefined;
  const confidence = isNear(text, at, end, row.words) ? 'sure' : aloneIn(row, written, compact, isGroup(text, at, end));
  return confidence && { detector: 'pii', kind: row.kind, start: at, end, confidence };
}

/** What it is worth without a word for it nearby. */
function aloneIn({ alone, kind }: PersonalNumber, written: string, compact: string, group: boolean): TextFinding['confidence'] | undefined {
  // In lower case it could be anything.
  if (alone === 'never' || /[a-z]/.test(written)) return undefined;
  if (alone !== 'separated') return alone;
  if (compact.length < written.length && !(group && written.includes(' '))) return 'sure';
  return kind === 'credit-card' ? 'likely' : undefined;
}

/** Whether more groups of digits stand before it or after. */
function isGroup(text: string, start: number, end: number): boolean {
  return goesOn(text, start) || /^ \d/.test(text.slice(end, end + 2));
}

function isNear(text: string, start: number, end: number, words: LazyPattern): boolean {
  return words.compiled().test(`${text.slice(Math.max(0, start - 60), start)} ${text.slice(end, end + 30)}`.toLowerCase());
}
