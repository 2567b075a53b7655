import { allSame, luhn, mod97, weighted } from './checks.ts';
import { number, type PersonalNumber } from './number.ts';

export const accounts: readonly PersonalNumber[] = [
  number(
    'credit-card',
    'credit card number',
    '(?:\\d{13,19}|\\d{4}([ -])\\d{4}\\1\\d{4}\\1\\d{1,4}(?:\\1\\d{1,3})?|3\\d{3}([ -])\\d{6}\\2\\d{4,5})',
    'card|visa|master|amex|american express|discover|diners|jcb|maestro|credit|debit|payment|cc|karte|carte|tarjeta|cartão|carta|pan',
    'separated',
    (digits) => isCardNumber(digits),
  ),
  // Cards of airlines (UATP). So many numbers of fifteen digits begin with a 1 that this needs a word.
  number('credit-card', 'credit card number', '1\\d{14}', 'card|credit|uatp|payment', 'never', luhn),
  number('iban', 'IBAN', '[A-Z]{2}\\d{2}(?:[ -]?[A-Z0-9]){11,30}', 'iban|account|konto|compte|cuenta|conto|bank', 'sure', isIban),
  number('us-bank-routing', 'US bank routing number', '(?:\\d{9}|\\d{4}-\\d{4}-\\d)', 'routing|aba|rtn', 'never', (digits) => {
    return /^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/.test(digits) && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
  }),
];

/** Lengths and first digits as the issuers publish them. */
const issuers: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16, 19]],
  [/^(?:30[0-5]|3095|36|3[89])/, [14, 16]],
  [/^35(?:2[89]|[3-8])/, [16, 19]],
  [/^(?:62|81)/, [16, 17, 18, 19]],
  [/^(?:501[89]|5020|5038|5893|6304|6759|676[1-3])/, [13, 14, 15, 16, 17, 18, 19]],
  [/^220[0-4]/, [16, 19]],
  [/^(?:60|508|82)/, [16]],
];

function isCardNumber(digits: string): boolean {
  return issuers.some(([first, lengths]) => first.test(digits) && lengths.includes(digits.length)) && !allSame(digits) && luhn(digits);
}

/** How long an IBAN of each country is, by the register that SWIFT keeps. */
const lengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 ' +
    'GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 ' +
    'MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 ' +
    'TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** As many letters and digits as the country's IBANs have, and the single spaces and dashes between them. */
export function ibanAt(text: string, at: number): string | undefined {
  const length = lengths[text.slice(at, at + 2)] ?? 0;
  let end = at;
  for (let count = 0; count < length; end += 1) {
    if (/[A-Z0-9]/.test(text[end] ?? '')) count += 1;
    else if (!/[ -]/.test(text[end] ?? '') || !/[A-Z0-9]/.test(text[end + 1] ?? '')) return undefined;
  }
  return length === 0 || /[A-Za-z0-9]/.test(text[end] ?? '') ? undefined : text.slice(at, end);
}

function isIban(compact: string): boolean {
  return compact.length === lengths[compact.slice(0, 2)] && mod97(compact.slice(4) + compact.slice(0, 4)) === 1;
}
