import { expect, test } from 'vitest';
import type { HookEvent } from '../../src/agents/agent.ts';
import { MemorySpend } from '../storage/memory-spend.ts';
import { budget, budgetBench } from './budget-fixture.ts';
import { bench, callEvent, origin } from './fixture.ts';

const request: HookEvent = { kind: 'model-request', origin: origin('request') };

test('a session that was ended or paused sends no further request to its model', async () => {
  const { say, governor } = bench();
  expect(await say(request)).toEqual({ kind: 'pass' });
  await governor.pause('s1', 'lunch', 'ada');
  expect(await say(request)).toMatchObject({ kind: 'refuse', stop: true, reason: expect.stringContaining('paused by ada') });
  await governor.resume('s1', 'ada');
  expect(await say(request)).toEqual({ kind: 'pass' });
  await governor.kill('s1', 'enough', 'ada');
  expect(await say(request)).toMatchObject({ kind: 'refuse', stop: true, reason: expect.stringContaining('enough') });
});

test.each<[string, string, 'pass' | 'refuse']>([
  ['that stops', '{limits: [{per: session, costUsd: 1}]}', 'refuse'],
  ['in tokens', '{limits: [{per: session, tokens: 10}]}', 'refuse'],
  ['that ends the session', '{limits: [{per: session, costUsd: 1, onLimit: kill}]}', 'refuse'],
  ['that asks: at the next call there is somebody to ask', '{limits: [{per: session, costUsd: 1, onLimit: require_approval}]}', 'pass'],
  ['that only tells', '{limits: [{per: session, costUsd: 1, onLimit: alert}]}', 'pass'],
  ['that only watches', '{mode: observe, limits: [{per: session, costUsd: 1}]}', 'pass'],
  ['of calls: a request is none', '{limits: [{per: session, calls: 1}]}', 'pass'],
  ['that is not used up', '{limits: [{per: session, costUsd: 3}]}', 'pass'],
])('with a limit %s', async (_, spec, answer) => {
  const b = budgetBench([budget(spec)]);
  await b.say(callEvent('c1'));
  b.spend.add({ usd: 2, tokens: 100 });
  expect((await b.say(request)).kind).toBe(answer);
});

test('what was used is not known yet when a session begins: its first request is sent, and the first call refused', async () => {
  const source = new MemorySpend();
  source.failure = new Error('no record');
  const b = budgetBench([budget('{limits: [{per: session, costUsd: 1}]}')], { source });
  expect((await b.say(request)).kind).toBe('pass');
  expect((await b.call()).kind).toBe('refuse');
});

test('a request is no call: nothing is counted, and nothing recorded', async () => {
  const b = budgetBench([budget('{limits: [{per: session, calls: 2}]}')]);
  for (let n = 0; n < 5; n += 1) await b.say(request);
  expect((await b.call()).kind).toBe('pass');
  expect(b.ports.audit.entries.map(({ kind }) => kind)).toEqual(['policy', 'decision']);
});
