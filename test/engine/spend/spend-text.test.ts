import { expect, test } from 'vitest';
import { spendCsv } from '../../../src/engine/spend/csv.ts';
import { costText, shortCount, tokensText, usdText } from '../../../src/engine/spend/spend-text.ts';

test.each([
  [0, '$0.00'],
  [0.00001, '<$0.0001'],
  [0.0042, '$0.0042'],
  [0.0244, '$0.024'],
  [0.126, '$0.13'],
  [12.345, '$12.35'],
  [1234.5, '$1,234.50'],
])('%d dollars: %s', (usd, text) => expect(usdText(usd)).toBe(text));

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1k'],
  [24_949, '24.9k'],
  [999_499, '999k'],
  [999_500, '1M'],
  [2_586_456, '2.59M'],
  [73_140_000, '73.1M'],
  [1_500_000_000, '1.5B'],
])('%d: %s', (count, text) => expect(shortCount(count)).toBe(text));

test.each<[string, Parameters<typeof costText>[0], string]>([
  ['all of it is known', { usd: 1, unpricedTokens: 0, isLowerBound: false }, '$1.00'],
  ['some count is missing', { usd: 1, unpricedTokens: 0, isLowerBound: true }, 'at least $1.00'],
  ['some of it has no price', { usd: 1, unpricedTokens: 5, isLowerBound: false }, 'at least $1.00'],
  ['none of it has a price', { usd: 0, unpricedTokens: 5, isLowerBound: true }, 'no price'],
  ['it is free', { usd: 0, unpricedTokens: 0, isLowerBound: false }, '$0.00'],
])('what something costs when %s', (_, sum, text) => expect(costText(sum)).toBe(text));

test('one token is not several', () => expect([tokensText(1), tokensText(2)]).toEqual(['1 token', '2 tokens']));

test('a row of CSV has exact numbers, and text that no spreadsheet runs', () => {
  const tokens = { input: 1, output: 2, cacheRead: 3, cacheWrite5m: 4, cacheWrite1h: 5 };
  const sum = {
    tokens,
    responses: 6,
    webSearches: 7,
    usd: 0.123456789,
    unpricedTokens: 8,
    notItemisedUsd: 0.5,
    saidUsd: 0.25,
    isLowerBound: true,
  };
  const [head, line] = spendCsv([{ key: '=HYPERLINK("x")', label: 'a,b', detail: '', sum, lastAt: 0 }]).split('\r\n');
  expect(head).toBe(
    'key,label,detail,usd,is_lower_bound,not_itemised_usd,input_tokens,output_tokens,cache_read_tokens,cache_write_5m_tokens,' +
      'cache_write_1h_tokens,unpriced_tokens,responses,web_searches,agent_said_usd,last_at',
  );
  expect(line).toBe(`"'=HYPERLINK(""x"")","a,b",,0.123456789,true,0.5,1,2,3,4,5,8,6,7,0.25,1970-01-01T00:00:00.000Z`);
});
