import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import type { SessionView } from '../../../src/channel/messages.ts';
import { readAmount, readCacheRates } from '../../../src/hosts/extension/price-input.ts';
import { onSpend } from '../../../src/hosts/extension/spend-changes.ts';
import { spendItemText } from '../../../src/hosts/extension/spend-item-text.ts';

test.each([
  ['2.5', 2.5],
  [' $3 ', 3],
  ['0', 0],
  ['', undefined],
  ['-1', undefined],
  ['1,5', undefined],
  ['free', undefined],
])('"%s" as a price: %s', (text, amount) => expect(readAmount(text)).toBe(amount));

test.each([
  ['', {}],
  ['0.2', { cacheRead: 0.2 }],
  ['0.2, 2.5 / 4', { cacheRead: 0.2, cacheWrite5m: 2.5, cacheWrite1h: 4 }],
  ['1 2 3 4', undefined],
  ['0.2 much', undefined],
])('"%s" as prices of the cache', (text, rates) => expect(readCacheRates(text)).toEqual(rates));

const spent = (usd: number): SessionView['spend'] => ({ usd, tokens: 24_900, unpricedTokens: 0, isLowerBound: false });

function session(id: string, cwd: string, lastSeenAt: number, usd?: number): SessionView {
  const spend = usd === undefined ? undefined : spent(usd);
  return {
    agent: 'claude-code',
    id,
    cwd,
    mode: 'default',
    interactive: true,
    startedAt: 0,
    lastSeenAt,
    calls: 1,
    denials: 0,
    state: 'idle',
    pending: 0,
    ...(spend && { spend }),
  };
}

const today = {
  tokens: { input: 1_000, output: 500, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
  responses: 2,
  webSearches: 0,
  usd: 3.1,
  unpricedTokens: 0,
  notItemisedUsd: 0,
  isLowerBound: true,
};

test.each<[string, readonly SessionView[], typeof today | undefined, string]>([
  [
    'the latest session of this window, and today',
    [session('a', '/shop', 2, 0.42), session('b', '/shop/web', 1, 9)],
    today,
    '$0.42 · at least $3.10 today',
  ],
  ['a session below a folder', [session('a', '/shop/web', 1, 9)], today, '$9.00 · at least $3.10 today'],
  ['a session of a folder that only begins alike', [session('a', '/shop-2', 1, 9)], today, 'at least $3.10 today'],
  ['a session of which nothing was counted', [session('a', '/shop', 1)], today, 'at least $3.10 today'],
  ['nothing known', [], undefined, '…'],
])('%s in the status bar', (_, sessions, sum, text) => {
  expect(spendItemText(sessions, ['/shop'], sum).text).toBe(`$(credit-card) ${text}`);
});

test('a change of what sessions spent is told at most once a second, and the last one always', () => {
  vi.useFakeTimers();
  const events = new EventEmitter();
  const snapshot = { sessions: [session('a', '/shop', 1, 1)] };
  let told = 0;
  const changes = onSpend({ events, snapshot } as never, () => (told += 1));
  const spend = (usd: number): void => {
    snapshot.sessions = [session('a', '/shop', usd, usd)];
    events.emit('change');
  };
  events.emit('change');
  expect(told).toBe(0);
  [2, 3, 4].forEach(spend);
  expect(told).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(told).toBe(2);
  vi.advanceTimersByTime(5_000);
  expect(told).toBe(2);
  spend(5);
  changes.dispose();
  vi.advanceTimersByTime(5_000);
  expect(told).toBe(3);
  vi.useRealTimers();
});
