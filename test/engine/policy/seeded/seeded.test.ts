import { describe, expect, test } from 'vitest';
import { parsePolicyFile } from '../../../../src/engine/policy/parse-file.ts';
import type { PolicyProblem } from '../../../../src/engine/policy/policy-set.ts';
import { parsePolicyTestFile } from '../../../../src/engine/policy/policy-test-file.ts';
import { budgets } from './budgets.ts';
import { cel } from './cel.ts';
import { fields } from './fields.ts';
import { names } from './names.ts';
import { patterns } from './patterns.ts';
import type { Seed } from './seed.ts';
import { testFiles } from './test-files.ts';
import { types } from './types.ts';
import { values } from './values.ts';
import { yaml } from './yaml.ts';

type Read = (source: string) => readonly PolicyProblem[];

const packs = ['strict', 'git', 'kubernetes'];
const asPolicy: Read = (source) => parsePolicyFile({ path: 'f.yaml', layer: 'user', source, trusted: true, packs }).problems;
const asTests: Read = (source) => parsePolicyTestFile({ path: 'f.test.yaml', source }).problems;

const themes: readonly (readonly [string, readonly Seed[], Read])[] = [
  ['fields', fields, asPolicy],
  ['types', types, asPolicy],
  ['values', values, asPolicy],
  ['patterns', patterns, asPolicy],
  ['expressions', cel, asPolicy],
  ['YAML', yaml, asPolicy],
  ['names', names, asPolicy],
  ['budgets', budgets, asPolicy],
  ['test files', testFiles, asTests],
];

/** How else the same text may lie on a disk. */
const forms: readonly (readonly [string, (source: string) => string])[] = [
  ['as it is', (source) => source],
  ['with carriage returns', (source) => source.replaceAll('\n', '\r\n')],
  ['with a byte order mark', (source) => `\ufeff${source}`],
  ['with both', (source) => `\ufeff${source.replaceAll('\n', '\r\n')}`],
];

const shown = ({ position: { line, column, endLine, endColumn }, message }: PolicyProblem): string =>
  `${line}:${column}-${endLine}:${endColumn} ${message}`;

describe.each(themes)('%s', (_, seeds, read) => {
  test.each(seeds)('%s', (_mistake, marked, right, says) => {
    const { wrong, corrected, places } = planted(marked, right);
    for (const [form, as] of forms) {
      expect({ form, found: read(as(wrong)).map(shown) }).toEqual({ form, found: places.map((place) => `${place} ${says}`) });
      expect({ form, left: read(as(corrected)).map(shown) }).toEqual({ form, left: [] });
    }
  });
});

test('there are at least 200 documents, no two alike', () => {
  const all = themes.flatMap(([, seeds]) => seeds.map(([, marked, right]) => planted(marked, right)));
  expect(new Set(all.map(({ wrong }) => wrong)).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(200);
});

function planted(marked: string, right: Seed[2]) {
  const wrong = marked.replaceAll(/[«»]/g, '');
  const corrected = typeof right === 'string' ? marked.replace(/«[^»]*»/, () => right) : wrong.replace(right[0], () => right[1]);
  if (corrected === wrong) throw new Error('The cure changes nothing');
  return { wrong, corrected, places: placesIn(marked) };
}

/** Where the marks are, in the text without them. */
function placesIn(marked: string): readonly string[] {
  const places: string[] = [];
  let [line, column, start] = [1, 1, ''];
  for (const char of marked.split('')) {
    if (char === '«') start = `${line}:${column}`;
    else if (char === '»') places.push(`${start}-${line}:${column}`);
    else [line, column] = char === '\n' ? [line + 1, 1] : [line, column + 1];
  }
  return places;
}
