import { expect, test } from 'vitest';
import { type Fetch, Findings } from '../../../src/webview/activity-editor/findings.ts';
import { keptRows } from '../../../src/webview/activity-editor/row-cache.ts';
import type { Rows } from '../../../src/webview/activity-editor/scroll-range.ts';
import { FakeLog } from './fake-log.ts';

/** A page on a log: its requests are answered when the test says so. */
function page(count: number) {
  const log = new FakeLog(count);
  const asked: Fetch[] = [];
  const findings = new Findings((wanted) => asked.push(wanted));
  findings.begin();
  findings.heard(log.state);
  const answer = (): void => {
    for (const wanted of asked.splice(0)) findings.arrived(wanted.from, log.rows(wanted));
  };
  const show = (rows: Rows, following: boolean): void => {
    findings.show(rows, following);
    answer();
    findings.show(rows, following);
  };
  const shown = ({ first, end }: Rows): readonly (number | undefined)[] =>
    Array.from({ length: end - first }, (_, at) => findings.rowAt(first + at)?.seq);
  return { log, asked, findings, answer, show, shown };
}

const top: Rows = { first: 0, end: 4 };

test('the newest entry is the first row', () => {
  const { findings, show, shown } = page(1_000_000);
  show(top, true);
  expect(findings.count).toBe(1_000_000);
  expect(shown(top)).toEqual([1_000_000, 999_999, 999_998, 999_997]);
});

test('at the top, new entries come on top once their rows are here: no row is ever empty', () => {
  const { log, findings, answer, show, shown } = page(100);
  show(top, true);
  log.append(3);
  findings.heard(log.state);
  findings.show(top, true);
  expect(shown(top)).toEqual([100, 99, 98, 97]);
  answer();
  findings.show(top, true);
  expect(shown(top)).toEqual([103, 102, 101, 100]);
  expect(findings.unseen).toBe(0);
});

test('while more come than can be fetched, those that are here are shown', () => {
  const { log, findings, answer, show, shown } = page(100);
  show(top, true);
  log.append(3);
  findings.heard(log.state);
  findings.show(top, true);
  log.append(50);
  findings.heard(log.state);
  answer();
  findings.show(top, true);
  expect(shown(top)).toEqual([103, 102, 101, 100]);
  expect(findings.unseen).toBe(50);
});

test('a reader further down keeps their place, and hears of what is new', () => {
  const { log, findings, show, shown } = page(1000);
  const down: Rows = { first: 500, end: 503 };
  show(down, false);
  const before = shown(down);
  log.append(40);
  findings.heard(log.state);
  show(down, false);
  expect(shown(down)).toEqual(before);
  expect(findings.unseen).toBe(40);
});

test('whoever goes back to the top sees the newest', () => {
  const { log, findings, show, shown } = page(1000);
  show({ first: 500, end: 503 }, false);
  log.append(40);
  findings.heard(log.state);
  show(top, true);
  show(top, true);
  expect(shown(top)).toEqual([1040, 1039, 1038, 1037]);
});

test('one request at a time, whatever is scrolled past', () => {
  const { findings, asked } = page(1_000_000);
  for (let first = 0; first < 500_000; first += 1000) findings.show({ first, end: first + 40 }, false);
  expect(asked).toHaveLength(1);
});

test('the page holds few rows, however long one scrolls', () => {
  const { findings, show, shown } = page(1_000_000);
  for (let first = 0; first < 100_000; first += 40) show({ first, end: first + 40 }, false);
  expect(findings.kept).toBeLessThanOrEqual(keptRows + 200);
  expect(shown({ first: 99_960, end: 99_962 })).toEqual([900_040, 900_039]);
});

test('what arrives after a new search has begun is told by its number', () => {
  const { findings } = page(10);
  expect(findings.isOf(1)).toBe(true);
  const second = findings.begin();
  expect([findings.isOf(1), findings.isOf(second), findings.count]).toEqual([false, true, 0]);
});

test('a request that failed is made again', () => {
  const { findings, asked } = page(10);
  findings.show(top, true);
  findings.failed();
  findings.show(top, true);
  expect(asked).toHaveLength(2);
});
