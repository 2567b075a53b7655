import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { costOf } from '../../src/engine/spend/price.ts';
import { homeOf, type Home } from '../../src/storage/home.ts';
import { claudeStateFile, readPrices } from '../../src/storage/prices.ts';
import { watchPrices } from '../../src/storage/spend/price-watch.ts';
import { setPrice } from '../../src/storage/set-price.ts';

const rates = { inputTokens: 7, outputTokens: 8, promptCacheReadTokens: 1, promptCacheWriteTokens: 2 };

let folder: string;
let home: Home;
let claude: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prices-'));
  home = homeOf({ COUNTERSIGN_HOME: folder });
  claude = join(folder, '.claude.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('the price of a model is what config.json says, else the list, else what Claude Code was told', () => {
  writeFileSync(home.config, JSON.stringify({ port: 4_711, prices: { 'claude-opus-5-5': { input: 1, output: 2 } } }));
  const costs = { 'claude-opus-5-5': rates, 'claude-next-6': rates };
  writeFileSync(claude, JSON.stringify({ oauthAccount: {}, additionalModelCostsCache: costs }));
  expect([inputPrice('claude-opus-5-5'), inputPrice('claude-sonnet-5'), inputPrice('claude-next-6')]).toEqual([1, 2, 7]);
});

test('several prices of one model hold from their days on', () => {
  const prices = [
    { input: 1, output: 1 },
    { input: 9, output: 9, from: '2026-11-15' },
  ];
  writeFileSync(home.config, JSON.stringify({ prices: { 'acme-*': prices } }));
  expect([inputPrice('acme-1', '2026-11-14'), inputPrice('acme-1', '2026-11-15')]).toEqual([1, 9]);
});

test('with neither file there is the list', () => {
  expect(inputPrice('claude-sonnet-5')).toBe(2);
});

test.each<[string, unknown, RegExp]>([
  ['a missing rate', { 'acme-1': { input: 1 } }, /config\.json: the price of acme-1 .*output/],
  ['a rate below nothing', { 'acme-1': { input: -1, output: 1 } }, /acme-1 .*input/],
  ['a misspelt rate', { 'acme-1': { input: 1, output: 1, cacheReads: 1 } }, /acme-1/],
  ['a size that usage is not kept by', { 'acme-1': { input: 1, output: 1, tiers: [{ above: 128_000, input: 2, output: 2 }] } }, /272000/],
  ['a day that does not exist', { 'acme-1': { input: 1, output: 1, from: '2026-02-30' } }, /from is no day/],
  ['no object', [1], /prices/],
])('%s is refused by name', (_, prices, message) => {
  writeFileSync(home.config, JSON.stringify({ prices }));
  expect(() => readPrices(home, claude)).toThrow(message);
});

test.each<[string, string]>([
  ['half a file', '{"additionalModelCostsCache": {'],
  ['another shape', '{"additionalModelCostsCache": {"claude-next-6": {"input": 3}}}'],
  ['a size that usage is not kept by', told({ longPrompt: { ...rates, abovePromptTokens: 128_000 } })],
])('%s at Claude Code says nothing about prices', (_, text) => {
  writeFileSync(claude, text);
  expect(inputPrice('claude-next-6')).toBeUndefined();
});

test('what Claude Code was told about long prompts and fast mode counts', () => {
  writeFileSync(
    claude,
    told({ longPrompt: { ...rates, inputTokens: 14, abovePromptTokens: 200_000 }, fast: { ...rates, inputTokens: 21 } }),
  );
  const cost = (band: number, speed: 'standard' | 'fast'): number | undefined => {
    const tokens = { input: 1e6, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
    return costOf({ terms: { model: 'claude-next-6', band, speed, region: '' }, at: 0, tokens, webSearches: 0 }, readPrices(home, claude));
  };
  expect([cost(1, 'standard'), cost(2, 'standard'), cost(0, 'fast')]).toEqual([7, 14, 21]);
});

test('Claude Code keeps its state beside its default folder, and inside one that was named', () => {
  expect(claudeStateFile({})).toMatch(/[\\/]\.claude\.json$/);
  expect(claudeStateFile({})).not.toMatch(/\.claude[\\/]/);
  expect(claudeStateFile({ CLAUDE_CONFIG_DIR: folder })).toBe(join(folder, '.claude.json'));
});

function inputPrice(model: string, day = '2026-11-20'): number | undefined {
  const tokens = { input: 1e6, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  const terms = { model, band: 0, speed: 'standard', region: '' } as const;
  return costOf({ terms, at: Date.parse(day), tokens, webSearches: 0 }, readPrices(home, claude));
}

function told(more: object): string {
  return JSON.stringify({ additionalModelCostsCache: { 'claude-next-6': { ...rates, ...more } } });
}

test('a price that is set counts at once, and leaves the rest of the file alone', () => {
  writeFileSync(home.config, JSON.stringify({ port: 4_711, prices: { other: { input: 1, output: 1 } }, mine: true }));
  setPrice(home, 'acme-1', { input: 2, output: 10, cacheRead: 0.2 });
  expect([inputPrice('acme-1'), inputPrice('other')]).toEqual([2, 1]);
  expect(JSON.parse(readFileSync(home.config, 'utf8'))).toMatchObject({ port: 4_711, mine: true });
});

test('what an organisation pays holds from the moment in which its settings come, change and go', () => {
  const managed = join(folder, 'managed');
  const dropIns = join(managed, 'managed-settings.d');
  mkdirSync(dropIns, { recursive: true });
  let now = 0;
  const prices = watchPrices(home, managed, () => (now += 2_000));
  const cost = (): number | undefined => {
    const tokens = { input: 1e6, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
    const terms = { model: 'claude-opus-5-5', band: 0, speed: 'standard', region: '' } as const;
    return costOf({ agent: 'claude-code', terms, at: Date.parse('2026-11-20'), tokens, webSearches: 0 }, prices());
  };
  const costs = [cost()];
  const write = (file: string, modelPricing: unknown): void => {
    writeFileSync(file, JSON.stringify({ modelPricing }));
    costs.push(cost());
  };
  write(join(managed, 'managed-settings.json'), { multiplier: 0.5 });
  write(join(dropIns, '10-prices.json'), { overrides: { 'claude-opus-5-5': { input: 10, output: 1, cacheRead: 1, cacheWrite: 1 } } });
  write(join(dropIns, '20-prices.json'), { multiplier: 0.25 });
  rmSync(join(dropIns, '10-prices.json'));
  costs.push(cost());
  expect(costs).toEqual([4, 2, 5, 2.5, 1]);
  const same = prices();
  expect(prices()).toBe(same);
});
