import { expect, test } from 'vitest';
import { isAnother, merged, type Response } from '../../../src/engine/spend/response.ts';

function response(over: Partial<Response> = {}, tokens: Partial<Response['tokens']> = {}): Response {
  return {
    agent: 'claude-code',
    session: 's1',
    subagent: '',
    workspace: '/w',
    at: 1000,
    begun: 1,
    claim: 1,
    request: 1,
    terms: { model: 'm', band: 0, speed: 'standard', region: '' },
    prompt: 10,
    tokens: { input: 10, output: 5, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, ...tokens },
    webSearches: 0,
    isFinal: true,
    ...over,
  };
}

test.each<[string, Response, Response, Partial<Response>]>([
  [
    'each number at its largest',
    response({}, { output: 1 }),
    response({}, { output: 911 }),
    { tokens: response({}, { output: 911 }).tokens },
  ],
  ['the stronger claim has it', response({ claim: 3 }), response({ session: 's2', claim: 7 }), { session: 's2', claim: 7 }],
  ['of equal claims the earlier', response({ at: 900 }), response({ session: 's2', at: 1000 }), { session: 's1', at: 900 }],
  ['of equal times the file that began first', response({ begun: 5 }), response({ session: 's2', begun: 2 }), { session: 's2' }],
  [
    'terms of the larger',
    response(),
    response({ terms: { model: 'm', band: 1, speed: 'fast', region: 'us' }, claim: 0 }, { input: 20 }),
    { session: 's1', terms: { model: 'm', band: 1, speed: 'fast', region: 'us' } },
  ],
  ['one final line is enough', response({ isFinal: false }), response(), { isFinal: true }],
  [
    'a split of cache writes is not added to the whole',
    response({}, { cacheWrite5m: 9 }),
    response({}, { output: 6, cacheWrite5m: 4, cacheWrite1h: 5 }),
    { tokens: response({}, { output: 6, cacheWrite5m: 4, cacheWrite1h: 5 }).tokens },
  ],
])('two records of one response: %s, whichever is read first', (_, a, b, expected) => {
  expect(merged(a, b)).toMatchObject(expected);
  expect(merged(b, a)).toMatchObject(expected);
});

test('the same again changes nothing', () => {
  const known = merged(response({ claim: 3 }), response({ session: 's2' }, { output: 9 }));
  expect(merged(known, response({ session: 's2' }, { output: 9 }))).toBe(known);
});

test.each<[string, Response, boolean]>([
  ['another request with another prompt', response({ request: 2 }, { input: 99 }), true],
  ['another request with the same prompt', response({ request: 2 }), false],
  ['the same request', response({}, { input: 99 }), false],
  ['no request known', response({ request: 0 }, { input: 99 }), false],
])('one id, %s: another response is %s', (_, next, expected) => {
  expect(isAnother(response(), next)).toBe(expected);
});
