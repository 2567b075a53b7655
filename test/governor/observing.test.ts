import { expect, test } from 'vitest';
import { memoryPorts } from '../storage/memory-ports.ts';
import { bench, settled } from './fixture.ts';

const project = '/home/ada/project';

test('a person observes a workspace, and enforces again: in the log before it holds', async () => {
  const { ports, governor } = bench();
  const { message } = await governor.observe({ folder: project, on: true }, 'ada');
  expect(message).toMatch(/only observed in \/home\/ada\/project: none is stopped/);
  expect(governor.observing()).toEqual([{ folder: project, at: ports.clock.now(), by: 'ada' }]);
  expect((await governor.observe({ folder: project, on: false }, 'ada')).message).toMatch(/enforced again/);
  expect(governor.observing()).toEqual([]);
  expect(ports.audit.entries).toMatchObject([
    { kind: 'config-change', cwd: project, reason: expect.stringContaining('ada only observes in'), approver: { user: 'ada' } },
    { kind: 'config-change', reason: expect.stringContaining('enforced again') },
  ]);
  expect(ports.audit.durabilities).toEqual(['synced', 'synced']);
});

test('what cannot be written down is not loosened, and is tightened all the same', async () => {
  const { ports, governor } = bench();
  ports.audit.failure = new Error('disk full');
  await expect(governor.observe({ on: true }, 'ada')).rejects.toThrow('disk full');
  expect(governor.observing()).toEqual([]);
  ports.audit.failure = undefined;
  await governor.observe({ on: true }, 'ada');
  ports.audit.failure = new Error('disk full');
  await expect(governor.observe({ on: false }, 'ada')).rejects.toThrow('disk full');
  expect(governor.observing()).toEqual([]);
});

test('it ends by itself, at once for decisions and then in the log', async () => {
  const { ports, governor } = bench();
  await governor.observe({ on: true, forMs: 5_000 }, 'ada');
  ports.clock.advance(4_999);
  expect(governor.observing()).toHaveLength(1);
  ports.clock.advance(1);
  expect(governor.observing()).toEqual([]);
  ports.clock.advance(5_000);
  await settled();
  expect(ports.audit.entries.at(-1)).toMatchObject({ reason: expect.stringContaining('the time that ada gave is over') });
  expect(ports.state.observations()).toEqual([]);
});

test.each<[string, string | undefined, number]>([
  ['all of them end where everything is enforced', undefined, 0],
  ['one of them ends, and the other is named', project, 1],
])('%s', async (_, folder, left) => {
  const { governor } = bench();
  await governor.observe({ folder: project, on: true }, 'ada');
  await governor.observe({ on: true }, 'ada');
  const { message } = await governor.observe({ on: false, ...(folder === undefined ? {} : { folder }) }, 'ada');
  expect(governor.observing()).toHaveLength(left);
  expect(message.includes('still only observed everywhere')).toBe(left > 0);
});

test.each(['/home/ada', '/home', '/'])('%s is no workspace: whoever means everything says so', async (folder) => {
  const { governor } = bench();
  await expect(governor.observe({ folder, on: true }, 'ada')).rejects.toMatchObject({ code: 'not-allowed' });
});

test('it outlives the governor', async () => {
  const ports = memoryPorts();
  const first = bench(undefined, {}, ports);
  await first.governor.observe({ on: true }, 'ada');
  await first.governor.dispose();
  expect(bench(undefined, {}, ports).governor.observing()).toHaveLength(1);
});
