import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claudeUsage } from '../../../src/agents/claude-code/usage.ts';
import { pricesOf, type Prices, type PriceTable } from '../../../src/engine/spend/price.ts';
import type { SpendKey, SpendReport } from '../../../src/engine/spend/report.ts';
import { allRecords } from '../../../src/storage/spend/record-places.ts';
import { SpendIndex } from '../../../src/storage/spend/spend-index.ts';
import { temporaryFolder } from '../folder.ts';
import { Transcript } from './transcript.ts';

const morning = '2026-11-28T10:00:00.000Z';
const noon = '2026-11-28T12:00:00.000Z';
const opus = 'claude-opus-5-5';

interface Place {
  readonly path: string;
  readonly transcript: (session: string) => Transcript;
  readonly read: (prices: Prices) => SpendIndex;
}

function place(): Place {
  const root = temporaryFolder();
  const claude = join(root, 'claude');
  const path = join(root, 'spend.db');
  const read = (prices: Prices): SpendIndex => {
    const index = new SpendIndex({
      path,
      readers: [claudeUsage],
      records: () => allRecords([], { CLAUDE_CONFIG_DIR: claude, CODEX_HOME: join(root, 'none') }),
      workspaceOf: (cwd) => cwd,
      prices: () => prices,
      now: () => Date.parse(noon),
    });
    onTestFinished(() => index.close());
    index.scan();
    while (!index.step(1_000));
    return index;
  };
  return { path, transcript: (session) => new Transcript(claude, session), read };
}

function listed(table: PriceTable, set: PriceTable = {}): Prices {
  return pricesOf(table, 0.01, set);
}

function report(index: SpendIndex, by: SpendKey = 'session', over: Partial<Parameters<SpendIndex['report']>[0]> = {}): SpendReport {
  return index.report({ since: 0, until: Date.parse('2026-12-01T00:00:00Z'), by, step: 'day', timeZone: 'UTC', ...over });
}

/** 10 tokens in, 20 out. */
const answer = (id: number, model = 'acme-9', time = morning) => ({ id: `msg_0000000${id}`, time, model });
const used = (inputTokens: number, outputTokens: number, costUSD: number) => ({ inputTokens, outputTokens, costUSD });

test('a model without a price costs what the agent said of the session, and is marked', () => {
  const { transcript, read } = place();
  transcript('s1')
    .answer(answer(1))
    .answer(answer(2))
    .sum({ 'acme-9': used(20, 40, 0.6) });
  const index = read(listed({}));
  const { total, unpriced, said } = report(index);
  expect(total).toMatchObject({ usd: expect.closeTo(0.6, 9), saidUsd: expect.closeTo(0.6, 9), unpricedTokens: 0 });
  expect([unpriced, said]).toEqual([[], [{ model: 'acme-9', tokens: 60, usd: expect.closeTo(0.6, 9) }]]);
});

test.each<SpendKey>(['session', 'subagent', 'agent', 'model', 'workspace'])(
  'what was said of one session is no price for another: by %s, and asked for alone',
  (by) => {
    const { transcript, read } = place();
    transcript('s1')
      .answer(answer(1))
      .answer(answer(4, opus))
      .sum({ 'acme-9': used(10, 20, 0.3), [opus]: used(10, 20, 0.00021) });
    transcript('s2')
      .answer(answer(2))
      .sum({ 'acme-9': used(10, 20, 0.9) });
    transcript('s3').answer(answer(3));
    const index = read(listed({ [opus]: [{ input: 1, output: 10 }] }));
    const all = report(index, by);
    expect(all.total).toMatchObject({ usd: expect.closeTo(1.20021, 9), saidUsd: expect.closeTo(1.2, 9), unpricedTokens: 30, responses: 4 });
    expect(all.rows.reduce((sum, row) => sum + row.sum.usd, 0)).toBeCloseTo(1.20021, 9);
    expect(all.unpriced).toEqual([{ model: 'acme-9', tokens: 30 }]);
    expect(index.sum({})).toEqual(all.total);
    expect(index.sum({ session: 's2' })).toMatchObject({ usd: expect.closeTo(0.9, 9), unpricedTokens: 0 });
    expect(index.sum({ session: 's3' })).toMatchObject({ usd: 0, unpricedTokens: 30 });
  },
);

test('of a model that has a price, only what has none costs what was said', () => {
  const { transcript, read } = place();
  transcript('s1')
    .answer(answer(1, opus))
    .answer({ ...answer(2, opus), speed: 'fast' })
    .sum({ [opus]: used(20, 40, 0.6) });
  const index = read(listed({ [opus]: [{ input: 1, output: 10 }] }));
  expect(report(index).total).toMatchObject({ usd: expect.closeTo(0.30021, 9), saidUsd: expect.closeTo(0.3, 9), responses: 2 });
  expect(index.sum({})).toEqual(report(index).total);
});

test('what of it is hidden has the same average', () => {
  const { transcript, read } = place();
  transcript('s1')
    .answer(answer(1))
    .sum({ 'acme-9': used(20, 40, 0.6) });
  const { total } = report(read(listed({})));
  expect(total).toMatchObject({ usd: expect.closeTo(0.6, 9), notItemisedUsd: expect.closeTo(0.3, 9), saidUsd: expect.closeTo(0.6, 9) });
});

test('what the agent only guesses is no price', () => {
  const { transcript, read } = place();
  const line = { type: 'cost-state', sessionId: 's1', modelUsage: { 'acme-9': used(10, 20, 0.3) }, hasUnknownModelCost: true };
  transcript('s1')
    .answer(answer(1))
    .raw(`${JSON.stringify(line)}\n`);
  expect(report(read(listed({}))).total).toMatchObject({ usd: 0, unpricedTokens: 30 });
});

test('a price that becomes known counts, and nothing is said any more', () => {
  const { transcript, read } = place();
  transcript('s1')
    .answer(answer(1))
    .sum({ 'acme-9': used(10, 20, 0.3) });
  read(listed({})).close();
  const { total, said } = report(read(listed({ 'acme-9': [{ input: 1, output: 1 }] })));
  expect([total.usd, total.saidUsd, said]).toEqual([expect.closeTo(0.00003, 9), undefined, undefined]);
});

const price: PriceTable = { [opus]: [{ input: 1, output: 10 }] };
/** By that price, one answer costs $0.00021. */
test.each<[string, (transcript: Transcript) => void, Prices, readonly object[]]>([
  [
    'the same tokens at another price are told',
    (one) => one.answer(answer(1, opus)).sum({ [opus]: used(10, 20, 0.00042) }),
    listed(price),
    [{ model: opus, usd: 0.00042, ours: expect.closeTo(0.00021, 9) }],
  ],
  ['less than 1 % is no other price', (one) => one.answer(answer(1, opus)).sum({ [opus]: used(10, 20, 0.000211) }), listed(price), []],
  ['with hidden tokens nothing can be compared', (one) => one.answer(answer(1, opus)).sum({ [opus]: used(11, 20, 9) }), listed(price), []],
  ['a price that a person set is meant', (one) => one.answer(answer(1, opus)).sum({ [opus]: used(10, 20, 9) }), listed({}, price), []],
  [
    'what was said last decides',
    (one) =>
      one
        .answer(answer(1, opus))
        .sum({ [opus]: used(10, 20, 9) })
        .answer(answer(2, opus, noon))
        .sum({ [opus]: used(20, 40, 0.00042) }),
    listed(price),
    [],
  ],
])('%s', (_, write, prices, stale) => {
  const { transcript, read } = place();
  write(transcript('s1'));
  const index = read(prices);
  expect(report(index).stale ?? []).toEqual(stale);
  expect(report(index, 'model', { session: 's1' }).stale ?? []).toEqual(stale);
  expect(report(index, 'model', { session: 'other' }).stale).toBeUndefined();
  expect(report(index, 'model', { until: Date.parse('2026-11-28T00:00:00Z') }).stale).toBeUndefined();
});

test('a newer session decides about the price, whichever was read first', () => {
  const { transcript, read } = place();
  transcript('s1')
    .answer(answer(1, opus, noon))
    .sum({ [opus]: used(10, 20, 0.00021) });
  transcript('s2')
    .answer(answer(2, opus))
    .sum({ [opus]: used(10, 20, 9) });
  expect(report(read(listed(price))).stale).toBeUndefined();
});

test('what is hidden costs what a person set, not the rest of what the agent believes', () => {
  const { transcript, read } = place();
  transcript('s1')
    .answer(answer(1, opus))
    .sum({ [opus]: used(20, 20, 9) });
  expect(report(read(listed({}, price))).total).toMatchObject({
    usd: expect.closeTo(0.00022, 9),
    notItemisedUsd: expect.closeTo(0.00001, 9),
  });
});

test('an index that an older version made is gone on with', () => {
  const { path, transcript, read } = place();
  transcript('s1').answer(answer(1));
  read(listed({})).close();
  const database = new Sqlite(path);
  database.exec('DROP TABLE said; PRAGMA user_version = 1');
  database.close();
  transcript('s1').sum({ 'acme-9': used(10, 20, 0.3) });
  expect(report(read(listed({}))).total).toMatchObject({ usd: expect.closeTo(0.3, 9), responses: 1 });
});
