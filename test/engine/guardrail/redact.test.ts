import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/engine/json.ts';
import { isRedactPath, redact, redactText } from '../../../src/engine/guardrail/redact.ts';

const github = `ghp_${'a1B2'.repeat(9)}`;
const pem = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAA\n-----END OPENSSH PRIVATE KEY-----';

test.each<[string, JsonObject, readonly string[], JsonObject]>([
  ['no path: nothing is hidden', { a: 1, b: 'x' }, [], { a: 1, b: 'x' }],
  ['a member', { a: { b: 1, c: 2 } }, ['$.a.b'], { a: { b: '[redacted]', c: 2 } }],
  ['every item of a list', { a: [{ t: 1, u: 2 }, { t: 3 }] }, ['$.a[*].t'], { a: [{ t: '[redacted]', u: 2 }, { t: '[redacted]' }] }],
  ['one item of a list', { a: [1, 2, 3] }, ['$.a[1]'], { a: [1, '[redacted]', 3] }],
  ['every member', { a: { b: 1, c: { d: 2 } } }, ['$.a.*'], { a: { b: '[redacted]', c: '[redacted]' } }],
  ['a key in quotes', { 'a b': 1 }, ["$['a b']"], { 'a b': '[redacted]' }],
  ['two paths', { a: 1, b: 2, c: 3 }, ['$.a', '$.c'], { a: '[redacted]', b: 2, c: '[redacted]' }],
  ['a path that leads nowhere', { a: 1 }, ['$.b.c[*]'], { a: 1 }],
  ['the whole', { a: 1 }, ['$'], {}],
  ['a path that cannot be understood hides everything', { a: 1, b: { c: 2 } }, ['$..c'], { a: '[redacted]', b: '[redacted]' }],
])('%s', (_, value, paths, expected) => {
  expect(redact(value, paths)).toEqual(expected);
});

test.each<[string, string, string]>([
  ['a GitHub token', `curl -H "token ${github}" x`, 'curl -H "token [redacted: GitHub token]" x'],
  ['a fine-grained GitHub token', `github_pat_${'A1_'.repeat(20)}`, '[redacted: GitHub token]'],
  ['an Anthropic key', 'KEY=sk-ant-api03-abc_DEF-123', 'KEY=[redacted: Anthropic key]'],
  ['an AWS key id', 'id AKIAIOSFODNN7EXAMPLE.', 'id [redacted: AWS key id].'],
  ['a Slack token', 'xoxb-1234567890-abcdef', '[redacted: Slack token]'],
  ['a private key', `a\n${pem}\nb`, 'a\n[redacted: private key]\nb'],
  ['a private key without an end', 'a -----BEGIN RSA PRIVATE KEY-----\nMIIE', 'a [redacted: private key]'],
  ['two private keys keep what stands between', `${pem} and ${pem}`, '[redacted: private key] and [redacted: private key]'],
  ['words that only look like one', 'ghp_ sk-ant- AKIA the PRIVATE KEY', 'ghp_ sk-ant- AKIA the PRIVATE KEY'],
])('%s is masked', (_, text, expected) => {
  expect(redactText(text)).toBe(expected);
});

test('a secret is masked however deep it stands, and in keys', () => {
  expect(redact({ a: [{ b: github }], [github]: 1 }, [])).toEqual({
    a: [{ b: '[redacted: GitHub token]' }],
    '[redacted: GitHub token]': 1,
  });
});

test('a very long text is cut, and no token is cut in two', () => {
  const long = `${'x'.repeat(256 * 1024 - 100)} ${github}${'y'.repeat(1000)}`;
  const stored = redactText(long);
  expect(stored.length).toBeLessThan(long.length);
  expect(stored).not.toContain('ghp_');
  expect(stored).toMatch(/1\d\d\d more characters are not stored\)$/);
});

test('a key named __proto__ stays a key', () => {
  const value: JsonObject = JSON.parse(`{"__proto__": {"a": "${github}"}}`);
  expect(JSON.stringify(redact(value, []))).toBe('{"__proto__":{"a":"[redacted: GitHub token]"}}');
});

test.each(['$.a', '$.a.b[*]', "$['x y'][0]", '$.*', '$'])('%s is a path', (path) => expect(isRedactPath(path)).toBe(true));
test.each(['a', '$a', '$.', '$..a', '$[?(@.x)]', '$.a b'])('%s is none', (path) => expect(isRedactPath(path)).toBe(false));
