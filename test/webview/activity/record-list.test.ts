import { expect, test } from 'vitest';
import { RecordList } from '../../../src/webview/activity/record-list.ts';
import { record } from '../fixtures.ts';

const some = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => record(from - index, { action: (from - index) % 2 === 0 ? 'deny' : 'allow' }));
const seqs = (list: RecordList): number[] => list.shown.map(({ seq }) => seq);

test('new records come on top, each once', () => {
  const list = new RecordList();
  list.reset(some(4, 2));
  expect(list.addNewer(some(6, 4))).toBe(2);
  expect(seqs(list)).toEqual([6, 5, 4, 3, 2]);
});

test('older records come below, until the log begins', () => {
  const list = new RecordList();
  list.reset(some(6, 5));
  list.addOlder(some(5, 3));
  expect([seqs(list), list.more]).toEqual([[6, 5, 4, 3], true]);
  list.addOlder(some(2, 1));
  expect([list.oldest, list.more]).toEqual([1, false]);
});

test('an empty log has nothing older', () => {
  const list = new RecordList();
  list.reset([]);
  expect(list.more).toBe(false);
  list.addNewer(some(9, 8));
  expect(list.more).toBe(true);
});

test('an empty answer means that there is no more', () => {
  const list = new RecordList();
  list.reset(some(6, 5));
  list.addOlder([]);
  expect(list.more).toBe(false);
});

test('the filter holds for what is there and for what comes', () => {
  const list = new RecordList();
  list.reset(some(4, 1));
  list.filterBy('deny');
  expect(seqs(list)).toEqual([4, 2]);
  expect(list.addNewer(some(7, 5))).toBe(1);
  expect(seqs(list)).toEqual([6, 4, 2]);
});

test('what is kept is limited; what was let go can be fetched again', () => {
  const list = new RecordList();
  list.reset(some(5000, 1));
  expect(list.more).toBe(false);
  list.addNewer(some(5001, 5001));
  expect([list.shown.length, list.oldest, list.more]).toEqual([5000, 2, true]);
});
