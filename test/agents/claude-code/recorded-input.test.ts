import { expect, test } from 'vitest';
import { isSameInput } from '../../../src/agents/claude-code/recorded-input.ts';
import type { JsonObject } from '../../../src/engine/json.ts';

test.each<[string, JsonObject, JsonObject]>([
  ['to the letter', { command: 'ls', a: [1] }, { a: [1], command: 'ls' }],
  ['with a default filled in', { command: 'ls' }, { command: 'ls', timeout: 5 }],
  ['with a number that was text', { file_path: '/a', limit: '5' }, { file_path: '/a', limit: 5 }],
  ['with a truth that was text', { command: 'ls', run_in_background: 'false' }, { command: 'ls', run_in_background: false }],
  ['with a relative path', { file_path: 'a.txt' }, { file_path: '/w/a.txt' }],
  ['with a path that says where it starts', { file_path: './b/a.txt' }, { file_path: '/w/b/a.txt' }],
  ['with a path that goes up', { file_path: '../a.txt' }, { file_path: '/a.txt' }],
  ['with a path that goes up on the way', { file_path: 'b/../a.txt' }, { file_path: '/w/a.txt' }],
  ['with a path of the home folder', { file_path: '~/a.txt' }, { file_path: '/home/ada/a.txt' }],
  ['with something that the log hides', { command: 'ls', token: 'x' }, { command: 'ls', token: '[redacted]' }],
  ['with an option that the client does not know', { command: 'ls', colour: 'red' }, { command: 'ls' }],
  ['inside of a list', { edits: [{ old_string: 'a' }] }, { edits: [{ old_string: 'a', replace_all: false }] }],
])('the same: %s', (_, recorded, decided) => {
  expect(isSameInput(recorded, decided)).toBe(true);
});

test.each<[string, JsonObject, JsonObject]>([
  ['another command', { command: 'rm -r x' }, { command: 'ls' }],
  ['a command that begins the same', { command: 'ls; rm x' }, { command: 'ls' }],
  ['another file', { file_path: 'a.txt' }, { file_path: '/w/b.txt' }],
  ['another file by a path that goes up', { file_path: 'b/../a.txt' }, { file_path: '/w/b.txt' }],
  ['another text', { file_path: '/a', content: 'x' }, { file_path: '/a', content: 'y' }],
  ['no command at all', { command: 'ls' }, {}],
  ['inside of a list', { edits: [{ old_string: 'a' }] }, { edits: [{ old_string: 'b' }] }],
  ['a shorter list', { list: ['a', 'b'] }, { list: ['a'] }],
  ['another number', { limit: 5 }, { limit: 6 }],
  ['an object where a text was', { prompt: 'x' }, { prompt: { a: 1 } }],
])('not the same: %s', (_, recorded, decided) => {
  expect(isSameInput(recorded, decided)).toBe(false);
});
