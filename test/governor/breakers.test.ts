import { expect, test } from 'vitest';
import type { HookEvent } from '../../src/agents/agent.ts';
import { budget, budgetBench, kindsOf, waiting, type BudgetBench } from './budget-fixture.ts';
import { ada, callEvent, origin, settled, yes } from './fixture.ts';

const loop = '{loop: {sameCall: 3, within: 2m, onLimit: deny}}';
const minute = 60_000;

/** Calls by what they run, one after the other; a `!` behind one makes it fail. */
async function run(b: BudgetBench, commands: string, session = 's1'): Promise<string> {
  const kinds: string[] = [];
  for (const word of commands.split(' ')) {
    const command = word.replace('!', '');
    const id = `${session}-${b.ports.audit.entries.length}`;
    const { kind } = await b.call(session, { id, command });
    kinds.push(kind);
    const status = word.endsWith('!') || kind === 'refuse' ? 'failed' : 'ran';
    const { call } = callEvent(id, { command }, session);
    const ended: HookEvent = { kind: 'tool-result', origin: origin('after', session), call, outcome: { status } };
    await b.say(ended);
    b.ports.clock.advance(1);
  }
  return kinds.map((kind) => kind.slice(0, 1)).join('');
}

test.each<[string, string, string, string]>([
  ['the same call', loop, 'a a a a', 'pppr'],
  ['with others between', loop, 'a x a y a a', 'pppppr'],
  ['two in turns', loop, 'a b a b a b a b', 'pppppprr'],
  ['never the same', loop, 'a b c d e f', 'pppppp'],
  ['failing calls in a row', '{failures: {consecutive: 3}}', 'a! b! c! d', 'pppr'],
  ['one that does not fail between them', '{failures: {consecutive: 3}}', 'a! b! c d! e! f', 'pppppp'],
  ['too many calls', '{rate: {calls: 3, per: 1m}}', 'a b c d', 'pppr'],
])('a session is stopped: %s', async (_, spec, commands, expected) => {
  expect(await run(budgetBench([budget(spec)]), commands)).toBe(expected);
});

test('refused calls are no failures', async () => {
  const b = budgetBench([budget('{limits: [{per: hour, calls: 1}], failures: {consecutive: 2, onLimit: kill}}')]);
  expect(await run(b, 'a! b c d')).toBe('prrr');
  expect(b.governor.sessions()).toMatchObject([{ state: 'idle' }]);
});

test('what lies outside of the window does not count', async () => {
  const b = budgetBench([budget(loop)]);
  expect(await run(b, 'a a a')).toBe('ppp');
  b.ports.clock.advance(2 * minute);
  expect(await run(b, 'a a a a')).toBe('pppr');
});

test('each session has its own, and subagents count toward theirs', async () => {
  const b = budgetBench([budget(loop)]);
  expect(await run(b, 'a a a', 's1')).toBe('ppp');
  expect(await run(b, 'a a', 's2')).toBe('pp');
  expect((await b.call('s1', { command: 'a', subagent: 'x' })).kind).toBe('refuse');
  expect((await b.call('s2', { command: 'a', subagent: 'x' })).kind).toBe('pass');
});

test('an open breaker stops every call of the session, through restarts, until a person resets it', async () => {
  const b = budgetBench([budget(loop)]);
  await run(b, 'a a a a');
  const again = b.restarted();
  again.ports.clock.advance(60 * minute);
  expect(await again.call('s1', { command: 'other' })).toMatchObject({
    kind: 'refuse',
    reason: expect.stringMatching(
      /Bash was called 3 times with the same arguments within 2m: s1-\d+, s1-\d+, s1-\d+\. .*countersign budget reset s1/,
    ),
  });
  expect(await run(again, 'b', 's2')).toBe('p');
  await again.governor.resetBreakers('s1', ada);
  again.ports.clock.advance(1);
  expect(await run(again, 'a a a a')).toBe('pppr');
  expect(again.budgetEntries().map((text) => text.split(':')[0])).toEqual(['tripped', 'reset', 'tripped']);
  expect(again.ports.audit.entries.find(({ detail }) => detail?.['event'] === 'reset')).toMatchObject({ session: 's1', approver: ada });
});

test('the calls of before a restart count', async () => {
  const b = budgetBench([budget(loop)]);
  await run(b, 'a a');
  expect(await run(b.restarted(), 'a a')).toBe('pr');
});

test('approving a call resets the breaker, and lets the calls go on that wait for the same', async () => {
  const b = budgetBench([budget('{rate: {calls: 2, per: 1h, onLimit: require_approval}}')]);
  await run(b, 'a b');
  const calls = await waiting(b, b.call('s1', { command: 'c' }), b.call('s1', { command: 'd' }));
  expect(b.open()[0]?.reason).toContain('2 calls were made within 1h');
  expect(b.open()[0]?.reason).toContain('Approving resets the circuit breaker.');
  await b.governor.answer(b.open()[0]?.id ?? '', yes, ada);
  expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(['approve', 'approve']);
  expect(b.budgetEntries().at(-1)).toBe('raised: ada resets the circuit breaker (budget "b", rate).');
});

test('a reset lets the calls go on that wait for it', async () => {
  const b = budgetBench([budget('{rate: {calls: 1, per: 1h, onLimit: require_approval}}')]);
  await run(b, 'a');
  const calls = await waiting(b, b.call('s1', { command: 'c' }));
  expect(b.governor.problems()).toHaveLength(1);
  await b.governor.resetBreakers('s1', ada);
  expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(['approve']);
  expect(b.governor.problems()).toEqual([]);
  expect(await run(b, 'd')).toBe('p');
});

test('a session nobody knows has nothing to reset', async () => {
  await expect(budgetBench([]).governor.resetBreakers('s9', ada)).rejects.toThrow('There is no session s9.');
});

test('a breaker that kills ends the session', async () => {
  const b = budgetBench([budget('{failures: {consecutive: 2, onLimit: kill}}')]);
  expect(await run(b, 'a! b! c d')).toBe('pprr');
  await settled();
  expect(b.governor.sessions()).toMatchObject([{ state: 'killed' }]);
});

test('one that only tells tells again in the next window', async () => {
  const b = budgetBench([budget('{rate: {calls: 2, per: 1m, onLimit: alert}}')]);
  expect(await run(b, 'a b c d e')).toBe('ppppp');
  expect(b.budgetEntries()).toHaveLength(1);
  b.ports.clock.advance(2 * minute);
  await run(b, 'a b c');
  expect(b.budgetEntries()).toHaveLength(2);
});

test('a breaker that was changed begins anew', async () => {
  const b = budgetBench([budget(loop)]);
  await run(b, 'a a a a');
  b.ports.policies.use({ files: [budget('{loop: {sameCall: 50, within: 2m}}')] });
  expect(await kindsOf(b, 1)).toBe('pass');
});
