import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findAll, findIn, longestScan } from '../../../src/engine/guardrail/detect.ts';
import { allKinds } from '../../../src/engine/guardrail/kinds.ts';
import { hasPii, hasSecret, maskSecrets } from '../../../src/engine/guardrail/secrets.ts';

const token = `ghp_${'a1B2'.repeat(9)}`;

test('findings are in order, and what would be hidden twice is found once: the surer', () => {
  const text = `TOKEN=${token} amy@example.org postgres://amy:amy@example.org/x4111-1111-1111-1111`;
  const { findings } = findIn(text, ['pii', 'secret']);
  expect(findings.map(({ start }) => start)).toEqual(findings.map(({ start }) => start).toSorted((a, b) => a - b));
  expect(findings.filter(({ start, end }) => start < 6 + token.length && end > 6)).toHaveLength(1);
  for (const [at, one] of findings.entries()) expect(one.start).toBeGreaterThanOrEqual(findings[at - 1]?.end ?? 0);
});

test('only what was asked for is looked for', () => {
  const text = `${token} amy@example.org`;
  expect(findIn(text, ['pii']).findings.map(({ kind }) => kind)).toEqual(['email']);
  expect(findIn(text, []).findings).toEqual([]);
});

test('what is longer than can be looked at in time is named, and cut where no token is', () => {
  const text = `${'word '.repeat(longestScan / 5 - 2)}${token} ${token}`;
  const { findings, notScanned } = findIn(text, ['secret']);
  expect(notScanned).toEqual({ start: longestScan - 11, end: text.length });
  expect(findings).toEqual([]);
  expect(findIn('short', ['secret']).notScanned).toBeUndefined();
});

test('hiding goes on where a look ended: nothing is left over at the end of a long text', () => {
  expect(maskSecrets(`${'word '.repeat(longestScan / 5 - 2)}${token} ${token} end`).slice(-64)).toMatch(
    /\[redacted: GitHub token\] \[redacted: GitHub token\] end$/,
  );
  expect(maskSecrets(`${'password: '.repeat(100_000)}${token}`).slice(-24)).toBe('[redacted: GitHub token]');
});

test('everything is found in a text of any length, each once and in order', () => {
  const text = `call (415) 555-2671 `.repeat(20_000);
  const all = findAll(text, ['pii']);
  expect(all.length).toBe(20_000);
  expect(all.map(({ start }) => start)).toEqual(all.map((_, at) => 5 + at * 20));
});

test.each<[string, string, boolean, boolean]>([
  ['a vendor’s key by its name', `DATADOG_API_KEY=${'0a1b2c3d'.repeat(4)}`, true, false],
  ['what only looks random is never sure', 'token = "k7Qw3ZrT9xMb2LfV8nHc5JdY4sGp6WtA"', false, false],
  ['an IBAN', 'DE89 3704 0044 0532 0130 00', false, true],
  ['a number that could be a card', 'id 4111111111111111', false, false],
  ['an address', 'amy@example.org', false, true],
])('%s', (_, text, secret, pii) => {
  expect([hasSecret(text), hasPii(text)]).toEqual([secret, pii]);
});

test('every kind is listed once, in words', () => {
  const names = allKinds().map(({ detector, name }) => `${detector}/${name}`);
  expect(new Set(names).size).toBe(names.length);
  expect(
    allKinds().filter(({ name, label, about }) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name) || label === '' || !/^[A-Z].+\.$/.test(about)),
  ).toEqual([]);
  expect(allKinds().filter(({ detector }) => detector === 'secret').length).toBeGreaterThanOrEqual(80);
});

test('every kind is in the documentation', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'detectors.md'), 'utf8');
  expect(allKinds().filter(({ name }) => !page.includes(`\`${name}\``))).toEqual([]);
});
