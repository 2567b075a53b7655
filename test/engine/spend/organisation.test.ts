import { expect, test } from 'vitest';
import { listPrices, listWebSearchUsd } from '../../../src/engine/spend/list-prices.ts';
import { costOf, pricesOf, sourceOf, type PriceTable } from '../../../src/engine/spend/price.ts';
import type { Billable, Terms, Tokens } from '../../../src/engine/spend/usage.ts';

const none: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
const half = { agent: 'claude-code', multiplier: 0.5 };
const rates = {
  'claude-opus-5-5': { input: 3, output: 12, cacheRead: 0.1, cacheWrite5m: 4 },
  'Acme-Coder': { input: 8, output: 8, cacheRead: 8, cacheWrite5m: 8 },
  'acme-coder': { input: 9, output: 9, cacheRead: 9, cacheWrite5m: 9 },
  'claude-sonnet-5@20260101': { input: 1, output: 1, cacheRead: 1, cacheWrite5m: 1 },
  'us.anthropic.claude-sonnet-5-v1:0': { input: 6, output: 6, cacheRead: 6, cacheWrite5m: 6 },
};

function used(model: string, tokens: Partial<Tokens>, given: Partial<Terms> & { agent?: string; webSearches?: number } = {}): Billable {
  const { agent = 'claude-code', webSearches = 0, ...terms } = given;
  return {
    agent,
    at: Date.parse('2026-11-20'),
    terms: { model, band: 0, speed: 'standard', region: '', ...terms },
    tokens: { ...none, ...tokens },
    webSearches,
  };
}

test.each<[string, Billable, number | undefined]>([
  ['its own rate, and the multiplier on top', used('claude-opus-5-5', { input: 1e6 }), 1.5],
  ['one rate for both kinds of cache writes', used('claude-opus-5-5', { cacheWrite5m: 1e6, cacheWrite1h: 1e6 }), 4],
  ['no surcharge for fast mode', used('claude-opus-5-5', { input: 1e6 }, { speed: 'fast' }), 1.5],
  ['no surcharge for the US', used('claude-opus-5-5', { input: 1e6 }, { region: 'us' }), 1.5],
  ['no tier for long prompts', used('claude-opus-5-5', { input: 1e6 }, { band: 3 }), 1.5],
  ['a known model under another name', used('eu.anthropic.claude-opus-5-5-20260901-v1:0', { input: 1e6 }), 1.5],
  ['with a million tokens of context', used('claude-opus-5-5[1m]', { input: 1e6 }), 1.5],
  ['whatever the case', used('ACME-coder', { input: 1e6 }), 4],
  ['a model that the list does not know: by its whole name only', used('acme-coder-20260901', { input: 1e6 }), undefined],
  ['of two names of one model the first', used('claude-sonnet-5', { input: 1e6 }), 0.5],
  ['an exact name comes first', used('us.anthropic.claude-sonnet-5-v1:0', { input: 1e6 }), 3],
  ['the list’s price, multiplied', used('claude-haiku-5-5', { input: 1e6 }, { region: 'us' }), 0.055],
  ['the fee of a search, multiplied', used('claude-haiku-5-5', { input: 1e6 }, { webSearches: 2 }), 0.06],
  ['another agent pays the list’s price', used('claude-opus-5-5', { input: 1e6 }, { agent: 'codex' }), 4],
])('%s', (_, billable, usd) => {
  expect(costOf(billable, pricesOf(listPrices, listWebSearchUsd, {}, {}, { ...half, rates }))?.toFixed(9)).toBe(usd?.toFixed(9));
});

test('what a person set comes first, and as it stands', () => {
  const set: PriceTable = { 'claude-opus-5-5': [{ input: 7, output: 7 }] };
  const prices = pricesOf(listPrices, listWebSearchUsd, set, {}, { ...half, rates });
  expect(costOf(used('claude-opus-5-5', { input: 1e6 }), prices)).toBe(7);
  // It leaves fast mode out: the next one says.
  expect(costOf(used('claude-opus-5-5', { input: 1e6 }, { speed: 'fast' }), prices)).toBe(1.5);
  expect(sourceOf(used('claude-opus-5-5', {}), prices)).toBe('person');
  expect(sourceOf(used('acme-coder', {}), prices)).toBe('organisation');
  expect(sourceOf(used('claude-haiku-5-5', {}), prices)).toBe('list');
});
