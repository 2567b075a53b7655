import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/engine/json.ts';
import { changedFile, proposedChange } from '../../../src/hosts/extension/proposed-change.ts';

test.each<[string, JsonObject, string | undefined, string]>([
  ['a new file', { file_path: 'a', content: 'new' }, undefined, 'new'],
  ['a file written over', { file_path: 'a', content: 'new' }, 'old', 'new'],
  ['one place', { file_path: 'a', old_string: 'b', new_string: 'x' }, 'abc', 'axc'],
  ['every place', { file_path: 'a', old_string: 'b', new_string: 'x', replace_all: true }, 'bab', 'xax'],
  [
    'several edits, one after the other',
    {
      file_path: 'a',
      edits: [
        { old_string: 'a', new_string: 'b' },
        { old_string: 'bb', new_string: 'c', replace_all: false },
      ],
    },
    'ab',
    'c',
  ],
  ['a file made by an edit', { file_path: 'a', old_string: '', new_string: 'x' }, undefined, 'x'],
  ['text that looks like a pattern stays text', { file_path: 'a', old_string: 'b.', new_string: '$&$1$$' }, 'ab.c', 'a$&$1$$c'],
  ['the same with every place', { file_path: 'a', old_string: 'b', new_string: '$&', replace_all: true }, 'bb', '$&$&'],
])('%s', (_, args, current, after) => {
  expect(proposedChange(args, current)).toEqual({ before: current ?? '', after, caution: '' });
});

test('an edit that would fail shows its pieces and says so', () => {
  const change = proposedChange({ file_path: 'a', old_string: 'zz', new_string: 'x' }, 'abc');
  expect(change).toMatchObject({ before: 'zz', after: 'x' });
  expect(change?.caution).toContain('is not in the file');
});

test('an edit of a text that is there twice says so', () => {
  expect(proposedChange({ file_path: 'a', old_string: 'b', new_string: 'x' }, 'bb')?.caution).toContain('2 times');
});

test('what is no change of a file is none', () => {
  const args = { command: 'rm a' };
  expect([proposedChange(args, ''), changedFile(args)]).toEqual([undefined, undefined]);
});
