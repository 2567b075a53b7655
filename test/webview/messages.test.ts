import { expect, test } from 'vitest';
import { fromActivity, toActivity } from '../../src/webview/activity/messages.ts';
import { fromInbox, toInbox } from '../../src/webview/approvals/messages.ts';
import { approval, now, record, rule } from './fixtures.ts';

const { mine: _mine, ...open } = approval('a1');
const state = { type: 'state', link: { state: 'governed' }, approvals: [open], problems: [], hooksMissing: false, now };

test('an approval arrives whole', () => {
  expect(toInbox.parse(state)).toEqual(state);
  const full = {
    ...open,
    subagent: 'reviewer',
    mcpServer: 'github',
    rules: [{ ...rule, exemption: { rule: 'a/b', reason: 'r', until: '2026-12-31', grantedBy: 'c' } }],
  };
  expect(toInbox.parse({ ...state, approvals: [full] })).toEqual({ ...state, approvals: [full] });
});

test('an audit record arrives whole', () => {
  const message = {
    type: 'newer',
    records: [
      record(1, {
        observed: [rule],
        approvalId: 'a1',
        approver: { user: 'ada', surface: 'inbox', waitedMs: 5, reason: '' },
        detail: { a: [1] },
      }),
    ],
  };
  expect(toActivity.parse(message)).toEqual(message);
});

test.each<[string, unknown]>([
  ['an answer of another kind', { type: 'answer', id: 'a', outcome: 'timed-out', scope: 'once', reason: '' }],
  ['a scope that does not exist', { type: 'answer', id: 'a', outcome: 'approved', scope: 'always', reason: '' }],
  ['no answer at all', { type: 'answer', id: 'a' }],
  ['another message', { type: 'run', command: 'workbench.action.quit' }],
  ['nothing', undefined],
])('what the inbox may not say is not understood: %s', (_, message) => {
  expect(fromInbox.safeParse(message).success).toBe(false);
});

test('what activity may not say is not understood', () => {
  expect(fromActivity.safeParse({ type: 'older', before: '1' }).success).toBe(false);
});

test('a state without approvals is not taken for an empty inbox', () => {
  const { approvals: _approvals, ...rest } = state;
  expect(toInbox.safeParse(rest).success).toBe(false);
});
