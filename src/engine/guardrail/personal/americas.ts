import { allSame, isDay, isSequence, luhn, weighted } from './checks.ts';
import { number, type PersonalNumber } from './number.ts';

/** North and South America. */
export const americas: readonly PersonalNumber[] = [
  number(
    'us-ssn',
    'US social security number',
    '(?:\\d{3}-\\d{2}-\\d{4}|\\d{3}([ .])\\d{2}\\1\\d{4}|\\d{9})',
    'ssn|social security|soc sec|ssns',
    'separated',
    isSsn,
  ),
  number('us-itin', 'US taxpayer number', '9\\d{2}([ -]?)\\d{2}\\1\\d{4}', 'itin|taxpayer|tax id|tin', 'never', (digits) =>
    /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-2]|9[4-9])/.test(digits),
  ),
  number(
    'us-npi',
    'US provider number',
    '[12]\\d{3}([ -]?)\\d{3}\\1\\d{3}',
    'npi|national provider|provider',
    'never',
    (digits) => luhn(`80840${digits}`) && !allSame(digits.slice(0, -1)),
  ),
  number(
    'ca-sin',
    'Canadian social insurance number',
    '[1-79]\\d{2}([ -]?)\\d{3}\\1\\d{3}',
    'sin|social insurance|insurance|numéro d’assurance|nas',
    'never',
    luhn,
  ),
  number('mx-curp', 'Mexican CURP', '[A-Z][AEIOUX][A-Z]{2}\\d{6}[HMX][A-Z]{5}[A-Z0-9]\\d', 'curp', 'sure', isCurp),
  number('br-cpf', 'Brazilian CPF', '(?:\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}|\\d{11})', 'cpf|cadastro|contribuinte', 'separated', isCpf),
  number('br-cnpj', 'Brazilian CNPJ', '(?:\\d{2}\\.\\d{3}\\.\\d{3}/\\d{4}-\\d{2}|\\d{14})', 'cnpj', 'separated', isCnpj),
  number('ar-cuit', 'Argentinian CUIT', '(?:20|23|24|27|30|33|34)(-?)\\d{8}\\1\\d', 'cuit|cuil', 'separated', (digits) => {
    const rest = 11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
    return (rest === 11 ? 0 : rest) === Number(digits[10]);
  }),
  number('cl-rut', 'Chilean RUT', '(?:\\d{1,2}\\.\\d{3}\\.\\d{3}-[0-9kK]|\\d{7,8}-[0-9kK])', 'rut|rol único|run', 'separated', isRut),
];

/** The three that were printed so often that nobody has them. */
const printed = new Set(['078051120', '219099999', '123456789', '111223333']);

function isSsn(digits: string): boolean {
  return !/^(?:000|666|9)|^...00|0000$/.test(digits) && !printed.has(digits) && !allSame(digits) && !isSequence(digits);
}

const curpAlphabet = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';

function isCurp(compact: string): boolean {
  if (!isDay(compact.slice(4, 6), compact.slice(6, 8), compact.slice(8, 10))) return false;
  let sum = 0;
  for (let at = 0; at < 17; at += 1) sum += curpAlphabet.indexOf(compact[at] ?? '') * (18 - at);
  return (10 - (sum % 10)) % 10 === Number(compact[17]);
}

function isCpf(digits: string): boolean {
  if (allSame(digits)) return false;
  const first = ((weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  const second = ((weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  return first === Number(digits[9]) && second === Number(digits[10]);
}

function isCnpj(digits: string): boolean {
  if (allSame(digits)) return false;
  const check = (weights: readonly number[]): number => {
    const rest = weighted(digits, weights) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  const weights = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
  return check(weights) === Number(digits[12]) && check([6, ...weights]) === Number(digits[13]);
}

function isRut(compact: string): boolean {
  const body = compact.slice(0, -1);
  if (allSame(body)) return false;
  let sum = 0;
  for (let at = 0; at < body.length; at += 1) sum += Number(body[body.length - 1 - at]) * (2 + (at % 6));
  const rest = 11 - (sum % 11);
  return (rest === 11 ? '0' : rest === 10 ? 'K' : String(rest)) === compact.at(-1);
}
