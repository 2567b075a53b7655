import { expect, test } from 'vitest';
import type { Agent } from '../../src/agents/agent.ts';
import { Governor } from '../../src/governor/governor.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { ada, answerIn, asking, callEvent, no, plainAgent, resultEvent, settled, yes } from './fixture.ts';

const waits = 50_000;

/** An agent whose client waits for a minute, and lets a call run then. */
function impatient(over: Partial<Agent> = {}) {
  const ports = memoryPorts();
  const agent = { ...plainAgent, waits, ...over };
  const governor = new Governor(ports, new Map([['plain', agent]]), { decide: () => asking(), weakens: () => undefined });
  const say = async (message: unknown, waitedMs?: number) =>
    answerIn(await governor.hook('plain', message, { via: 'command', ...(waitedMs === undefined ? {} : { waitedMs }) }));
  return { ports, governor, say };
}

test('a question is refused before the client stops waiting, and stays open', async () => {
  const { ports, governor, say } = impatient();
  const answer = say(callEvent('c1'));
  await settled();
  ports.clock.advance(waits - 1);
  await settled();
  expect(governor.approvals()).toMatchObject([{ waiting: true }]);
  ports.clock.advance(1);
  expect(await answer).toMatchObject({ kind: 'refuse', stop: false, reason: expect.stringContaining('then try again') });
  expect(governor.approvals()).toMatchObject([{ waiting: false }]);
  expect(ports.audit.entries.at(-1)).toMatchObject({ kind: 'decision', action: 'deny' });
});

test('what its hook has waited already counts', async () => {
  const { ports, say } = impatient();
  const answer = say(callEvent('c1'), 20_000);
  await settled();
  ports.clock.advance(waits - 20_000);
  expect((await answer).kind).toBe('refuse');
});

test('approved meanwhile, the same call passes once without asking again', async () => {
  const { ports, governor, say } = impatient();
  const answer = say(callEvent('c1'));
  await settled();
  ports.clock.advance(waits);
  await answer;
  await governor.answer(governor.approvals()[0]?.id ?? '', yes, ada);
  expect(await say(callEvent('c2'))).toMatchObject({ kind: 'approve' });
  const again = say(callEvent('c3'));
  await settled();
  expect(governor.approvals()).toHaveLength(1);
  await governor.answer(governor.approvals()[0]?.id ?? '', no, ada);
  expect((await again).kind).toBe('refuse');
});

test('a retry while the question is still open waits for the same one', async () => {
  const { ports, governor, say } = impatient();
  const first = say(callEvent('c1'));
  await settled();
  ports.clock.advance(waits);
  await first;
  const [asked] = governor.approvals();
  const second = say(callEvent('c2'));
  await settled();
  expect(governor.approvals()).toMatchObject([{ id: asked?.id, waiting: true, callId: 'c2' }]);
  await governor.answer(asked?.id ?? '', yes, ada);
  expect(await second).toMatchObject({ kind: 'approve' });
});

test('an approval in the last moment is not lost', async () => {
  const { ports, governor, say } = impatient();
  const answer = say(callEvent('c1'));
  await settled();
  ports.clock.advance(waits - 1);
  const answered = governor.answer(governor.approvals()[0]?.id ?? '', yes, ada);
  ports.clock.advance(1);
  await answered;
  expect((await answer).kind).toBe('approve');
});

test('calls of an agent that does not name them are told apart, and their results belong to them', async () => {
  const { ports, governor, say } = impatient();
  for (const [outcome, kind] of [
    [yes, 'approve'],
    [no, 'refuse'],
    [yes, 'approve'],
  ] as const) {
    const answer = say(callEvent(''));
    await settled();
    await governor.answer(governor.approvals()[0]?.id ?? '', outcome, ada);
    expect((await answer).kind).toBe(kind);
  }
  await say(resultEvent(''));
  await say(resultEvent(''));
  expect(governor.incidents()).toEqual([]);
  const named = ports.audit.entries.filter(({ kind }) => kind === 'decision').map(({ callId }) => callId);
  expect(new Set(named).size).toBe(3);
  const done = ports.audit.entries.filter(({ kind }) => kind === 'outcome').map(({ callId }) => callId);
  expect(done).toEqual([named[0], named[2]]);
  // One more than was let through.
  await say(resultEvent('', 'ran', { command: 'rm' }));
  expect(governor.incidents()).toHaveLength(1);
});
