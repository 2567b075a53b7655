import type { TextFinding } from '../finding.ts';

const localPart = /[A-Za-z0-9._%+-]/;
const domain =
  /(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}([A-Za-z]{2,24}|xn--[A-Za-z0-9-]{1,59})(?![A-Za-z0-9-]|\.[A-Za-z0-9]|@)/y;
/** Ends of file names, and accounts that belong to no person. */
const noDomain =
  /^(?:png|jpe?g|gif|svg|webp|js|jsx|ts|tsx|mjs|cjs|css|scss|html?|md|json|ya?ml|py|go|rs|rb|sh|txt|service|target|local|internal|lan|test|invalid)$/i;
const noPerson = /^(?:git|hg|svn|root|no-?reply|donotreply|noreply\+.*|actions|npm|node|postmaster|mailer-daemon|\d+\+.*|.*\[bot\])$/i;

/** Whether an address of a person stands around the `@` at this place. */
export function emailAround(text: string, at: number): TextFinding | undefined {
  let start = at;
  while (start > 0 && at - start < 64 && localPart.test(text[start - 1] ?? '')) start -= 1;
  while (start < at && /[._%+-]/.test(text[start] ?? '')) start += 1;
  const local = text.slice(start, at);
  if (local === '' || local.includes('..') || local.endsWith('.') || noPerson.test(local) || isUserOfAddress(text, start)) return undefined;
  domain.lastIndex = at + 1;
  const match = domain.exec(text);
  if (match === null || noDomain.test(match[1] ?? '')) return undefined;
  return { detector: 'pii', kind: 'email', start, end: domain.lastIndex, confidence: 'sure' };
}

/** `https://user@host`, `https://user:password@host`. */
function isUserOfAddress(text: string, start: number): boolean {
  return /[/@]/.test(text[start - 1] ?? '') || /:\/\/[^\s/@]{0,80}:$/.test(text.slice(Math.max(0, start - 90), start));
}

// Each form is of groups with an end, and tried where a number begins.
const international = /\+[1-9]\d{0,2}(?:[ .-]?\(?\d{1,5}\)?){1,6}(?![\dA-Za-z])/y;
const american = /(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?![\dA-Za-z-])/y;
const national = /(?:\(?0\d{1,4}\)?(?:[ ./-]?\d{2,4}){2,5}|0?[ -]?\(?[1-9]\d{2}\)?[ .-]\d{3}[ .-](?:\d{2}[ .-]\d{2}|\d{4}))(?![\dA-Za-z])/y;
const words =
  /\b(?:tel|phone|mobile|cell|call|fax|handy|mobil|telefon|téléphone|telephone|teléfono|telefono|cep\b|whatsapp|sms|contact|dial|ring|reach|rufnummer|numéro|portable|number (?:is|to call))/i;

/** A telephone number that begins here, at a digit, `+` or `(` with no digit or letter before it. */
export function phoneAt(text: string, start: number): TextFinding | undefined {
  const plus = text[start] === '+';
  const formatted = plus
    ? ending(international, text, start, 8, 15)
    : goesOn(text, start)
      ? undefined
      : ending(american, text, start, 10, 11);
  if (formatted === undefined && plus) return undefined;
  const spoken = words.test(text.slice(Math.max(0, start - 40), start));
  const end = formatted ?? (spoken ? (ending(national, text, start, 9, 12) ?? bare(text, start)) : undefined);
  if (end === undefined) return undefined;
  // 555-0100 to 555-0199 are nobody's, and so is all that has 555 for an area.
  const doubtful = (!plus && text[start] !== '(' && !spoken) || /555[ .-]?01\d\d$|^\(?555[).\s-]/.test(text.slice(start, end));
  return { detector: 'pii', kind: 'phone', start, end, confidence: doubtful ? 'likely' : 'sure' };
}

/** Whether digits and a space stand before: then this is the end of a longer number in groups. */
export function goesOn(text: string, start: number): boolean {
  return text[start - 1] === ' ' && /\d/.test(text[start - 2] ?? '');
}

function ending(form: RegExp, text: string, start: number, least: number, most: number): number | undefined {
  form.lastIndex = start;
  const match = form.exec(text)?.[0];
  const digits = match?.replaceAll(/\D/g, '') ?? '';
  return match !== undefined && digits.length >= least && digits.length <= most && !/^(\d)\1*$/.test(digits.slice(3))
    ? start + match.length
    : undefined;
}

// As North America, China, Turkey and those that dial a 0 first write them; nobody has one that only counts up.
const digitsOnly = /(?!\d?123456789)(?:1?[2-9]\d{2}[2-9]\d{6}|1[3-9]\d{9}|5[0-59]\d{8}|0[1-9]\d{8,9})(?![\dA-Za-z.])/y;

function bare(text: string, start: number): number | undefined {
  digitsOnly.lastIndex = start;
  return digitsOnly.test(text) ? digitsOnly.lastIndex : undefined;
}
