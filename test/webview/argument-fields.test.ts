import { expect, test } from 'vitest';
import { argumentFields } from '../../src/webview/argument-fields.ts';

test('what the call does comes first, nothing is left out', () => {
  const fields = argumentFields('shell', { description: 'Push', command: 'git push', timeout: 1000, nested: { deep: [1, null] } });
  expect(fields.map(({ name }) => name)).toEqual(['command', 'description', 'timeout', 'nested']);
  expect(fields.map(({ main }) => main)).toEqual([true, false, false, false]);
  expect(fields.at(-1)?.value).toBe(JSON.stringify({ deep: [1, null] }, null, 2));
});

test('the arguments of a tool that we do not know keep their order', () => {
  expect(argumentFields('merge_pull_request', { b: 1, a: 2 }).map(({ name }) => name)).toEqual(['b', 'a']);
});

test('a value larger than its box says how large it is', () => {
  const [long, wide, small] = argumentFields('x', { long: 'a\n'.repeat(30), wide: 'a'.repeat(500), small: 'a' });
  expect([long?.size, wide?.size, small?.size]).toEqual(['31 lines, 60 characters', '1 line, 500 characters', '']);
});

test('only what fits into a line is shown beside its name, and the main argument never', () => {
  const fields = argumentFields('shell', { command: 'ls', lines: 'a\nb', long: 'a'.repeat(61), short: 'a' });
  expect(fields.filter(({ short }) => short).map(({ name }) => name)).toEqual(['short']);
});

test('the two sides of a change are shown in the same way, however short one is', () => {
  const fields = argumentFields('edit', { file_path: '/a', old_string: 'two', new_string: 'three\nfour', replace_all: false });
  expect(fields.filter(({ short }) => !short).map(({ name }) => name)).toEqual(['file_path', 'old_string', 'new_string']);
});
