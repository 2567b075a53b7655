import { expect, test } from 'vitest';
import { notesOf, ruleText, totalText } from '../../../../src/engine/policy/replay/summary-text.ts';
import type { ReplaySummary } from '../../../../src/engine/policy/replay/summary.ts';

const newest = {
  seq: 1,
  time: 0,
  session: '',
  agent: '',
  tool: '',
  summary: '',
  was: '',
  now: '',
  rule: '',
  speaks: true,
  reason: '',
  doubts: [],
};
const rule = (now: string, calls: number) => ({ rule: 'p/r', speaks: true, was: 'allow', now, calls, newest });
const summary: ReplaySummary = {
  calls: 0,
  same: 0,
  changed: 0,
  unsure: 0,
  doubts: { masked: 0, 'not-recorded': 0, 'looked-up': 0, partial: 0 },
  skipped: { 'not-asked': 0, removed: 0, unreadable: 0 },
  rules: [],
  changes: [],
};

test.each<[Partial<ReplaySummary>, string]>([
  [{ calls: 1 }, '1 call, none would have been decided otherwise.'],
  [
    { calls: 9, changed: 6, rules: [rule('deny', 2), rule('allow', 1), rule('deny', 3)] },
    '9 calls, 6 would have been decided otherwise: 5 now deny, 1 now allow.',
  ],
])('%j is told as: %s', (some, text) => {
  expect(totalText({ ...summary, ...some })).toBe(text);
});

test('only what is the case is noted', () => {
  expect(notesOf(summary)).toEqual([]);
  expect(notesOf({ ...summary, unsure: 3, skipped: { ...summary.skipped, unreadable: 1 } })).toEqual([
    expect.stringMatching(/^3 cannot be told/),
    expect.stringMatching(/^1 cannot be read/),
  ]);
});

test.each<[{ readonly rule: string; readonly speaks: boolean }, string]>([
  [{ rule: 'a/b', speaks: true }, 'a/b'],
  [{ rule: 'a/b', speaks: false }, 'no longer a/b'],
  [{ rule: '', speaks: false }, '(no rule)'],
])('the rule behind a difference: %j', (one, text) => {
  expect(ruleText(one)).toBe(text);
});
