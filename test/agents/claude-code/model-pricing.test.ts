import { expect, test } from 'vitest';
import { organisationPrices } from '../../../src/agents/claude-code/model-pricing.ts';

const row = { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.5 };
const rates = { input: 1, output: 2, cacheRead: 0.1, cacheWrite5m: 1.5 };

test.each<[string, readonly unknown[], object | undefined]>([
  ['nothing is set', [{ cleanupPeriodDays: 20 }], undefined],
  ['a multiplier alone', [{ modelPricing: { multiplier: 0.85 } }], { multiplier: 0.85, rates: {} }],
  ['a multiplier of one changes nothing', [{ modelPricing: { multiplier: 1 } }], undefined],
  ['a row', [{ modelPricing: { overrides: { a: row } } }], { multiplier: 1, rates: { a: rates } }],
  [
    'a row without all four rates is left out, the others hold',
    [{ modelPricing: { overrides: { a: { input: 1, output: 2, cacheRead: 3 }, b: row } } }],
    { multiplier: 1, rates: { b: rates } },
  ],
  [
    'a rate that cannot be is left out',
    [{ modelPricing: { overrides: { a: { ...row, input: -1 }, b: { ...row, output: 10_001 }, c: { ...row, input: '1' } } } }],
    undefined,
  ],
  [
    'a multiplier of nothing is left out',
    [{ modelPricing: { multiplier: 0, overrides: { a: row } } }],
    { multiplier: 1, rates: { a: rates } },
  ],
  ['a multiplier above ten as well', [{ modelPricing: { multiplier: 10.5 } }], undefined],
  ['no object', [{ modelPricing: 3 }], undefined],
  ['no object of rows', [{ modelPricing: { multiplier: 2, overrides: [row] } }], { multiplier: 2, rates: {} }],
  [
    'a later file adds rows, and replaces what it names again',
    [
      { modelPricing: { multiplier: 2, overrides: { a: row, b: row } } },
      { modelPricing: { overrides: { b: { ...row, input: 9 } } } },
      { modelPricing: { multiplier: 3 } },
      { modelPricing: { multiplier: -1 } },
    ],
    { multiplier: 3, rates: { a: rates, b: { ...rates, input: 9 } } },
  ],
])('%s', (_, files, expected) => {
  const read = files.map((settings, index) => ({ source: 'policy_settings', file: `/etc/${index}.json`, text: JSON.stringify(settings) }));
  expect(organisationPrices(read)).toEqual(expected === undefined ? undefined : { agent: 'claude-code', ...expected });
});

test('a file that is not there, or is no JSON, says nothing about prices; a mark of its encoding is no fault', () => {
  const text = `\uFEFF${JSON.stringify({ modelPricing: { multiplier: 2 } })}`;
  const files = [undefined, '', '{"modelPricing": {', text].map((one) => ({ source: 'policy_settings', file: '/etc/x.json', text: one }));
  expect(organisationPrices(files)).toMatchObject({ multiplier: 2 });
});
