import { expect, test } from 'vitest';
import { planNotifications } from '../../../src/hosts/extension/notification-policy.ts';
import { approval, now } from '../../webview/fixtures.ts';

const ids = (plan: ReturnType<typeof planNotifications>): readonly string[] => plan.raise.map(({ id }) => id);
const never = new Map();

test('the window that is asked first raises at once, the others ten seconds later', () => {
  const mine = [approval('a')];
  const others = [approval('a', { mine: false })];
  expect(ids(planNotifications(mine, never, now))).toEqual(['a']);
  const early = planNotifications(others, never, now + 9999);
  expect([ids(early), early.againInMs]).toEqual([[], 1]);
  expect(ids(planNotifications(others, never, now + 10_000))).toEqual(['a']);
});

test('while it waits it is raised again after a minute', () => {
  const raised = new Map([['a', { at: now }]]);
  const early = planNotifications([approval('a')], raised, now + 59_000);
  expect([ids(early), early.againInMs]).toEqual([[], 1000]);
  expect(ids(planNotifications([approval('a')], raised, now + 60_000))).toEqual(['a']);
});

test('more than the editor shows at once become one', () => {
  const many = ['a', 'b', 'c', 'd'].map((id) => approval(id));
  expect(planNotifications(many.slice(1), never, now).together).toBe(false);
  expect(planNotifications(many, never, now)).toMatchObject({ together: true, againInMs: 60_000 });
});

test('nothing waits: nothing is raised and nothing is to be done later', () => {
  expect(planNotifications([], never, now)).toEqual({ raise: [], together: false, againInMs: undefined });
});

test('the next look comes when the next one is due', () => {
  const plan = planNotifications([approval('a'), approval('b', { mine: false })], never, now);
  expect([ids(plan), plan.againInMs]).toEqual([['a'], 10_000]);
});
