import { appendFileSync, copyFileSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claudeUsage } from '../../../src/agents/claude-code/usage.ts';
import { pricesOf, type PriceTable } from '../../../src/engine/spend/price.ts';
import type { SpendKey, SpendReport } from '../../../src/engine/spend/report.ts';
import { totalOf } from '../../../src/engine/spend/usage.ts';
import { allRecords } from '../../../src/storage/spend/record-places.ts';
import { SpendIndex } from '../../../src/storage/spend/spend-index.ts';
import { temporaryFolder } from '../folder.ts';
import { answerLine, Transcript } from './transcript.ts';

const first = '2026-11-27T23:30:00.000Z';
const second = '2026-11-28T10:00:00.000Z';
const third = '2026-11-28T12:00:00.000Z';

interface Place {
  readonly claude: string;
  readonly path: string;
  readonly open: (table?: PriceTable) => SpendIndex;
}

function place(): Place {
  const root = temporaryFolder();
  const claude = join(root, 'claude');
  const path = join(root, 'spend.db');
  const open = (table: PriceTable = { 'claude-opus-5-5': [{ input: 1, output: 10 }] }): SpendIndex => {
    const prices = pricesOf(table, 0.01);
    const index = new SpendIndex({
      path,
      readers: [claudeUsage],
      records: () => allRecords([], { CLAUDE_CONFIG_DIR: claude, CODEX_HOME: join(root, 'none') }),
      workspaceOf: (cwd) => cwd,
      prices: () => prices,
      now: Date.now,
    });
    onTestFinished(() => index.close());
    return index;
  };
  return { claude, path, open };
}

function readAll(index: SpendIndex): SpendIndex {
  index.scan();
  while (!index.step(1));
  return index;
}

function report(index: SpendIndex, by: SpendKey = 'session', over: Partial<Parameters<SpendIndex['report']>[0]> = {}): SpendReport {
  return index.report({ since: 0, until: Date.parse('2026-12-01T00:00:00Z'), by, step: 'day', timeZone: 'UTC', ...over });
}

function tokensBy(index: SpendIndex, by: SpendKey = 'session'): Readonly<Record<string, number>> {
  return Object.fromEntries(report(index, by).rows.map(({ key, sum }) => [key, totalOf(sum.tokens)]));
}

test('a response counts once, in full, whatever its lines said before', () => {
  const { claude, open } = place();
  const line = (output: number, stop: string | null) => ({ id: 'msg_00000001', time: second, output, stop });
  new Transcript(claude, 's1').answer(line(1, null)).answer(line(1, null)).answer(line(911, 'end_turn'));
  const { total } = report(readAll(open()));
  expect([total.responses, total.tokens.output, total.isLowerBound]).toEqual([1, 911, false]);
  expect(total.usd).toBeCloseTo(0.00912, 8);
});

test('where no line has the last count, the sum is a lower bound', () => {
  const { claude, open } = place();
  new Transcript(claude, 's1').answer({ id: 'msg_00000001', time: second, stop: null });
  expect(report(readAll(open())).total.isLowerBound).toBe(true);
});

test.each<[SpendKey, Readonly<Record<string, number>>]>([
  ['session', { s1: 90, s2: 30 }],
  ['subagent', { '': 60, a1: 60 }],
  ['model', { 'claude-opus-5-5': 90, other: 30 }],
  ['workspace', { '/work': 90, '/elsewhere': 30 }],
  ['agent', { 'claude-code': 120 }],
])('split by %s', (by, expected) => {
  const { claude, open } = place();
  new Transcript(claude, 's1').answer({ id: 'msg_00000001', time: first });
  new Transcript(claude, 's1', 'a1').answer({ id: 'msg_00000002', time: second, output: 50 });
  new Transcript(claude, 's2').answer({ id: 'msg_00000003', time: third, model: 'other', cwd: '/elsewhere' });
  expect(tokensBy(readAll(open()), by)).toEqual(expected);
});

test.each<[string, readonly number[]]>([
  ['UTC', [30, 90]],
  ['Asia/Tokyo', [30 + 90]],
  ['Asia/Kathmandu', [30 + 90]],
  ['America/Los_Angeles', [30, 90]],
])('a day in %s is from midnight to midnight there', (timeZone, expected) => {
  const { claude, open } = place();
  const transcript = new Transcript(claude, 's1').answer({ id: 'msg_00000001', time: first });
  transcript.answer({ id: 'msg_00000002', time: second }).answer({ id: 'msg_00000003', time: third, output: 50 });
  const days = report(readAll(open()), 'session', { timeZone, since: Date.parse('2026-11-26T00:00:00Z') }).steps.map(({ sum }) =>
    totalOf(sum.tokens),
  );
  expect(days.filter((tokens) => tokens > 0)).toEqual(expected);
});

const orders: readonly (readonly [string, number, number])[] = [
  ['the original is read first', 1, 2],
  ['the fork is read first', 2, 1],
];

test.each(orders)('a fork has only what it used itself: %s', (_, forkedAt, originalAt) => {
  const { claude, open } = place();
  const original = new Transcript(claude, 'original')
    .begin(first)
    .request('r1', first)
    .answer({ id: 'msg_00000001', time: first, requestRef: 'r1' });
  const fork = new Transcript(claude, 'fork')
    .begin(second)
    .raw(answerLine('fork', '', { id: 'msg_00000001', time: first, requestRef: 'r1' }));
  fork.request('r2', second).answer({ id: 'msg_00000002', time: second, output: 5, requestRef: 'r2' });
  utimesSync(fork.path, forkedAt, forkedAt);
  utimesSync(original.path, originalAt, originalAt);
  expect(tokensBy(readAll(open()))).toEqual({ original: 30, fork: 15 });
});

test('what a session used without writing it down is named as such, and not again in its fork', () => {
  const { claude, open } = place();
  const told = (output: number, usd: number) => ({ 'claude-opus-5-5': { inputTokens: 10, outputTokens: output, costUSD: usd } });
  new Transcript(claude, 'original')
    .begin(first)
    .request('r1', first)
    .answer({ id: 'msg_00000001', time: first, requestRef: 'r1' })
    .sum(told(120, 0.00121));
  const fork = new Transcript(claude, 'fork')
    .begin(second)
    .raw(answerLine('fork', '', { id: 'msg_00000001', time: first, requestRef: 'r1' }));
  fork.request('r2', third).answer({ id: 'msg_00000002', time: third, input: 0, output: 30, requestRef: 'r2' }).sum(told(157, 0.00158));
  const { rows } = report(readAll(open()));
  const found = Object.fromEntries(
    rows.map(({ key, sum }) => [key, [sum.notItemisedTokens, Number(sum.notItemisedUsd.toFixed(8)), Number(sum.usd.toFixed(8))]]),
  );
  expect(found).toEqual({ original: [100, 0.001, 0.00121], fork: [7, 0.00007, 0.00037] });
});

test('a gateway that repeats its ids sends different responses', () => {
  const { claude, open } = place();
  const answer = (requestId: string, input: number) => ({ id: 'msg_always_same', time: second, requestId, input });
  const transcript = new Transcript(claude, 's1').answer(answer('req_1', 10)).answer(answer('req_2', 11)).answer(answer('req_1', 10));
  const index = readAll(open());
  transcript.answer(answer('req_2', 11));
  expect(report(readAll(index)).total.responses).toBe(2);
});

test('only whole lines count, and only once', () => {
  const { claude, open } = place();
  const line = answerLine('s1', '', { id: 'msg_00000002', time: second });
  const transcript = new Transcript(claude, 's1').answer({ id: 'msg_00000001', time: second }).raw(line.slice(0, -20));
  const index = readAll(open());
  expect(tokensBy(index)).toEqual({ s1: 30 });
  appendFileSync(transcript.path, line.slice(-20));
  expect(tokensBy(readAll(index))).toEqual({ s1: 60 });
  expect(tokensBy(readAll(open()))).toEqual({ s1: 60 });
});

test('what was counted stays when the agent deletes its transcripts', () => {
  const { claude, open } = place();
  new Transcript(claude, 's1').answer({ id: 'msg_00000001', time: second });
  readAll(open()).close();
  rmSync(claude, { recursive: true });
  const index = open();
  expect(tokensBy(readAll(index))).toEqual({ s1: 30 });
});

test.each<[string, (path: string, text: string) => void]>([
  ['written anew and shorter', (path, text) => writeFileSync(path, text.slice(text.indexOf('\n') + 1))],
  ['replaced by another file', (path) => (copyFileSync(path, `${path}.new`), rmSync(path), copyFileSync(`${path}.new`, path))],
])('a transcript that was %s is read again, and nothing counts twice', (_, change) => {
  const { claude, open } = place();
  const transcript = new Transcript(claude, 's1').answer({ id: 'msg_00000001', time: second }).answer({ id: 'msg_00000002', time: second });
  const index = readAll(open());
  change(transcript.path, readFileSync(transcript.path, 'utf8'));
  transcript.answer({ id: 'msg_00000003', time: second });
  expect(tokensBy(readAll(index))).toEqual({ s1: 90 });
});

test('another price is another cost of the same tokens', () => {
  const { claude, open } = place();
  new Transcript(claude, 's1').answer({ id: 'msg_00000001', time: second });
  readAll(open()).close();
  expect(report(open({ 'claude-opus-5-5': [{ input: 100, output: 0 }] })).total.usd).toBeCloseTo(0.001, 8);
});

test('tokens of a model without a price are named, not free', () => {
  const { claude, open } = place();
  new Transcript(claude, 's1').answer({ id: 'msg_00000001', time: second, model: 'acme-9' });
  const { total, unpriced } = report(readAll(open()));
  expect([total.usd, total.unpricedTokens, unpriced]).toEqual([0, 30, [{ model: 'acme-9', tokens: 30 }]]);
});

test('a question about a session reads its records first, those of new subagents too', () => {
  const { claude, open } = place();
  const { path } = new Transcript(claude, 's1').answer({ id: 'msg_00000001', time: second });
  new Transcript(claude, 's1', 'a1').answer({ id: 'msg_00000002', time: second });
  const index = open();
  index.readSession({ agent: 'claude-code', session: 's1', cwd: '/work', transcript: path });
  expect(index.session('claude-code', 's1')).toMatchObject({ tokens: 60 });
});

test.each<[string, RegExp, string, string | undefined]>([
  ['is not there', /ENOENT/, 'claude-code', '/nowhere/s1.jsonl'],
  ['nobody has named', /was not found/, 'claude-code', undefined],
  ['is of an agent that we cannot read', /cannot be counted/, 'other', '/nowhere/s1.jsonl'],
])('a session whose record %s has no sum', (_, why, agent, transcript) => {
  const index = place().open();
  const asking = { agent, session: 's1', cwd: '/work', ...(transcript === undefined ? {} : { transcript }) };
  expect(() => index.readSession(asking)).toThrow(why);
});
