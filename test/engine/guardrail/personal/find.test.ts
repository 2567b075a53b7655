import { describe, expect, test } from 'vitest';
import { findIn } from '../../../../src/engine/guardrail/detect.ts';
import { personalNumbers } from '../../../../src/engine/guardrail/personal/find.ts';

const kindsIn = (text: string): readonly string[] => findIn(text, ['pii']).findings.map(({ kind }) => kind);

/** Numbers from the manuals of who issues them, or made up with a check digit that fits. */
const valid: readonly (readonly [kind: string, text: string])[] = [
  ['credit-card', '4111 1111 1111 1111'],
  ['credit-card', '3782 822463 10005'],
  ['credit-card', 'card 5555555555554444'],
  ['credit-card', 'UATP card 122000000000003'],
  ['iban', 'DE89 3704 0044 0532 0130 00'],
  ['iban', 'GB29NWBK60161331926819'],
  ['us-bank-routing', 'routing 021000021'],
  ['us-bank-routing', 'routing 0210-0002-1'],
  ['us-npi', 'NPI 1234567893'],
  ['us-npi', 'NPI 1234-567-893'],
  ['ca-sin', 'SIN 130 692 544'],
  ['mx-curp', 'HEGG560427MVZRRL04'],
  ['br-cpf', '529.982.247-25'],
  ['br-cnpj', '11.222.333/0001-81'],
  ['ar-cuit', '20-12345678-6'],
  ['cl-rut', '12.345.678-5'],
  ['uk-nhs', 'NHS 943 476 5919'],
  ['de-tax-id', 'Steuer-ID 86095742719'],
  ['de-social-security', '15070649C103'],
  ['de-social-security', '38551285K051'],
  ['de-health-insurance', 'KVNR A123456780'],
  ['fr-nir', '1 84 12 76 451 089 46'],
  ['es-nif', '12345678Z'],
  ['es-nif', 'DNI 1111111-G'],
  ['es-nie', 'X1234567L'],
  ['it-codice-fiscale', 'RSSMRA85T10A562S'],
  ['it-vat-code', 'partita IVA 00743110157'],
  ['nl-bsn', 'BSN 111222333'],
  ['be-national-number', '85.07.30-033.28'],
  ['pl-pesel', 'PESEL 44051401359'],
  ['se-personnummer', '811218-9876'],
  ['fi-hetu', '131052-308T'],
  ['no-fodselsnummer', 'fødselsnummer 01010750160'],
  ['ch-ahv', '756.9217.0769.85'],
  ['at-svnr', 'SVNR 1237 010180'],
  ['ie-pps', 'PPS 1234567T'],
  ['pt-nif', 'NIF 123456789'],
  ['ro-cnp', 'CNP 1800101221144'],
  ['cz-rodne-cislo', 'rodné číslo 710319/2745'],
  ['bg-egn', 'EGN 7523169263'],
  ['tr-kimlik', 'kimlik 10000000146'],
  ['in-aadhaar', '2341 2341 2346'],
  ['in-gstin', '27AAPFU0939F1ZV'],
  ['cn-resident-id', '11010519491231002X'],
  ['jp-my-number', 'My Number 123456789018'],
  ['kr-rrn', 'RRN 820701-2409181'],
  ['tw-id', 'national id A123456789'],
  ['hk-hkid', 'A123456(3)'],
  ['sg-nric', 'S1234567D'],
  ['th-id', 'Thai id 1101700230708'],
  ['il-id', 'teudat zehut 123456782'],
  ['za-id', 'id number 8001015009087'],
  ['ng-nin', 'NIN 12345678902'],
  ['au-tfn', 'TFN 123 456 782'],
  ['au-medicare', 'Medicare 2123 45670 1'],
  ['au-abn', '51 824 753 556'],
  ['au-acn', 'ACN 004 085 616'],
  ['nz-ird', 'IRD 49-091-850'],
];

/** Kinds that have ranges, and no check digit. */
const unchecked: readonly (readonly [kind: string, text: string, invalid: string])[] = [
  ['us-ssn', '536-90-4399', '666-90-4399'],
  ['us-itin', 'ITIN 912-70-1234', 'ITIN 912-10-1234'],
  ['uk-nino', 'AB123456C', 'BG123456C'],
  ['dk-cpr', 'CPR 211062-5629', 'CPR 311362-5629'],
  ['in-pan', 'PAN ABCPD1234Z', 'PAN ABCZD1234Z'],
];

describe('a number that proves itself', () => {
  test.each(valid)('%s is found: %s', (kind, text) => {
    expect(kindsIn(`see ${text}, please`)).toContain(kind);
  });

  test.each(valid)('%s with another digit is none: %s', (kind, text) => {
    // The third digit from the end: whatever stands there, another does not fit.
    const digits = [...text.matchAll(/\d/g)];
    const at = digits.at(-3)?.index ?? 0;
    const other = `${text.slice(0, at)}${(Number(text[at]) + 1) % 10}${text.slice(at + 1)}`;
    expect(kindsIn(`see ${other}, please`)).not.toContain(kind);
  });

  test.each(unchecked)('%s has ranges', (kind, text, invalid) => {
    expect(kindsIn(text)).toContain(kind);
    expect(kindsIn(invalid)).not.toContain(kind);
  });

  test('every kind is among them', () => {
    const shown = new Set([...valid, ...unchecked].map(([kind]) => kind));
    expect(personalNumbers.map(({ kind }) => kind).filter((kind) => !shown.has(kind))).toEqual([]);
  });

  test.each(valid.filter(([kind]) => personalNumbers.every((row) => row.kind !== kind || row.alone === 'never')))(
    '%s counts only near a word for it: %s',
    (kind, text) => {
      const bare = text.replace(/^(?:[A-Za-zæøåéčíö-]+ )+/, '');
      expect(kindsIn(`see ${bare}, please`)).not.toContain(kind);
    },
  );
});

test.each<[string, string, readonly string[]]>([
  ['an address', 'write to amy.lee+x@mail.example.org.', ['email']],
  ['after a colon', 'mailto:amy@example.org, Email:bob@example.org', ['email', 'email']],
  ['in another script', 'write to amy@xn--d1acufc.xn--p1ai', ['email']],
  ['of git', 'git clone git@github.com:o/r.git', []],
  ['of nobody', 'From: noreply@example.org', []],
  ['a scale', 'icon@2x.png logo@home.svg', []],
  ['a package', 'npm i @scope/name@1.2.3 x@latest', []],
  ['a user of an address', 'https://amy@example.org/x', []],
  ['E.164', 'ring +49 30 901820 or +14155552671', ['phone', 'phone']],
  ['American', '(415) 555-2671', ['phone']],
  ['Turkish and Chinese, near a word', 'phone 5321234567, mobile 13812345678', ['phone', 'phone']],
  ['what only counts up, near a word', 'phone 9123456789', []],
  ['the end of a longer number', '51 824 753 5564', []],
  ['groups in the middle of a longer number', 'ES91 2100 0418 4502 0005 1333', []],
  ['insurance numbers that only count up or down', '456-78-9012 876-54-3210', []],
  ['French, near a word', 'tél. / phone: 01 42 68 53 00', ['phone']],
  ['the same digits elsewhere', 'section 01 42 68 53 00', []],
  ['a time stamp', '2026-11-28T21:29:19.123456789Z 1764365359123', []],
  ['a version, an address', '10.0.19045.3803 192.168.100.100 1.2.3-4567', []],
  ['a hash', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', []],
  ['a card within a longer number', '1234111111111111111100', []],
])('%s: %s', (_, text, expected) => {
  expect(kindsIn(text)).toEqual(expected);
});

test('a card’s number without separators and without a word is only likely', () => {
  const confidence = (text: string): unknown => findIn(text, ['pii']).findings[0]?.confidence;
  expect([confidence('id 4111111111111111'), confidence('my card 4111111111111111'), confidence('4111-1111-1111-1111')]).toEqual([
    'likely',
    'sure',
    'sure',
  ]);
});

test('a text full of numbers is looked through as far as the work goes, and says how far', () => {
  const text = '4111 '.repeat(180_000);
  expect(findIn(text, ['pii']).notScanned?.end).toBe(text.length);
});
