import { expect, test } from 'vitest';
import { shortcutHelp, shortcutOf } from '../../../src/webview/approvals/shortcuts.ts';

const press = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...more });

test.each([
  ['j', 'next'],
  ['ArrowUp', 'previous'],
  ['a', 'approve'],
  ['A', 'approve'],
  ['s', 'approve-session'],
  ['d', 'deny'],
  ['c', 'show-change'],
  ['r', 'reason'],
  ['x', undefined],
  ['Enter', undefined],
])('on a card, %s means %s', (key, does) => {
  expect(shortcutOf(press(key), 'card')).toBe(does);
});

test('while someone types, keys are letters', () => {
  expect(shortcutOf(press('a'), 'text')).toBeUndefined();
});

test('the editor’s own shortcuts are left alone', () => {
  for (const key of ['ctrlKey', 'metaKey', 'altKey']) expect(shortcutOf(press('a', { [key]: true }), 'card')).toBeUndefined();
});

test('arrows scroll a long argument instead of leaving it', () => {
  expect([shortcutOf(press('ArrowDown'), 'other'), shortcutOf(press('j'), 'other')]).toEqual([undefined, 'next']);
});

test('a key that is held down moves on but does not answer again', () => {
  expect([shortcutOf(press('a', { repeat: true }), 'card'), shortcutOf(press('j', { repeat: true }), 'card')]).toEqual([undefined, 'next']);
});

test('every documented key does something', () => {
  for (const [keys] of shortcutHelp) {
    for (const key of keys.split(' or '))
      expect(shortcutOf(press(key.replace('↓', 'ArrowDown').replace('↑', 'ArrowUp')), 'card')).toBeDefined();
  }
});
