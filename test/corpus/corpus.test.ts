import { expect, test } from 'vitest';
import { readEveryday, readThemes, type Part } from './case.ts';
import { floor } from './floor.ts';
import { shippedSet } from './judge.ts';
import { rateOf, scoreEveryday, scoreThemes, total } from './score.ts';

const parts = ['development', 'held-out'] as const satisfies readonly Part[];
const themes = new Map(parts.map((part) => [part, readThemes(part)]));

test('both parts have every theme', () => {
  const [development = [], heldOut = []] = parts.map((part) => [...(themes.get(part)?.keys() ?? [])]);
  expect(heldOut).toEqual(development);
});

test.each(parts)('%s: every case has either a command or a call, and an id of its own that says where it is', (part) => {
  const cases = [...(themes.get(part) ?? [])].flatMap(([theme, list]) => list.map((one) => ({ theme, ...one })));
  expect(cases.filter(({ command, call }) => (command === undefined) === (call === undefined)).map(({ id }) => id)).toEqual([]);
  expect(cases.filter(({ theme, id }) => !id.startsWith(`${theme}-${part.charAt(0)}`)).map(({ id }) => id)).toEqual([]);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
});

test('no call is in both parts', () => {
  const textsOf = (part: Part) =>
    new Set([...(themes.get(part)?.values() ?? [])].flat().map(({ command, call, facts }) => JSON.stringify([command, call, facts])));
  const heldOut = textsOf('held-out');
  expect([...textsOf('development')].filter((text) => heldOut.has(text))).toEqual([]);
  const everyday = new Set(readEveryday('held-out'));
  expect(readEveryday('development').filter((text) => everyday.has(text))).toEqual([]);
});

test('both verdicts have at least a third of each part, and there are enough cases to say something', () => {
  for (const part of parts) {
    const cases = [...(themes.get(part)?.values() ?? [])].flat();
    expect(cases.length).toBeGreaterThanOrEqual(part === 'development' ? 540 : 360);
    for (const verdict of ['stop', 'pass']) {
      expect(cases.filter((one) => one.verdict === verdict).length).toBeGreaterThan(cases.length / 3);
    }
  }
});

test('the shipped policies reach the floor on the development part', () => {
  const set = shippedSet();
  expect(set.files.flatMap(({ problems }) => problems)).toEqual([]);
  const { stop, pass } = total('', scoreThemes('development', set));
  expect(rateOf(stop)).toBeGreaterThanOrEqual(floor.recall);
  expect(rateOf(pass)).toBeLessThanOrEqual(floor.falseAlarms);
  expect(rateOf(scoreEveryday('development', set).pass)).toBeLessThanOrEqual(floor.everyday);
});
