import { expect, test } from 'vitest';
import { countText } from '../../../src/webview/activity-editor/count-text.ts';
import { rowAfter } from '../../../src/webview/activity-editor/keys.ts';
import { dayOf, rowText, rowTime, rowTool, rowWord } from '../../../src/webview/activity-editor/row-text.ts';
import { resized } from '../../../src/webview/activity-editor/splitter.ts';
import { rowOf } from './fake-log.ts';

test.each<[string, number, number | undefined]>([
  ['ArrowDown', 10, 11],
  ['ArrowUp', 10, 9],
  ['ArrowUp', 0, 0],
  ['PageDown', 10, 49],
  ['PageUp', 10, 0],
  ['Home', 10, 0],
  ['End', 10, 99],
  ['ArrowDown', 99, 99],
  ['x', 10, undefined],
  ['constructor', 10, undefined],
])('%s on row %i', (key, active, to) => {
  expect(rowAfter(key, { active, count: 100, view: 40 })).toBe(to);
});

test.each([
  ['the size grows towards the list', 400, 'ArrowLeft', 424],
  ['and shrinks away from it', 400, 'ArrowDown', 376],
  ['never below what can be read', 170, 'ArrowRight', 160],
  ['never over all of the list', 780, 100, 800],
])('%s', (_, size, by, expected) => {
  expect(resized(size, by, 1000)).toBe(expected);
});

const found = { id: 's', older: 1200, newer: 3, isComplete: true, progress: 1 };
test.each([
  ['before anything is known', undefined, false, 'Searching…'],
  ['without a filter', found, false, '1,203 entries'],
  ['with one', found, true, '1,203 entries found'],
  ['while it goes on', { ...found, isComplete: false, progress: 0.349 }, true, 'Searching… 34 %, 1,203 entries so far'],
  ['a single one', { ...found, older: 1, newer: 0 }, true, '1 entry found'],
])('how many there are %s', (_, state, filtered, text) => {
  expect(countText(state, filtered)).toBe(text);
});

test('a row says what became of a call, not only that something did', () => {
  const word = (over: Parameters<typeof rowOf>[1]): string => rowWord(rowOf(1, over)).word;
  expect(word({ action: 'deny' })).toBe('denied');
  expect(word({ action: 'deny', mode: 'observe' })).toBe('would deny');
  expect(word({ kind: 'outcome', outcome: 'failed' })).toBe('failed');
  expect(word({ kind: 'outcome', outcome: 'ran' })).toBe('ran');
  expect(word({ kind: 'approval-answered', outcome: 'timed-out' })).toBe('nobody answered');
  expect(word({ kind: 'incident-closed' })).toBe('incident closed');
});

test('a row names the tool as its agent does, and the day where it is not today', () => {
  expect(rowTool(rowOf(1))).toBe('Bash');
  expect(rowTool(rowOf(1, { mcpServer: 'github', tool: 'merge', nativeTool: 'mcp__github__merge' }))).toBe('github/merge');
  const now = new Date(2026, 10, 20, 12, 0).getTime();
  const at = (time: number): string => rowTime(rowText(rowOf(1, { time })), dayOf(now));
  expect(at(now - 3_600_000)).toMatch(/^11:00:00/);
  expect(at(now - 24 * 3_600_000)).toMatch(/19.*12:00:00/);
  expect(at(new Date(2026, 10, 20, 0, 0).getTime())).toMatch(/^00:00:00/);
});
