import { expect, test } from 'vitest';
import type { RuleCount } from '../../../src/engine/audit/search.ts';
import { latelyText } from '../../../src/hosts/extension/lenses/lately-text.ts';
import { Lately, longestMs } from '../../../src/hosts/extension/lenses/lately.ts';

const none = { allow: 0, deny: 0, require_approval: 0, abstain: 0 };
const count = (over: Partial<RuleCount>): RuleCount => ({ rule: 'team/pushes', enforced: none, observed: none, exempted: 0, ...over });

test.each<[string, RuleCount | undefined]>([
  ['nothing in 7 days', undefined],
  ['nothing in 7 days', count({})],
  ['denied 3, asked 12 in 7 days', count({ enforced: { ...none, require_approval: 12, deny: 3 } })],
  ['allowed 5, matched 1 in 7 days', count({ enforced: { ...none, allow: 5, abstain: 1 } })],
  ['asked 1, would have denied 2 in 7 days', count({ enforced: { ...none, require_approval: 1 }, observed: { ...none, deny: 2 } })],
  ['would have asked 4, exempted 2 in 7 days', count({ observed: { ...none, require_approval: 4 }, exempted: 2 })],
])('%s', (text, counted) => {
  expect(latelyText(counted, 7)).toBe(text);
});

/** A governor that says how often it was asked, and a clock that the test moves. */
function asked() {
  const place = { now: 0, asks: [] as unknown[], fails: false };
  const call = async (_method: string, params: unknown): Promise<never> => {
    place.asks.push(params);
    if (place.fails) throw new Error('the governor cannot be reached');
    return { days: 7, rules: [count({ exempted: place.asks.length })] } as never;
  };
  return { place, lately: new Lately({ call }, () => place.now) };
}

test('the governor is asked once until there is news, however many rules want to know', async () => {
  const { place, lately } = asked();
  await Promise.all([lately.in(undefined), lately.in(undefined), lately.in(['/p']), lately.in(['/p'])]);
  expect(place.asks).toEqual([{}, { folders: ['/p'] }]);
  place.now = longestMs - 1;
  await lately.in(undefined);
  expect(place.asks).toHaveLength(2);
  place.now = longestMs;
  expect((await lately.in(undefined))?.rules.get('team/pushes')?.exempted).toBe(3);
  lately.forget();
  expect((await lately.in(undefined))?.rules.get('team/pushes')?.exempted).toBe(4);
});

test('without a governor nothing is said, and it is asked again when there is one', async () => {
  const { place, lately } = asked();
  place.fails = true;
  expect(await lately.in(undefined)).toBeUndefined();
  place.fails = false;
  lately.forget();
  expect((await lately.in(undefined))?.days).toBe(7);
});
