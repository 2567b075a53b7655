import { expect, test } from 'vitest';
import { compilePathPatterns, matchesPath, normalizePath } from '../../../src/engine/policy/path-pattern.ts';

const variables = { home: '/home/u', workspace: '/home/u/w', countersignHome: '/state' };
const matches = (patterns: string | readonly string[], path: string): boolean =>
  matchesPath(compilePathPatterns([patterns].flat()), { path: normalizePath(path) }, variables, 'certain');

test.each<[string, string | readonly string[], string, boolean]>([
  ['a name is found anywhere', '.env', '/a/b/.env', true],
  ['a name is a whole name', '.env', '/a/b/.env.local', false],
  ['a star in a name', '*.pem', '/a/b/key.pem', true],
  ['a star does not cross a slash', '/a/*', '/a', false],
  ['what is in a matched directory is matched', 'node_modules', '/a/node_modules/b/c.js', true],
  ['a slash at the end means the directory', 'build/', '/x/build/a', true],
  ['a path with a slash stands in the workspace', 'src/*.ts', '/home/u/w/src/a.ts', true],
  ['and nowhere else', 'src/*.ts', '/elsewhere/src/a.ts', false],
  ['an absolute path', '/etc/passwd', '/etc/passwd', true],
  ['home', '~/.ssh/**', '/home/u/.ssh/id_rsa', true],
  ['the directory itself', '~/.ssh/**', '/home/u/.ssh', true],
  ['not one that begins like it', '~/.ssh/**', '/home/u/.sshx/id', false],
  ['the workspace', '${workspace}/**', '/home/u/w/a', true],
  ['outside of it', '${workspace}/**', '/home/u/wx/a', false],
  ['the state directory', '${countersignHome}', '/state/hook-token', true],
  ['two stars in the middle', '/a/**/z', '/a/b/c/z', true],
  ['two stars for nothing', '/a/**/z', '/a/z', true],
  ['braces', '**/*.{pem,key}', '/a/b.key', true],
  ['a later negation lifts', ['~/.ssh', '!~/.ssh/known_hosts'], '/home/u/.ssh/known_hosts', false],
  ['and only that', ['~/.ssh', '!~/.ssh/known_hosts'], '/home/u/.ssh/id', true],
  ['a later pattern restores', ['a', '!b', 'b'], '/a/b', true],
  ['a negation alone means everything else', '!${workspace}/**', '/etc/passwd', true],
  ['a negation alone excepts', '!${workspace}/**', '/home/u/w/a', false],
  ['dots are resolved', '/etc/**', '/home/u/../../etc/passwd', true],
  ['an escaped star is a star', '/a/\\*', '/a/*', true],
  ['a variable is no glob', '${workspace}/x', '/home/u/w/x', true],
])('%s: %s | %s', (_, patterns, path, expected) => {
  expect(matches(patterns, path)).toBe(expected);
});

test('a home with special characters is taken literally', () => {
  const odd = { ...variables, home: '/home/[u]*' };
  expect(matchesPath(compilePathPatterns(['~/x']), { path: '/home/[u]*/x' }, odd, 'certain')).toBe(true);
  expect(matchesPath(compilePathPatterns(['~/x']), { path: '/home/uu/x' }, odd, 'certain')).toBe(false);
});

test.each<
  [
    string,
    string,
    { readonly path: string; readonly names?: readonly (readonly (string | undefined)[])[]; readonly open?: boolean },
    boolean,
  ]
>([
  ['any name below', '~/.ssh/id_rsa', { path: '/home/u/.ssh', names: [[undefined]] }, true],
  ['a name that ends otherwise', '~/.ssh/id_rsa', { path: '/home/u/.ssh', names: [[undefined, '.pub']] }, false],
  ['wildcards do not find hidden names', '~/.ssh', { path: '/home/u', names: [[undefined]] }, false],
  ['unless the dot is written', '~/.ssh', { path: '/home/u', names: [['.', undefined]] }, true],
  ['a root that is only partly known', '~/.ssh/id', { path: '/', names: [['home'], [undefined], ['.ssh'], ['id']] }, true],
  ['anything below', '~/.ssh/id_rsa', { path: '/home/u', open: true }, true],
  ['anything below elsewhere', '~/.ssh/id_rsa', { path: '/var', open: true }, false],
])('what may be meant: %s', (_, pattern, candidate, expected) => {
  expect(matchesPath(compilePathPatterns([pattern]), candidate, variables, 'possible')).toBe(expected);
  expect(matchesPath(compilePathPatterns([pattern]), candidate, variables, 'certain')).toBe(false);
});

test('hostile patterns end soon', () => {
  const pattern = `/${'**/a*a*a*a*/'.repeat(20)}z`;
  const started = performance.now();
  matches(pattern, `/${`${'a'.repeat(200)}/`.repeat(200)}y`);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test.each([
  ['~other/x', 'own home'],
  ['a/${workspace}', 'stands at the beginning'],
  ['${nope}/x', 'unknown variable'],
  ['', 'empty pattern'],
  ['{a,b}{c,d}{e,f}{g,h}{i,j}{k,l}{m,n}', 'alternatives'],
])('a bad pattern is said to be one: %s', (pattern, message) => {
  expect(() => compilePathPatterns([pattern])).toThrow(message);
});
