import { expect, test } from 'vitest';
import { listPrices, listWebSearchUsd } from '../../../src/engine/spend/list-prices.ts';
import { costOf, pricesOf, type PriceTable } from '../../../src/engine/spend/price.ts';
import { bandOf, promptBands, type Billable, type Terms, type Tokens } from '../../../src/engine/spend/usage.ts';

const none: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
const autumn = Date.parse('2026-11-20T12:00:00Z');
const list = pricesOf(listPrices, listWebSearchUsd);

function response(model: string, tokens: Partial<Tokens>, given: Partial<Terms> & { at?: string; webSearches?: number } = {}): Billable {
  const all = { ...none, ...tokens };
  const { at, webSearches = 0, ...terms } = given;
  const band = bandOf(all.input + all.cacheRead + all.cacheWrite5m + all.cacheWrite1h);
  return {
    terms: { model, band, speed: 'standard', region: '', ...terms },
    at: at === undefined ? autumn : Date.parse(at),
    tokens: all,
    webSearches,
  };
}

const mixed = { input: 1_000, output: 2_000, cacheRead: 30_000, cacheWrite5m: 4_000, cacheWrite1h: 5_000 };

test.each<[string, Billable, number | undefined]>([
  ['each kind of token at its own rate', response('claude-opus-5-5', mixed), (4_000 + 40_000 + 6_000 + 20_000 + 40_000) / 1e6],
  ['a cache read that is no tenth of the input', response('claude-fable-5-1', { cacheRead: 1e5 }), 0.025],
  ['exactly 100,000 tokens of prompt: the low rate', response('claude-haiku-5-5', { input: 100_000, output: 10 }), 0.010005],
  ['one more: all of it at the high rate', response('claude-haiku-5-5', { input: 1, cacheRead: 100_000, output: 10 }), 0.0050255],
  ['a higher band without a tier of its own: the tier below', response('claude-haiku-5-5', { input: 300_000 }), 0.15],
  ['a band below the only tier: the standard rate', response('gpt-5.5', { input: 250_000 }), 1.25],
  ['above 272,000', response('gpt-5.5', { input: 272_001, output: 1_000 }), 2.76501],
  ['no price of its own for cache writes: as input', response('gpt-5.5', { cacheWrite5m: 1_000, cacheWrite1h: 1_000 }), 0.01],
  ['fast mode', response('claude-opus-4-8', { input: 9_000, output: 1_000 }, { speed: 'fast' }), 0.14],
  ['fast mode on a long prompt', response('claude-opus-5-5', { input: 300_000 }, { speed: 'fast' }), 2.4],
  ['fast mode that nobody has a price for', response('claude-sonnet-5', { input: 9_000 }, { speed: 'fast' }), undefined],
  ['inference in the US', response('claude-opus-5-5', { input: 1e6 }, { region: 'us', webSearches: 1 }), 4 * 1.1 + 0.01],
  ['anywhere else', response('claude-opus-5-5', { input: 1e6 }, { region: 'global' }), 4],
  ['web searches', response('claude-sonnet-5', { input: 1_000 }, { webSearches: 3 }), 0.032],
  ['the day before a price ended', response('claude-opus-4-6', { input: 250_000 }, { at: '2026-03-12T23:59:59Z' }), 2.5],
  ['the day on which it ended', response('claude-opus-4-6', { input: 250_000 }, { at: '2026-03-13T00:00:00Z' }), 1.25],
  ['long prompts of Sonnet 4.5 while they cost more', response('claude-sonnet-4-5', { input: 250_000 }, { at: '2026-04-01' }), 1.5],
  ['and after that', response('claude-sonnet-4-5', { input: 250_000 }), 0.75],
  ['a retired model', response('claude-3-5-haiku-20241022', { input: 1e6 }), 0.8],
  ['a model that nobody knows', response('acme-coder-9', { input: 1_000 }), undefined],
])('%s', (_, billable, usd) => {
  expect(costOf(billable, list)?.toFixed(9)).toBe(usd?.toFixed(9));
});

test.each([
  'claude-opus-4-6[1m]',
  'us.anthropic.claude-opus-4-6-v1',
  'eu.anthropic.claude-opus-4-6-20260101-v1:0',
  'global.anthropic.claude-opus-4-6-v1:0',
  'anthropic/claude-opus-4-6',
  'claude-opus-4-6@20260101',
  'claude-opus-4-6-20260101',
])('%s is the same model under another name', (model) => {
  expect(costOf(response(model, { input: 1e6 }), list)).toBe(5);
});

test.each(['claude-opus-4-60', 'claude-opus-4-6-turbo', 'claude-opus-4', 'my-claude-opus-4-6', 'Claude-Opus-4-6', 'gpt-5.5-hyper', ''])(
  '%s is not taken for Opus 4.6 or GPT-5.5 because it looks alike',
  (model) => {
    expect(costOf(response(model, { input: 1e6 }), list)).not.toBe(5);
  },
);

test('Sonnet 5.5 does not cost what Sonnet 5 does', () => {
  expect(costOf(response('claude-sonnet-5-5', { cacheRead: 1e6 }), list)).toBe(0.1);
  expect(costOf(response('claude-sonnet-5', { cacheRead: 1e6 }), list)).toBe(0.2);
});

const set: PriceTable = {
  'claude-opus-5-5': [{ input: 1, output: 1 }],
  'claude-sonnet-5': [{ from: '2026-11-01', input: 7, output: 7 }],
  'acme-*': [{ input: 3, output: 6 }],
  'acme-coder-9': [{ input: 2, output: 4 }],
  'us.anthropic.claude-opus-5': [{ input: 5.5, output: 27.5 }],
};
const told: PriceTable = { 'claude-opus-5-5': [{ input: 99, output: 99 }], 'claude-next-6': [{ input: 6, output: 30 }] };

test.each<[string, Billable, number | undefined]>([
  ['what a person set comes before the list', response('claude-opus-5-5', { input: 1e6 }), 1],
  ['without a surcharge that they did not name', response('claude-opus-5-5', { input: 1e6 }, { region: 'us' }), 1],
  ['where it leaves fast mode out, the list has it', response('claude-opus-5-5', { input: 1e6 }, { speed: 'fast' }), 8],
  ['from its day on', response('claude-sonnet-5', { input: 1e6 }), 7],
  ['before that the list', response('claude-sonnet-5', { input: 1e6 }, { at: '2026-10-31' }), 2],
  ['a pattern', response('acme-writer', { input: 1e6 }), 3],
  ['a whole name comes before a pattern', response('acme-coder-9', { input: 1e6 }), 2],
  ['a pattern is for whole names', response('my-acme-writer', { input: 1e6 }), undefined],
  ['the name as the record has it comes first', response('us.anthropic.claude-opus-5', { input: 1e6 }), 5.5],
  ['what only the agent was told', response('claude-next-6', { output: 1e6 }), 30],
])('%s', (_, billable, usd) => {
  expect(costOf(billable, pricesOf(listPrices, listWebSearchUsd, set, told))).toBe(usd);
});

test('every size at which a listed price steps up is one that usage is kept by', () => {
  const thresholds = Object.values(listPrices).flatMap((prices) => prices.flatMap(({ tiers = [] }) => tiers.map(({ above }) => above)));
  expect(thresholds.length).toBeGreaterThan(10);
  const bands: readonly number[] = promptBands;
  expect(thresholds.filter((above) => !bands.includes(above))).toEqual([]);
});
