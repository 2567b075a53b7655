import { expect, test } from 'vitest';
import { SettleGuard } from '../../../src/webview/approvals/settle-guard.ts';

const at = (tops: Record<string, number>): ReadonlyMap<string, number> => new Map(Object.entries(tops));

test('a card that has just appeared does not answer, half a second later it does', () => {
  const guard = new SettleGuard();
  guard.place(at({ a: 0 }), 1000);
  expect([guard.isSettled('a', 1499), guard.isSettled('a', 1500)]).toEqual([false, true]);
});

test('a card that moves up because the one above is gone does not answer at first', () => {
  const guard = new SettleGuard();
  guard.place(at({ a: 0, b: 300 }), 0);
  guard.place(at({ b: 0 }), 2000);
  expect([guard.isSettled('b', 2400), guard.isSettled('b', 2500)]).toEqual([false, true]);
});

test('a card that stays where it is keeps answering while others come and go', () => {
  const guard = new SettleGuard();
  guard.place(at({ a: 0, b: 300 }), 0);
  guard.place(at({ a: 0, c: 300 }), 2000);
  expect([guard.isSettled('a', 2000), guard.isSettled('c', 2000)]).toEqual([true, false]);
});

test('a card that nobody has placed does not answer', () => {
  expect(new SettleGuard().isSettled('a', 9999)).toBe(false);
});

test('tells how long until all have settled', () => {
  const guard = new SettleGuard();
  guard.place(at({ a: 0 }), 0);
  guard.place(at({ a: 0, b: 10 }), 300);
  expect([guard.remaining(400), guard.remaining(800)]).toEqual([400, 0]);
});
