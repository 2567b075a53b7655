import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/engine/json.ts';
import { newsOf, newsText } from '../../../src/hosts/extension/policy-news-text.ts';

const path = '/w/app/.countersign/team.yaml';
const detail = (over: JsonObject = {}): JsonObject => ({
  path,
  layer: 'workspace',
  digest: 'sha256:2',
  before: 'sha256:1',
  changes: '1 rule removed: x',
  ...over,
});

test.each<[string, JsonObject, readonly string[], string | undefined]>([
  ['of the folder itself', detail(), ['/w/other', '/w/app'], '/w/app'],
  ['of a folder above', detail(), ['/w/app/inner'], '/w/app/inner'],
  ['of a part of the folder', detail(), ['/w'], '/w'],
  ['of another folder', detail(), ['/w/ap'], undefined],
  ['of the user', detail({ layer: 'user' }), ['/w/app'], undefined],
  ['that is only in force', { path, layer: 'workspace', digest: 'sha256:2' }, ['/w/app'], undefined],
])('a policy %s', (_, given, folders, folder) => {
  expect(newsOf({ detail: given }, folders)?.folder).toBe(folder);
});

test('what is new is said in words, with what waits for trust', () => {
  const news = newsOf({ detail: detail() }, ['/w/app']);
  expect(news && newsText(news, false)).toBe('This folder’s policies changed, and hold from now on (team.yaml): 1 rule removed: x.');
  expect(news && newsText(news, true)).toMatch(/x\. Its autoApprove does not count before you trust this version\.$/);
  const gone = newsOf({ detail: detail({ removed: true, changes: '1 policy removed: team' }) }, ['/w/app']);
  expect(gone && newsText(gone, false)).toBe(
    'team.yaml of this folder’s policies is gone, and no longer in force: 1 policy removed: team.',
  );
});

test('a name makes no link, and hides nothing', () => {
  const news = newsOf({ detail: detail({ changes: '1 rule added: [x](command:y)\u202e' }) }, ['/w/app']);
  expect(news && newsText(news, false)).not.toMatch(/\]\(|\u202e/);
});
