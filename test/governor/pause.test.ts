import { expect, test } from 'vitest';
import type { Answer, HookEvent } from '../../src/agents/agent.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { ada, answerIn, asking, bench, callEvent, decision, no, origin, settled, yes } from './fixture.ts';

const prompt: HookEvent = { kind: 'prompt', origin: origin('prompt'), promptId: 'p', text: 'go on' };
const asked: HookEvent = { ...callEvent('', {}), kind: 'permission-request' };
const refused = { kind: 'refuse', stop: true, reason: expect.stringContaining('paused by ada: lunch') };
const passed = { kind: 'pass' };

test.each<[string, string | undefined]>([
  ['a session', 's1'],
  ['all sessions', undefined],
])('%s: every call, prompt and question is refused and the turn stopped, until resumed', async (_, session) => {
  const { say, governor } = bench(decision({ action: 'allow' }));
  const three = async (id: string): Promise<readonly Answer[]> => [await say(callEvent(id)), await say(prompt), await say(asked)];
  await say(callEvent('c1'));
  await governor.pause(session, 'lunch', 'ada');
  expect(await three('c2')).toEqual([refused, refused, refused]);
  expect(governor.sessions()).toMatchObject([{ state: 'paused', paused: { by: 'ada', reason: 'lunch' } }]);
  await governor.resume(session, 'ada');
  expect(await three('c3')).toMatchObject([passed, passed, passed]);
  expect(governor.sessions()).toMatchObject([{ state: 'busy' }]);
});

test('one session only: another one goes on', async () => {
  const { say, governor } = bench();
  await say(callEvent('c1'));
  await governor.pause('s1', 'lunch', 'ada');
  expect(await say(callEvent('c1', {}, 's2'))).toMatchObject(passed);
  expect(await say(callEvent('c2'))).toEqual(refused);
});

test('all: also a session that begins later', async () => {
  const { say, governor } = bench();
  await governor.pause(undefined, 'lunch', 'ada');
  expect(await say(callEvent('c1', {}, 'new'))).toEqual(refused);
});

test('resuming all also resumes what was paused by itself; one alone cannot leave the pause of all', async () => {
  const { say, governor } = bench();
  await say(callEvent('c1'));
  await governor.pause('s1', 'lunch', 'ada');
  await governor.pause(undefined, 'lunch', 'ada');
  await expect(governor.resume('s1', 'ada')).rejects.toMatchObject({ code: 'paused' });
  await governor.resume(undefined, 'ada');
  expect(await say(callEvent('c2'))).toMatchObject(passed);
});

test.each(['s1', undefined])('it outlives the governor, and holds where a hook judges alone (%s)', async (session) => {
  const ports = memoryPorts();
  const first = bench(decision(), {}, ports);
  await first.say(callEvent('c1'));
  await first.governor.pause(session, 'lunch', 'ada');
  await first.governor.dispose();
  expect(await bench(decision(), {}, ports).say(callEvent('c2'))).toEqual(refused);
  expect(await bench(decision(), { alone: true }, ports).say(callEvent('c3'))).toEqual(refused);
});

test.each(['s1', undefined])(
  'a question of a paused session can be denied, but not approved before it is resumed (%s)',
  async (session) => {
    const { say, governor } = bench(asking());
    const calls = [say(callEvent('c1')), say(callEvent('c2', { command: 'make' }))];
    await settled();
    const [first, second] = governor.approvals();
    await governor.pause(session, 'lunch', 'ada');
    await expect(governor.answer(first?.id ?? '', yes, ada)).rejects.toMatchObject({
      code: 'paused',
      message: expect.stringContaining('first'),
    });
    await governor.answer(second?.id ?? '', no, ada);
    expect(await calls[1]).toMatchObject({ kind: 'refuse', stop: false });
    await governor.resume(session, 'ada');
    await governor.answer(first?.id ?? '', yes, ada);
    expect(await calls[0]).toMatchObject({ kind: 'approve' });
  },
);

test('a call that was being decided when the pause came is refused', async () => {
  const { say, governor, ports } = bench();
  await say(callEvent('c1'));
  const append = ports.audit.append;
  const writing = Promise.withResolvers<void>();
  Object.assign(ports.audit, {
    append: async (...args: Parameters<typeof append>) => {
      if (args[0].callId === 'c2') await writing.promise;
      return append(...args);
    },
  });
  const answer = say(callEvent('c2'));
  await settled();
  await governor.pause('s1', 'lunch', 'ada');
  writing.resolve();
  expect(await answer).toEqual(refused);
});

test('both are recorded with who did it', async () => {
  const { say, governor, ports } = bench();
  await say(callEvent('c1'));
  await governor.pause('s1', 'lunch', 'ada');
  await governor.resume('s1', 'bob');
  await governor.pause(undefined, '', 'ada');
  const approver = (user: string) => expect.objectContaining({ user });
  expect(ports.audit.entries.slice(-3)).toMatchObject([
    { kind: 'session-paused', session: 's1', agent: 'plain', reason: 'lunch', approver: approver('ada') },
    { kind: 'session-resumed', session: 's1', approver: approver('bob') },
    { kind: 'session-paused', detail: { all: true } },
  ]);
  expect(ports.audit.durabilities.slice(-3)).toEqual(['synced', 'synced', 'synced']);
});

test.each<string | undefined>(['s1', undefined])(
  'what cannot be recorded is paused all the same, and not resumed (%s)',
  async (session) => {
    const { say, governor, ports } = bench();
    await say(callEvent('c1'));
    ports.audit.failure = new Error('disk full');
    await expect(governor.pause(session, 'lunch', 'ada')).rejects.toThrow('disk full');
    ports.audit.failure = undefined;
    expect(await say(callEvent('c2'))).toEqual(refused);
    ports.audit.failure = new Error('disk full');
    await expect(governor.resume(session, 'ada')).rejects.toThrow('disk full');
    ports.audit.failure = undefined;
    expect(await say(callEvent('c3'))).toEqual(refused);
  },
);

test('a session nobody heard of, or that was killed, cannot be paused', async () => {
  const { say, governor } = bench();
  await expect(governor.pause('nobody', '', 'ada')).rejects.toMatchObject({ code: 'not-found' });
  await say(callEvent('c1'));
  await governor.kill('s1', '', 'ada');
  await expect(governor.pause('s1', '', 'ada')).rejects.toMatchObject({ code: 'not-allowed' });
});

test('a killed session that is revived stays paused', async () => {
  const { say, governor } = bench();
  await say(callEvent('c1'));
  await governor.pause('s1', 'lunch', 'ada');
  await governor.kill('s1', '', 'ada');
  await governor.revive('s1', 'ada');
  expect(await say(callEvent('c2'))).toEqual(refused);
});

test('a message that comes on two ways is recorded once', async () => {
  const { say, governor, ports } = bench();
  await say(callEvent('c1'));
  await governor.pause('s1', 'lunch', 'ada');
  const before = ports.audit.entries.length;
  expect(await say(callEvent('c2'))).toEqual(refused);
  expect(answerIn(await governor.hook('plain', callEvent('c2'), { via: 'command', paired: true }))).toEqual(refused);
  expect(ports.audit.entries.length - before).toBe(1);
});
