import { expect, test } from 'vitest';
import type { Snapshot } from '../../../src/channel/messages.ts';
import type { LinkState } from '../../../src/hosts/extension/connection.ts';
import { statusText } from '../../../src/hosts/extension/status-text.ts';
import { approval, snapshot, status } from '../../webview/fixtures.ts';

const governed: LinkState = { state: 'governed' };
const withProblem = (id: string): Snapshot => snapshot({ status: { ...status, problems: [{ id, message: 'Something is wrong' }] } });

const pausedBy = (by: string, reason: string): Snapshot =>
  snapshot({ status: { ...status, paused: { at: 0, by, reason } }, approvals: [approval('a')] });

test.each<[string, LinkState, Snapshot | undefined, string, string, boolean?]>([
  ['connecting', { state: 'connecting' }, undefined, '$(shield) …', 'none'],
  ['governed, nothing waits', governed, snapshot(), '$(shield)', 'none'],
  ['something waits', governed, snapshot({ approvals: [approval('a'), approval('b')] }), '$(bell-dot) 2', 'warning'],
  ['all agents are paused, whatever waits', governed, pausedBy('ada', 'lunch'), '$(debug-pause) Paused', 'warning'],
  ['no hooks', governed, snapshot(), '$(shield) No hooks', 'warning', true],
  [
    'something that keeps agents from being governed',
    governed,
    snapshot({ status: { ...status, problems: [{ id: 'tamper:x', message: 'Off', severity: 'bad' }] } }),
    '$(shield) $(error)',
    'error',
  ],
  ['another problem', governed, withProblem('policy-1'), '$(shield) $(warning)', 'warning'],
  [
    'unreachable, whatever waited',
    { state: 'unreachable', reason: 'disk full' },
    snapshot({ approvals: [approval('a')] }),
    '$(error) Not governed',
    'error',
  ],
])('%s', (_, link, known, text, colour, hooksMissing = false) => {
  expect(statusText(link, known, hooksMissing)).toMatchObject({ text, colour });
});

test('says why it is not governed', () => {
  expect(statusText({ state: 'unreachable', reason: 'disk full' }, undefined, false).tooltip).toContain('disk full');
});

test('says who paused all agents, why, and what waits meanwhile', () => {
  expect(statusText(governed, pausedBy('ada', 'lunch'), false).tooltip).toMatch(/paused by ada: lunch\..*1 of their calls waits/);
});

test('shows what would be invisible in a problem that names what an agent chose', () => {
  const problems = [{ id: 'ungoverned:s', message: 'mcp__x__\u202Elaer ran undecided' }];
  expect(statusText(governed, snapshot({ status: { ...status, problems } }), false).tooltip).toContain(
    'mcp__x__‹U+202E›laer ran undecided',
  );
});
