import { allSame, isDay, luhn, mod11with10, remainder, weighted } from './checks.ts';
import { number, type PersonalNumber } from './number.ts';

export const europe: readonly PersonalNumber[] = [
  number(
    'uk-nino',
    'UK national insurance number',
    '[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\\d{2}[ -]?\\d{2}[ -]?\\d{2}[ -]?[A-D]',
    'national insurance|nino|ni number|insurance',
    'likely',
    (compact) => !/^(?:BG|GB|NK|KN|TN|NT|ZZ)/.test(compact),
  ),
  number('uk-nhs', 'UK NHS number', '\\d{3}([ -]?)\\d{3}\\1\\d{4}', 'nhs|national health|health service', 'never', (digits) => {
    const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
    return (check === 11 ? 0 : check) === Number(digits[9]) && !allSame(digits);
  }),
  number('de-tax-id', 'German tax id', '[1-9]\\d(?:[ /]?\\d{3}){3}', 'steuer|idnr|tax|tin|identifikationsnummer', 'never', isGermanTaxId),
  number(
    'de-social-security',
    'German social insurance number',
    '\\d{2} ?[0-8]\\d[01]\\d{3} ?[A-Z] ?\\d{3}',
    'rentenversicherung|sozialversicherung|rvnr|svnr|versicherung',
    'likely',
    isGermanInsurance,
  ),
  number(
    'de-health-insurance',
    'German health insurance number',
    '[A-Z]\\d{9}',
    'krankenversicherung|kvnr|versichert|gesundheitskarte|health',
    'never',
    isGermanHealth,
  ),
  number(
    'fr-nir',
    'French social security number',
    '[12378] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\\d) ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}',
    'nir|sécurité sociale|securite sociale|social|insee|sécu',
    'separated',
    (compact) => {
      const digits = compact.slice(0, 13).replace('2A', '19').replace('2B', '18');
      return 97 - remainder(digits, 97) === Number(compact.slice(13));
    },
  ),
  number(
    'es-nif',
    'Spanish NIF',
    '\\d{8}[ -]?[A-Z]',
    'nif|dni|documento|identidad',
    'likely',
    (compact) => spanishLetter(compact.slice(0, 8)) === compact[8],
  ),
  // A leading zero is often left out.
  number(
    'es-nif',
    'Spanish NIF',
    '\\d{7}[ -]?[A-Z]',
    'nif|dni|documento|identidad',
    'never',
    (compact) => spanishLetter(compact.slice(0, 7)) === compact[7],
  ),
  number(
    'es-nie',
    'Spanish NIE',
    '[XYZ][ -]?\\d{7}[ -]?[A-Z]',
    'nie|extranjero|identidad',
    'likely',
    (compact) => spanishLetter(`${'XYZ'.indexOf(compact[0] ?? '')}${compact.slice(1, 8)}`) === compact[8],
  ),
  number(
    'it-codice-fiscale',
    'Italian codice fiscale',
    '[A-Z]{6} ?[0-9L-NP-V]{2}[ABCDEHLMPRST][0-9L-NP-V]{2} ?[A-Z][0-9L-NP-V]{3}[A-Z]',
    'codice fiscale|fiscale|cf',
    'sure',
    isCodiceFiscale,
  ),
  number(
    'it-vat-code',
    'Italian partita IVA',
    '(?:IT)?\\d{11}',
    'partita|iva|vat',
    'never',
    (compact) => luhn(compact.replace('IT', '')) && !allSame(compact.replace('IT', '')),
  ),
  number(
    'nl-bsn',
    'Dutch BSN',
    '\\d{4}\\.?\\d{2}\\.?\\d{3}',
    'bsn|burgerservicenummer|sofinummer|burger',
    'never',
    (digits) => weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && !allSame(digits),
  ),
  number(
    'be-national-number',
    'Belgian national number',
    '\\d{2}[. ]?\\d{2}[. ]?\\d{2}[- .]?\\d{3}[. ]?\\d{2}',
    'rijksregister|registre national|niss|insz|national',
    'separated',
    (digits) => {
      const check = Number(digits.slice(9));
      return (
        isDay(digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)) &&
        [digits.slice(0, 9), `2${digits.slice(0, 9)}`].some((body) => 97 - remainder(body, 97) === check)
      );
    },
  ),
  number('pl-pesel', 'Polish PESEL', '\\d{11}', 'pesel', 'never', (digits) => {
    const month = String(Number(digits.slice(2, 4)) % 20).padStart(2, '0');
    return isDay(digits.slice(0, 2), month, digits.slice(4, 6)) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
  }),
  number(
    'se-personnummer',
    'Swedish personnummer',
    '(?:18|19|20)?\\d{6}[-+]?\\d{4}',
    'personnummer|samordningsnummer|swedish|personal',
    'separated',
    (digits) => {
      const short = digits.slice(-10);
      const day = Number(short.slice(4, 6));
      return isDay(short.slice(0, 2), short.slice(2, 4), String(day > 60 ? day - 60 : day)) && luhn(short);
    },
  ),
  number(
    'fi-hetu',
    'Finnish identity code',
    '\\d{6}[-+A-FU-Y]\\d{3}[0-9A-Y]',
    'hetu|henkilötunnus|personbeteckning',
    'likely',
    (compact) => {
      const digits = compact.replace(/^(\d{6})[A-FU-Y]/, '$1');
      return (
        isDay(digits.slice(4, 6), digits.slice(2, 4), digits.slice(0, 2)) &&
        '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(digits.slice(0, 9)) % 31] === digits[9]
      );
    },
  ),
  number(
    'no-fodselsnummer',
    'Norwegian fødselsnummer',
    '\\d{6} ?\\d{5}',
    'fødselsnummer|fodselsnummer|personnummer|fnr',
    'never',
    (digits) => {
      const one = (11 - (weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
      const two = (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
      return one === Number(digits[9]) && two === Number(digits[10]);
    },
  ),
  number('dk-cpr', 'Danish CPR number', '\\d{6}-?\\d{4}', 'cpr|personnummer', 'never', (digits) =>
    isDay(digits.slice(4, 6), digits.slice(2, 4), digits.slice(0, 2)),
  ),
  number(
    'ch-ahv',
    'Swiss AHV number',
    '756(\\.?)\\d{4}\\1\\d{4}\\1\\d{2}',
    'ahv|avs|sozialversicherung',
    'sure',
    (digits) => (10 - (weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === Number(digits[12]),
  ),
  number(
    'at-svnr',
    'Austrian insurance number',
    '[1-9]\\d{3} ?\\d{6}',
    'svnr|sozialversicherung|versicherungsnummer|sv-nummer',
    'never',
    (digits) =>
      weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(digits[3]) &&
      isDay(digits.slice(8), digits.slice(6, 8), digits.slice(4, 6)),
  ),
  number('ie-pps', 'Irish PPS number', '\\d{7}[A-W][A-IW]?', 'pps|ppsn|personal public', 'never', (compact) => {
    const second = compact.length === 9 ? 'WABCDEFGHI'.indexOf(compact[8] ?? '') * 9 : 0;
    return 'WABCDEFGHIJKLMNOPQRSTUV'[(weighted(compact, [8, 7, 6, 5, 4, 3, 2]) + second) % 23] === compact[7];
  }),
  number('pt-nif', 'Portuguese NIF', '[1-9]\\d{8}', 'nif|contribuinte|fiscal', 'never', (digits) => {
    const check = 11 - (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
    return (check > 9 ? 0 : check) === Number(digits[8]);
  }),
  number('ro-cnp', 'Romanian CNP', '[1-9]\\d{12}', 'cnp|cod numeric', 'never', (digits) => {
    const check = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    return isDay(digits.slice(1, 3), digits.slice(3, 5), digits.slice(5, 7)) && (check === 10 ? 1 : check) === Number(digits[12]);
  }),
  number('cz-rodne-cislo', 'Czech or Slovak birth number', '\\d{6}/?\\d{4}', 'rodné|rodne|birth number|číslo', 'never', (digits) => {
    const month = Number(digits.slice(2, 4)) % 50;
    return isDay(digits.slice(0, 2), String(month > 20 ? month - 20 : month), digits.slice(4, 6)) && remainder(digits, 11) === 0;
  }),
  number('bg-egn', 'Bulgarian EGN', '\\d{10}', 'egn|егн', 'never', (digits) => {
    const month = Number(digits.slice(2, 4)) % 20;
    return (
      isDay(digits.slice(0, 2), String(month), digits.slice(4, 6)) &&
      (weighted(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === Number(digits[9])
    );
  }),
  number('tr-kimlik', 'Turkish identity number', '[1-9]\\d{10}', 'kimlik|tckn|t\\.c\\.|tc ', 'never', isKimlik),
];

function spanishLetter(digits: string): string | undefined {
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(digits) % 23];
}

/** Of the first ten digits exactly one occurs twice or three times. */
function isGermanTaxId(digits: string): boolean {
  const counts = '0123456789'
    .split('')
    .map((digit) => digits.slice(0, 10).split(digit).length - 1)
    .filter((count) => count > 1);
  return counts.length === 1 && (counts[0] ?? 9) <= 3 && mod11with10(digits);
}

function isGermanInsurance(compact: string): boolean {
  const letter = String((compact.charCodeAt(8) ?? 0) - 64).padStart(2, '0');
  const digits = compact.slice(0, 8) + letter + compact.slice(9);
  const sum = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1].reduce((all, weight, at) => {
    const product = weight * Number(digits[at]);
    return all + Math.floor(product / 10) + (product % 10);
  }, 0);
  const [day, month] = [Number(compact.slice(2, 4)), Number(compact.slice(4, 6))];
  return day >= 1 && day <= 81 && month >= 1 && month <= 12 && sum % 10 === Number(digits[12]);
}

function isGermanHealth(compact: string): boolean {
  const digits = String(compact.charCodeAt(0) - 64).padStart(2, '0') + compact.slice(1, 9);
  let sum = 0;
  for (let at = 0; at < 10; at += 1) {
    const product = Number(digits[at]) * (1 + (at % 2));
    sum += product > 9 ? product - 9 : product;
  }
  return sum % 10 === Number(compact[9]);
}

/** What a character counts at the 1st, 3rd … place; at the others it counts its place in the alphabet. */
const oddPlaces = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function isCodiceFiscale(compact: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const code = compact.charCodeAt(at);
    const place = code < 65 ? code - 48 : code - 65;
    sum += at % 2 === 0 ? (oddPlaces[place] ?? 0) : place;
  }
  return String.fromCharCode(65 + (sum % 26)) === compact[15];
}

function isKimlik(digits: string): boolean {
  const odd = weighted(digits, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weighted(digits, [0, 1, 0, 1, 0, 1, 0, 1]);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return tenth === Number(digits[9]) && (odd + even + tenth) % 10 === Number(digits[10]);
}
