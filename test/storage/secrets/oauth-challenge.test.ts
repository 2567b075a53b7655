import { expect, test } from 'vitest';
import { challengeIn, loginCommand, scopesIn } from '../../../src/storage/secrets/oauth-challenge.ts';

test.each<[string | undefined, ReturnType<typeof challengeIn>]>([
  [undefined, { scopes: [] }],
  ['Bearer', { scopes: [] }],
  ['Bearer realm="x", scope="a b  a", error=invalid_token', { error: 'invalid_token', scopes: ['a', 'b'] }],
  [
    'Basic realm="x", Bearer resource_metadata="https://a.example/d", Scope=mcp:basic',
    { described: 'https://a.example/d', scopes: ['mcp:basic'] },
  ],
  // What stands in quotes is no parameter, and the first word counts.
  ['Bearer error_description="say \\"scope=\\" scope=evil", scope="good", scope="late"', { scopes: ['good'] }],
])('what a server says of the login that it wants: %s', (header, wanted) => {
  expect(challengeIn(header)).toEqual(wanted);
});

test('what can be no scope is left out, and there is no end to them', () => {
  expect(scopesIn('a b"c d\\e ä \u0007 f')).toEqual(['a', 'f']);
  expect(scopesIn(Array.from({ length: 500 }, (_, index) => `s${index}`).join(' ')).length).toBe(100);
  expect(scopesIn('x'.repeat(201))).toEqual([]);
});

test.each<[string, readonly string[], string]>([
  ['https://a.example/mcp', [], 'https://a.example/mcp'],
  [
    'https://a.example/mcp',
    ['mcp:write', 'https://a.example/auth/drive.readonly'],
    "https://a.example/mcp --scope 'mcp:write https://a.example/auth/drive.readonly'",
  ],
  ['https://a.example/mcp', ['a', "x';id;'"], 'https://a.example/mcp'],
  ['https://a.example/$(id)', ['a'], "SERVER --scope 'a'"],
  ['https://a.example/mcp?a=1&b', [], 'SERVER'],
])('a person who copies the command for a login runs nothing else: %s, %j', (server, scopes, rest) => {
  expect(loginCommand(server, scopes)).toBe(`countersign mcp login ${rest}`);
});
