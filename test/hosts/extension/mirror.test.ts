import { expect, test } from 'vitest';
import { applyPush } from '../../../src/hosts/extension/mirror.ts';
import { approval, record, snapshot, status } from '../../webview/fixtures.ts';

test('approvals, sessions and status are replaced', () => {
  const before = snapshot({ approvals: [approval('a')] });
  expect(applyPush(before, { push: 'approvals', approvals: [approval('b')] }).approvals.map(({ id }) => id)).toEqual(['b']);
  expect(applyPush(before, { push: 'sessions', sessions: [] }).approvals).toBe(before.approvals);
  expect(applyPush(before, { push: 'status', status: { ...status, pending: 3 } }).status.pending).toBe(3);
});

test('activity is added on top, each record once, and not without end', () => {
  const before = snapshot({ activity: [record(2), record(1)] });
  expect(applyPush(before, { push: 'activity', records: [record(3), record(2)] }).activity.map(({ seq }) => seq)).toEqual([3, 2, 1]);
  const many = Array.from({ length: 600 }, (_, index) => record(1000 - index));
  expect(applyPush(before, { push: 'activity', records: many }).activity).toHaveLength(500);
});
