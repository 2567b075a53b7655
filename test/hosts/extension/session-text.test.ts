import { expect, test } from 'vitest';
import type { SessionView } from '../../../src/channel/messages.ts';
import { inOrder, sessionText } from '../../../src/hosts/extension/session-text.ts';
import { age } from '../../../src/hosts/extension/session-words.ts';
import { now } from '../../webview/fixtures.ts';

const session = (over: Partial<SessionView> = {}): SessionView => ({
  agent: 'claude-code',
  id: 's1',
  cwd: '/home/ada/shop',
  mode: 'acceptEdits',
  interactive: true,
  startedAt: now - 300_000,
  lastSeenAt: now,
  calls: 12,
  denials: 1,
  state: 'busy',
  pending: 0,
  ...over,
});

test('a session in one line', () => {
  expect(sessionText(session(), now)).toMatchObject({
    label: 'claude-code in shop',
    description: 'busy · acceptEdits · 12 calls, 1 denied · 5 min',
    contextValue: 'session.live',
  });
  expect(sessionText(session({ calls: 1, denials: 0, pending: 2, state: 'waiting', mode: '' }), now).description).toBe(
    '2 waiting · 1 call · 5 min',
  );
});

test('what a session has cost so far is part of its line, and nothing where nothing was counted', () => {
  const spend = { usd: 0.42, tokens: 24_900, unpricedTokens: 0, isLowerBound: false };
  const description = (over: Partial<typeof spend>): string => sessionText(session({ spend: { ...spend, ...over } }), now).description;
  expect(description({})).toBe('busy · acceptEdits · 12 calls, 1 denied · $0.42, 24.9k tokens · 5 min');
  expect(description({ isLowerBound: true })).toContain('at least $0.42');
  expect(description({ usd: 0, unpricedTokens: 24_900 })).toContain('no price, 24.9k tokens');
  expect(description({ usd: 0, tokens: 0 })).toBe('busy · acceptEdits · 12 calls, 1 denied · 5 min');
});

test('the usual mode is not worth a word', () => {
  expect(sessionText(session({ mode: 'default' }), now).description).toBe('busy · 12 calls, 1 denied · 5 min');
});

test('what cannot be seen in a name is spelt out', () => {
  const { label, tooltip } = sessionText(session({ cwd: '/home/ada/\u202Etxt.exe' }), now);
  expect(label).toBe('claude-code in ‹U+202E›txt.exe');
  expect(tooltip).toContain('/home/ada/‹U+202E›txt.exe');
});

test('only a killed one can be revived, only a live one killed', () => {
  const killed = session({ state: 'killed', killed: { at: now, by: 'ada', reason: 'enough' } });
  expect(sessionText(killed, now)).toMatchObject({ contextValue: 'session.killed', icon: 'circle-slash' });
  expect(sessionText(killed, now).tooltip).toContain('Killed by ada: enough');
  expect(sessionText(session({ state: 'ended' }), now).contextValue).toBe('session.ended');
});

test('live ones first, the latest seen on top', () => {
  const all = [
    session({ id: 'over', state: 'ended', lastSeenAt: now + 9 }),
    session({ id: 'old', lastSeenAt: now - 9 }),
    session({ id: 'new' }),
  ];
  expect(inOrder(all).map(({ id }) => id)).toEqual(['new', 'old', 'over']);
});

test.each([
  [59_000, 'now'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [2 * 86_400_000, '2 d'],
])('%i ms are %s', (ms, text) => {
  expect(age(ms)).toBe(text);
});
