import { expect, test } from 'vitest';
import type { HookEvent } from '../../src/agents/agent.ts';
import { bench, callEvent, settled, type Bench } from './fixture.ts';

const { origin } = callEvent('c1');
const start: HookEvent = { kind: 'session-start', origin, source: 'startup' };
const prompt: HookEvent = { kind: 'prompt', origin, promptId: 'p1', text: 'go' };
const command = { via: 'command', pid: 7, paired: true } as const;

const proven = ({ governor }: Bench) => governor.sessions()[0]?.proven;

test('a session is proven by its start, better by a prompt on both ways, best by a call on both', async () => {
  const lab = bench();
  await lab.governor.hook('plain', start, { via: 'command', pid: 7 });
  expect(proven(lab)).toMatchObject({ by: 'start' });
  await Promise.all([lab.governor.hook('plain', prompt, command), lab.say(prompt)]);
  expect(proven(lab)).toMatchObject({ by: 'prompt' });
  await Promise.all([lab.governor.hook('plain', callEvent('c1'), command), lab.say(callEvent('c1'))]);
  expect(proven(lab)).toMatchObject({ by: 'call' });
  await lab.governor.hook('plain', start, { via: 'command', pid: 8 });
  expect(proven(lab)).toMatchObject({ by: 'start' });
});

test('what its client told of its hooks proves a session that is known, and nothing that is better proven', async () => {
  const lab = bench();
  lab.governor.hasHooks('plain', 's1');
  await lab.governor.hook('plain', start, { via: 'command', pid: 7 });
  lab.governor.hasHooks('plain', 's1');
  expect(proven(lab)).toMatchObject({ by: 'hooks' });
  await Promise.all([lab.governor.hook('plain', prompt, command), lab.say(prompt)]);
  lab.governor.hasHooks('plain', 's1');
  expect(proven(lab)).toMatchObject({ by: 'prompt' });
});

test('what comes on one way only proves nothing', async () => {
  const lab = bench();
  await lab.say(start);
  await lab.say(prompt);
  await lab.say(callEvent('c1'));
  expect(proven(lab)).toBeUndefined();
});

test('a prompt that does not come over HTTP disproves it', async () => {
  const lab = bench();
  await lab.governor.hook('plain', start, { via: 'command', pid: 7 });
  const refused = lab.governor.hook('plain', prompt, command);
  await settled();
  lab.ports.clock.advance(5_000);
  await refused;
  expect(proven(lab)).toMatchObject({ problem: expect.stringContaining('over HTTP') });
});

test('what stands in the way counts more than what was seen, and is looked for when a session starts', async () => {
  let looked = 0;
  const lab = bench(undefined, {
    obstacle: (cwd) => (looked > 1 ? `${cwd}: hooks are off` : undefined),
    lookAround: () => void (looked += 1),
  });
  await lab.governor.hook('plain', start, { via: 'command', pid: 7 });
  expect(proven(lab)).toMatchObject({ by: 'start' });
  await lab.governor.hook('plain', start, { via: 'command', pid: 7 });
  expect(proven(lab)).toEqual({ problem: `${origin.cwd}: hooks are off` });
});

test('a session that has ended proves nothing any more', async () => {
  const lab = bench();
  await lab.governor.hook('plain', start, { via: 'command', pid: 7 });
  await lab.say({ kind: 'session-end', origin, reason: 'other' });
  expect(proven(lab)).toBeUndefined();
});
