import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/engine/json.ts';
import { namedByArguments } from '../../src/engine/tool-arguments.ts';

test.each<[string, JsonObject, readonly string[], readonly string[]]>([
  ['a name that says path', { path: 'src/a.ts' }, ['src/a.ts'], []],
  ['such names in other spellings', { filePath: 'a', target_dir: 'b', 'output-file': 'c' }, ['a', 'b', 'c'], []],
  ['lists', { paths: ['a', 'b'] }, ['a', 'b'], []],
  ['objects in objects', { options: { files: [{ path: 'a' }] } }, ['a'], []],
  [
    'an absolute path under any name',
    { x: '/etc/passwd', y: '~/.ssh/id_rsa', z: 'C:\\Windows\\x' },
    ['/etc/passwd', '~/.ssh/id_rsa', 'C:\\Windows\\x'],
    [],
  ],
  ['a path with blanks', { x: '/Users/John Doe/.countersign/x' }, ['/Users/John Doe/.countersign/x'], []],
  ['prose that begins with a slash', { text: '/help me with a/b' }, [], []],
  ['prose', { title: 'Fix the path', body: 'see /etc/passwd and https://x.com' }, [], []],
  ['a URL under any name', { x: 'https://User@Api.X.com:8080/p?q' }, [], ['api.x.com']],
  ['a URL of another scheme', { connection: 'postgres://u:p@db.x.com/a' }, [], ['db.x.com']],
  ['a URL of a file', { uri: 'file:///etc/my%20file' }, ['/etc/my file'], []],
  ['an address without a scheme', { url: 'x.com/a', host: 'localhost' }, [], ['x.com', 'localhost']],
  ['a repository by its address', { repo: 'git@github.com:o/r' }, [], ['github.com']],
  ['a repository by its name', { owner: 'o', repo: 'r' }, [], []],
  [
    'a patch as agents write it',
    { patch: '*** Begin Patch\n*** Update File: a\n*** Add File: b\n*** Delete File: c\n*** End Patch' },
    ['a', 'b', 'c'],
    [],
  ],
  ['a unified diff', { diff: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n' }, ['x'], []],
  ['numbers and nothing', { path: 1, file: null, dir: true, url: '' }, [], []],
])('%s', (_, input, paths, domains) => {
  expect(namedByArguments(input)).toEqual({ paths: { read: paths, write: paths }, domains });
});
