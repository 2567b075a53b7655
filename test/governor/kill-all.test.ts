import { expect, test } from 'vitest';
import { asking, bench, callEvent, decision, settled } from './fixture.ts';

test('every session that runs is ended, governed or not, and those that are over are left alone', async () => {
  const { say, governor, ports } = bench();
  const { processes } = ports;
  processes.start('plain', 's1', { pid: 40, start: '7' }, [41]);
  processes.start('plain', 'over', { pid: 50, start: '7' });
  await say(callEvent('c1'));
  await say(callEvent('c1', {}, 'over'));
  processes.running.clear();
  governor.sweep();
  processes.start('plain', 's1', { pid: 42, start: '9' }, [43]);
  processes.start('other', 'unheard', { pid: 60, start: '7' });
  processes.strays.push({ agent: 'codex', cwd: '/w', process: { pid: 70, start: '7' } });
  const { sessions, message } = await governor.killAll('enough', 'ada');
  expect(sessions).toMatchObject([
    { session: 's1', agent: 'plain', ended: [42, 43], gone: true },
    { session: 'unheard', agent: 'other', ended: [60] },
    { session: '', agent: 'codex', ended: [70] },
  ]);
  expect(message).toBe('3 sessions killed, 4 processes ended.');
  expect(processes.agents()).toEqual([]);
  const killed = ports.audit.entries.filter(({ kind }) => kind === 'session-killed');
  expect(killed.map(({ agent, session, reason }) => [agent, session, reason])).toEqual(
    expect.arrayContaining([
      ['plain', 's1', 'enough'],
      ['other', 'unheard', 'enough'],
      ['codex', undefined, 'enough'],
    ]),
  );
});

test('all are refused their calls before the first process has ended, and when they are resumed', async () => {
  const { say, governor, ports } = bench(decision({ action: 'allow' }));
  for (const id of ['s1', 's2']) await say(callEvent('c1', {}, id));
  ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  Object.assign(ports.processes, { end: () => new Promise(() => undefined) });
  void governor.killAll('enough', 'ada');
  for (const id of ['s1', 's2']) expect(await say(callEvent('c2', {}, id))).toMatchObject({ kind: 'refuse', stop: true });
});

test('one that is started afterwards may run', async () => {
  const { say, governor } = bench();
  await say(callEvent('c1'));
  await governor.killAll('enough', 'ada');
  expect(await say(callEvent('c1', {}, 'new'))).toMatchObject({ kind: 'pass' });
  expect(await say(callEvent('c2'))).toMatchObject({ kind: 'refuse' });
});

test('questions are taken back', async () => {
  const { say, governor } = bench(asking());
  const answer = say(callEvent('c1'));
  await settled();
  await governor.killAll('enough', 'ada');
  expect((await answer).kind).toBe('refuse');
});

test('agents of others are left alone and named, and so is what survives', async () => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  ports.processes.deaf.add(40);
  const notOurs = 'it belongs to another user (uid 7)';
  ports.processes.strays.push({ agent: 'codex', cwd: '', process: { pid: 70, start: '7' }, notOurs });
  await say(callEvent('c1'));
  const { message, unreachable } = await governor.killAll('', 'ada');
  expect(unreachable).toEqual([{ pid: 70, agent: 'codex', why: notOurs }]);
  expect(message).toContain('Still there: 40 of plain');
  expect(message).toContain(`Out of reach: 70 of codex (${notOurs}).`);
  expect(ports.processes.strays).toHaveLength(1);
});

test('a killed session whose process has survived is tried again; one that is gone is not', async () => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  ports.processes.start('plain', 's2', { pid: 50, start: '7' });
  ports.processes.deaf.add(40);
  await say(callEvent('c1'));
  await say(callEvent('c1', {}, 's2'));
  await governor.killAll('', 'ada');
  ports.processes.deaf.clear();
  expect((await governor.killAll('', 'ada')).sessions).toMatchObject([{ session: 's1', ended: [40] }]);
  expect((await governor.killAll('', 'ada')).message).toBe('No session was running.');
});

test('of a session that was resumed twice both processes end', async () => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  await say(callEvent('c1'));
  ports.processes.strays.push({ agent: 'plain', session: 's1', cwd: '', process: { pid: 44, start: '8' } });
  expect(await governor.kill('s1', '', 'ada')).toMatchObject({ ended: [40, 44], gone: true });
});

/** Two sessions in one process, which several terminals share. */
async function sharing(answer: 'ends it' | Error) {
  const { say, governor, ports } = bench(decision({ action: 'allow' }));
  const server = { pid: 90, start: '7' };
  for (const id of ['s1', 's2']) ports.processes.start('plain', id, server);
  ports.processes.servers.set(server.pid, answer);
  for (const id of ['s1', 's2']) await say(callEvent('c1', {}, id));
  return { say, governor, ports, server };
}

test.each<[string, 'ends it' | Error, object]>([
  [
    'ends',
    'ends it',
    { gone: true, message: expect.stringContaining('Its work was ended in process 90, which goes on for other sessions.') },
  ],
  ['may not have ended', new Error('no answer'), { gone: false, message: expect.stringContaining('Still there: 90 (no answer).') }],
])('a session that shares its process %s, and the process and the other session go on', async (_, answer, expected) => {
  const { say, governor, ports, server } = await sharing(answer);
  expect(await governor.kill('s1', 'enough', 'ada')).toMatchObject({ ended: [], ...expected });
  expect(ports.processes.isAlive(server)).toBe(true);
  expect(await say(callEvent('c2', {}, 's1'))).toMatchObject({ kind: 'refuse', stop: true });
  expect(await say(callEvent('c2', {}, 's2'))).toMatchObject({ kind: 'pass' });
  const [killed] = ports.audit.entries.filter(({ kind }) => kind === 'session-killed');
  expect(killed?.detail).toMatchObject(answer instanceof Error ? { left: [{ pid: 90 }] } : { within: 90 });
});

test.each(['ends it' as const, new Error('no answer')])(
  'whoever kills all ends the process that sessions share, too (%s)',
  async (answer) => {
    const { governor, ports, server } = await sharing(answer);
    ports.processes.strays.push({ agent: 'plain', cwd: '', process: server, isShared: true });
    const { message, sessions } = await governor.killAll('', 'ada');
    expect(sessions.map(({ session }) => session).toSorted()).toEqual(['', 's1', 's2']);
    expect(message).toBe('3 sessions killed, 1 process ended.');
    expect(ports.processes.strays).toEqual([]);
  },
);

test.each<['audit' | 'state', string]>([
  ['audit', 'could not be recorded (disk full)'],
  ['state', 'could not be remembered (disk full): kill it again'],
])('a disk that takes nothing (%s) saves nobody, and the person hears of it', async (what, said) => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  await say(callEvent('c1'));
  const failure = new Error('disk full');
  if (what === 'audit') ports.audit.failure = failure;
  else
    Object.assign(ports.state, {
      saveSession: () => {
        throw failure;
      },
    });
  const { sessions } = await governor.killAll('', 'ada');
  expect(sessions).toMatchObject([{ ended: [40], message: expect.stringContaining(said) }]);
  expect(ports.processes.running.size).toBe(0);
});
