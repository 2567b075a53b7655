import { expect, test } from 'vitest';
import type { HookEvent } from '../../src/agents/agent.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { bench, callEvent, decision, origin, type Bench } from './fixture.ts';

const canary = { session: 'canary', callId: 'c1' };
const reason = 'Not for agents.';
const refusing = decision({ action: 'deny', reason });
const prompt: HookEvent = { kind: 'prompt', origin: origin('prompt'), promptId: 'p1', text: 'go' };

async function call(lab: Bench, id = canary.callId): Promise<void> {
  await lab.say({ kind: 'session-start', origin: origin('start', canary.session), source: 'startup' });
  await lab.say(callEvent(id, {}, canary.session));
}

test('a refusal that its client told of proves the session that it stands for', async () => {
  const lab = bench(refusing);
  await lab.say(prompt);
  lab.governor.beginCanary(canary);
  await call(lab);
  const heard = `hook error: ${reason}`;
  expect(lab.governor.endCanary({ ...canary, heard, about: 's1' })).toMatchObject({ by: 'canary' });
  expect(lab.governor.sessions()).toMatchObject([{ id: 's1', calls: 0, proven: { by: 'canary' } }]);
});

test.each([
  ['no call was made', {}, 'made no call'],
  ['it could not be started', { fault: 'no such program.' }, 'could not be tried: no such program.'],
  ['the client told of another outcome', { heard: 'File does not exist.' }, 'was not told'],
])('%s: not proven', async (_, end, problem) => {
  const lab = bench(refusing);
  await lab.say(prompt);
  lab.governor.beginCanary(canary);
  await call(lab);
  expect(lab.governor.endCanary({ ...canary, ...end, about: 's1' })).toEqual({ problem: expect.stringContaining(problem) });
  expect(lab.governor.sessions()).toMatchObject([{ id: 's1', proven: { problem: expect.stringContaining(problem) } }]);
});

test('a call that never reached us, or that was let through, proves nothing', async () => {
  const unheard = bench(refusing);
  unheard.governor.beginCanary(canary);
  expect(unheard.governor.endCanary({ ...canary, heard: reason })).toEqual({ problem: expect.stringContaining('did not bring') });
  const lax = bench(decision({ reason }));
  lax.governor.beginCanary(canary);
  await call(lax);
  expect(lax.governor.endCanary({ ...canary, heard: reason })).toEqual({ problem: expect.stringContaining('was not told') });
});

test('a canary is in the log, and nowhere else; only its one call does not count', async () => {
  const lab = bench(decision({ action: 'deny', reason, counted: ['rate'] }));
  lab.governor.beginCanary(canary);
  await call(lab);
  expect(lab.governor.sessions()).toEqual([]);
  expect(lab.ports.state.sessions()).toEqual([]);
  expect(lab.ports.state.countRate('rate', 0)).toBe(0);
  expect(lab.governor.activity(9).map(({ entry }) => entry.kind)).toEqual(['decision', 'session-start']);
  await lab.say(callEvent('another', {}, canary.session));
  expect(lab.ports.state.countRate('rate', 0)).toBe(1);
});

test('what is there already cannot be hidden, and one that never ends is hidden for two minutes', async () => {
  const lab = bench(refusing);
  await lab.say(prompt);
  expect(() => lab.governor.beginCanary({ session: 's1', callId: 'c1' })).toThrow('There is a session s1 already.');
  lab.governor.beginCanary(canary);
  lab.ports.clock.advance(121_000);
  await call(lab);
  expect(lab.governor.sessions().map(({ id }) => id)).toContain(canary.session);
});

test('its process is not taken for an agent, neither while it runs nor in what was last seen of it', async () => {
  const seen = { agent: 'plain', session: canary.session, process: { pid: 40, start: '7' }, cwd: '/w', startedAt: 0 };
  const lab = bench(refusing, {}, { ...memoryPorts(), sightings: { all: async () => [seen] } });
  lab.governor.beginCanary(canary);
  await lab.governor.look();
  expect(lab.governor.inSight()).toEqual([]);
  lab.governor.endCanary(canary);
  expect(lab.governor.inSight()).toEqual([]);
  lab.ports.clock.advance(6_000);
  expect(lab.governor.inSight()).toHaveLength(1);
});
