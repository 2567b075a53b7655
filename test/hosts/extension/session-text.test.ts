import { expect, test } from 'vitest';
import type { SessionView } from '../../../src/channel/messages.ts';
import { childrenOf } from '../../../src/hosts/extension/session-children.ts';
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

test('a session says when it was proven to be governed, or that it is not', () => {
  const text = (proven: NonNullable<SessionView['proven']>): string => Object.values(sessionText(session({ proven }), now)).join('\n');
  expect(text({ at: now, by: 'prompt' })).toMatch(/^[^]*proven \d+[:.]\d+[^]*a prompt came on both/);
  expect(text({ problem: 'x\u202E.json switches hooks off' })).toMatch(/not proven · [^]*Not proven to be governed: x[^\u202E]*\.json/);
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

test('a paused one says so with what waits, and can be resumed', () => {
  const paused = { at: now, by: 'ada', reason: 'lunch' };
  const text = sessionText(session({ state: 'paused', pending: 1, paused }), now);
  expect(text).toMatchObject({
    contextValue: 'session.paused',
    icon: 'debug-pause',
    description: expect.stringMatching(/^paused, 1 waiting ·/),
  });
  expect(text.tooltip).toContain('Paused by ada: lunch');
});

test('what is not governed first, then what lives, the latest seen on top', () => {
  const all = [
    session({ id: 'over', state: 'ended', lastSeenAt: now + 9 }),
    session({ id: 'old', lastSeenAt: now - 9 }),
    session({ id: 'silent', lastSeenAt: now - 99, governed: { by: 'none', since: now } }),
    session({ id: 'new' }),
  ];
  expect(inOrder(all).map(({ id }) => id)).toEqual(['silent', 'new', 'old', 'over']);
});

test.each([
  [59_000, 'now'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [2 * 86_400_000, '2 d'],
])('%i ms are %s', (ms, text) => {
  expect(age(ms)).toBe(text);
});

const here = {
  governed: { by: 'plugin', since: now - 60_000 },
  version: '2.1.329',
  model: 'claude-opus-5',
  place: { program: 'vscode', tty: 'pts/3', parent: 'bash', through: ['ssh'] },
  lastCallAt: now,
} as const;

test('what the machine shows of a session is told in full when one asks', () => {
  const { tooltip } = sessionText(session(here), now);
  expect(tooltip.split('\n')).toEqual([
    'Session s1',
    '/home/ada/shop',
    'claude-code 2.1.329',
    'Model claude-opus-5',
    'Runs in: editor terminal, pts/3, over ssh, started by bash',
    'Governed by the plugin in the settings of Claude Code.',
    expect.stringMatching(/^Started /),
    expect.stringMatching(/^Last call /),
  ]);
});

test('a session that is not governed says so first, and looks like a warning while it runs', () => {
  const silent = session({ governed: { by: 'none', since: now }, calls: 0, denials: 0, mode: '', state: 'asking' });
  expect(sessionText(silent, now)).toMatchObject({
    icon: 'warning',
    description: 'not governed · asks in its own window · 5 min',
    contextValue: 'session.ungoverned',
  });
  expect(sessionText({ ...silent, state: 'killed' }, now)).toMatchObject({ icon: 'circle-slash', description: 'killed · 0 calls · 5 min' });
});

test('an agent whose folder is not known goes by its name', () => {
  expect(sessionText(session({ agent: 'codex', cwd: '' }), now).label).toBe('codex');
});

test('below a session stand how it is governed and its subagents; what they call themselves is text', () => {
  const subagents = [
    { id: 'a1', type: '\u202ExplorE', calls: 1, since: now - 300_000 },
    { id: 'a2', type: '', calls: 2, since: now },
  ];
  expect(childrenOf(session({ ...here, subagents }), now)).toMatchObject([
    { label: 'governed: plugin', icon: 'shield', description: expect.stringMatching(/^since /) },
    { label: '‹U+202E›xplorE', description: '1 call · 5 min' },
    { label: 'subagent', description: '2 calls · now' },
  ]);
  expect(childrenOf(session({ governed: { by: 'none', since: now } }), now)).toMatchObject([{ label: 'not governed', icon: 'warning' }]);
  expect(childrenOf(session(), now)).toEqual([]);
});
