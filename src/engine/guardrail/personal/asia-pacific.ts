import { allSame, isDay, luhn, remainder, verhoeff, weighted } from './checks.ts';
import { number, type PersonalNumber } from './number.ts';

/** Asia, Africa, Australia and the Pacific. */
export const asiaPacific: readonly PersonalNumber[] = [
  number(
    'in-aadhaar',
    'Indian Aadhaar number',
    '[2-9]\\d{3}([ :-]?)\\d{4}\\1\\d{4}',
    'aadhaar|aadhar|uidai|uid',
    'separated',
    (digits) => verhoeff(digits) && digits !== digits.split('').toReversed().join(''),
  ),
  number('in-pan', 'Indian PAN', '[A-Z]{3}[ABCFGHJLPT][A-Z]\\d{4}[A-Z]', 'pan|permanent account|income tax', 'likely', () => true),
  number('in-gstin', 'Indian GSTIN', '\\d{2}[A-Z]{5}\\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]', 'gstin|gst', 'sure', isGstin),
  number(
    'cn-resident-id',
    'Chinese resident id',
    '[1-6]\\d{5}(?:19|20)\\d{9}[0-9Xx]',
    '身份证|id card|resident|identity|公民',
    'likely',
    (compact) => {
      const check = weighted(compact, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
      return isDay(compact.slice(6, 10), compact.slice(10, 12), compact.slice(12, 14)) && '10X98765432'[check] === compact[17];
    },
  ),
  number(
    'jp-my-number',
    'Japanese My Number',
    '\\d{4}([ -]?)\\d{4}\\1\\d{4}',
    'my number|mynumber|マイナンバー|個人番号',
    'never',
    (digits) => {
      const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
      return (rest <= 1 ? 0 : 11 - rest) === Number(digits[11]);
    },
  ),
  number('kr-rrn', 'Korean resident number', '\\d{6}-?[1-8]\\d{6}', 'rrn|resident|주민|외국인|frn|alien', 'separated', (digits) => {
    return isDay(digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)) && (isOldKorean(digits) || isNewKorean(digits));
  }),
  number('tw-id', 'Taiwanese identity number', '[A-Z][1289]\\d{8}', '身分證|national id|id number|identity|arc', 'never', isTaiwanese),
  number('hk-hkid', 'Hong Kong identity card', '[A-Z]{1,2}\\d{6}\\([0-9A]\\)', 'hkid|hong kong|identity|身份證', 'likely', isHkid),
  number('sg-nric', 'Singaporean NRIC or FIN', '[STFGM]\\d{7}[A-Z]', 'nric|fin|singapore', 'likely', isNric),
  number(
    'th-id',
    'Thai identity number',
    '[1-8](-?)\\d{4}\\1\\d{5}\\1\\d{2}\\1\\d',
    'thai|บัตรประชาชน|ประชาชน|tnin|citizen|national id',
    'separated',
    (digits) =>
      /^.(?:[1-8]\d|9[0-6])/.test(digits) &&
      (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === Number(digits[12]),
  ),
  number('il-id', 'Israeli identity number', '\\d{9}', 'teudat|ת\\.ז|תעודת|israeli', 'never', luhn),
  number(
    'za-id',
    'South African identity number',
    '\\d{6} ?\\d{4} ?[012]\\d{2}',
    'south africa|za id|identity|sa id|id number',
    'never',
    (digits) => isDay(digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)) && luhn(digits),
  ),
  number('ng-nin', 'Nigerian identity number', '\\d{11}', 'nin|nimc|national identification', 'never', verhoeff),
  number('au-tfn', 'Australian tax file number', '\\d{3}([ -]?)\\d{3}\\1\\d{2,3}', 'tfn|tax file|australia', 'never', (digits) => {
    return digits.length === 9
      ? weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0
      : weighted(digits, [10, 7, 8, 4, 6, 3, 5, 1]) % 11 === 0;
  }),
  number(
    'au-medicare',
    'Australian Medicare number',
    '[2-6]\\d{3}([ -]?)\\d{5}\\1\\d(?:[ /-]?\\d)?',
    'medicare',
    'never',
    (digits) => weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]),
  ),
  number(
    'au-abn',
    'Australian business number',
    '\\d{2}( ?)\\d{3}\\1\\d{3}\\1\\d{3}',
    'abn|business number',
    'separated',
    (digits) => weighted(`${Number(digits[0]) - 1}${digits.slice(1)}`, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 === 0,
  ),
  number(
    'au-acn',
    'Australian company number',
    '\\d{3}( ?)\\d{3}\\1\\d{3}',
    'acn|company number',
    'never',
    (digits) => (10 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === Number(digits[8]),
  ),
  number('nz-ird', 'New Zealand IRD number', '\\d{2,3}([ -]?)\\d{3}\\1\\d{3}', 'ird|inland revenue', 'never', isIrd),
];

/** Numbers given since October 2020 have no check digit. */
function isNewKorean(digits: string): boolean {
  return /^2\d{5}[3478]/.test(digits);
}

/** Foreigners (5 to 8) count from 13 instead of 11. */
function isOldKorean(digits: string): boolean {
  const from = Number(digits[6]) >= 5 ? 13 : 11;
  return (from - (weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === Number(digits[12]);
}

function isGstin(compact: string): boolean {
  let sum = 0;
  for (let at = 0; at < 14; at += 1) {
    const product = parseInt(compact[at] ?? '0', 36) * (1 + (at % 2));
    sum += Math.floor(product / 36) + (product % 36);
  }
  return ((36 - (sum % 36)) % 36).toString(36).toUpperCase() === compact[14];
}

function isTaiwanese(compact: string): boolean {
  const letter = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(compact[0] ?? '') + 10;
  return weighted(`${letter}${compact.slice(1)}`, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0;
}

function isHkid(compact: string): boolean {
  const padded = compact.padStart(9, ' ');
  let sum = 0;
  for (let at = 0; at < 9; at += 1) {
    const character = padded[at] ?? ' ';
    sum += (character === ' ' ? 36 : parseInt(character, 36)) * (9 - at);
  }
  return sum % 11 === 0;
}

function isNric(compact: string): boolean {
  const series = compact[0] ?? '';
  const sum = weighted(compact.slice(1), [2, 7, 6, 5, 4, 3, 2]) + (series === 'T' || series === 'G' ? 4 : series === 'M' ? 3 : 0);
  const letters = series === 'S' || series === 'T' ? 'JZIHGFEDCBA' : series === 'M' ? 'KLJNPQRTUWX' : 'XWUTRQPNMLK';
  return (series === 'M' ? letters[10 - (sum % 11)] : letters[sum % 11]) === compact[8];
}

function isIrd(digits: string): boolean {
  const padded = digits.padStart(9, '0');
  if (Number(padded) < 10_000_000 || Number(padded) > 150_000_000 || allSame(digits)) return false;
  const check = (weights: readonly number[]): number => (11 - (remainder(String(weighted(padded, weights)), 11) || 11)) % 11;
  const first = check([3, 2, 7, 6, 5, 4, 3, 2]);
  return (first === 10 ? check([7, 4, 3, 2, 5, 2, 7, 6]) : first) === Number(padded[8]);
}
