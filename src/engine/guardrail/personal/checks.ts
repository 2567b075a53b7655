/** The ways in which numbers of people and accounts prove themselves. Each takes the number without separators. */

export function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The sum of digit times weight, over as many digits as there are weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}

/** The remainder of a number of any length. */
export function remainder(digits: string, by: number): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % by;
  return rest;
}

/** ISO 7064, MOD 97-10, with letters as numbers from 10: as IBANs are checked. */
export function mod97(text: string): number {
  let digits = '';
  for (const character of text) digits += parseInt(character, 36).toString();
  return remainder(digits, 97);
}

/** ISO 7064, MOD 11,10. */
export function mod11with10(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

const dihedral = (a: number, b: number): number => {
  const turned = a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)) : b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5;
  return turned;
};
const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Verhoeff's check over the dihedral group D5. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at += 1) {
    let digit = Number(digits[digits.length - 1 - at]);
    for (let turn = 0; turn < at % 8; turn += 1) digit = permutation[digit] ?? 0;
    check = dihedral(check, digit);
  }
  return check === 0;
}

/** Whether there is such a day. A year of two digits may be of any century. */
export function isDay(year: string, month: string, day: string): boolean {
  const [m, d] = [Number(month), Number(day)];
  if (m < 1 || m > 12 || d < 1) return false;
  const leap = Number(year) % 4 === 0;
  return d <= (m === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31);
}

export const allSame = (digits: string): boolean => /^(.)\1*$/.test(digits);

/** Whether it only counts up or down, as 456789012 does. */
export function isSequence(digits: string): boolean {
  const step = (Number(digits[1]) - Number(digits[0]) + 10) % 10;
  if (step !== 1 && step !== 9) return false;
  for (let at = 1; at < digits.length; at += 1) if ((Number(digits[at]) - Number(digits[at - 1]) + 10) % 10 !== step) return false;
  return true;
}
