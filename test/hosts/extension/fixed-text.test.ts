import { expect, test } from 'vitest';
import { fixedText } from '../../../src/hosts/extension/fixed-text.ts';

test.each<[string, string, { readonly path: readonly string[]; readonly set?: unknown }, string]>([
  ['a member goes', '{\n  "a": 1,\n  "disableAllHooks": true\n}\n', { path: ['disableAllHooks'] }, '{\n  "a": 1\n}\n'],
  [
    'an inner member goes, its neighbours stay as they are',
    '{"env": {"A":"1", "LD_PRELOAD":"/x"} }',
    { path: ['env', 'LD_PRELOAD'] },
    '{"env": {"A":"1"} }',
  ],
  [
    'a member becomes another',
    '{"enabledPlugins": {\n  "p@m": false}}',
    { path: ['enabledPlugins', 'p@m'], set: true },
    '{"enabledPlugins": {\n    "p@m": true\n  }}',
  ],
  ['it is put right already', '{"a": 1}', { path: ['disableAllHooks'] }, '{"a": 1}'],
])('%s', (_, before, edit, after) => {
  expect(fixedText(before, edit)).toBe(after);
});

test('a file that is no JSON is left to a person', () => {
  expect(() => fixedText('{,}', { path: ['a'] })).toThrow(/JSON/);
});
