import { expect, test } from 'vitest';
import type { Sighting } from '../../src/governor/ports.ts';
import type { SessionInSight } from '../../src/governor/sight.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { bench, callEvent, origin, settled, type Bench } from './fixture.ts';

const start = Date.UTC(2026, 0, 1);

/** A machine on which these agents run, and a governor that sees them. */
function place(seen: Sighting[] = []): Bench & { readonly seen: Sighting[]; readonly look: () => Promise<readonly SessionInSight[]> } {
  const lab = bench(undefined, {}, { ...memoryPorts(), sightings: { all: async () => [...seen] } });
  const look = async (): Promise<readonly SessionInSight[]> => {
    await lab.governor.look();
    return lab.governor.inSight();
  };
  return { ...lab, seen, look };
}

function sighting(over: Partial<Sighting> = {}): Sighting {
  return { agent: 'plain', session: 's1', process: { pid: 40, start: '7' }, cwd: '/w', startedAt: start - 60_000, ...over };
}

const start1 = { kind: 'session-start', origin: origin('start'), source: 'startup' } as const;

test('an agent that no hook told of is in sight, as not governed since it started', async () => {
  const { look } = place([sighting({ doing: 'busy', mode: 'plan', version: '2.1.329', model: 'claude-opus-5', place: { tty: 'pts/3' } })]);
  expect(await look()).toEqual([
    {
      agent: 'plain',
      id: 's1',
      cwd: '/w',
      mode: 'plan',
      interactive: true,
      startedAt: start - 60_000,
      lastSeenAt: start - 60_000,
      calls: 0,
      denials: 0,
      pid: 40,
      processStart: '7',
      pending: 0,
      state: 'busy',
      governed: { by: 'none', since: start - 60_000 },
      version: '2.1.329',
      model: 'claude-opus-5',
      place: { tty: 'pts/3' },
    },
  ]);
});

test('one that has just started has a moment to say hello; who watches is told when it has passed', async () => {
  const { look, ports, governor } = place([sighting({ startedAt: start })]);
  const told: unknown[] = [];
  governor.subscribe((change) => change.push === 'sessions' && told.push(...change.sessions.map(({ governed }) => governed.by)));
  expect(await look()).toEqual([]);
  ports.clock.advance(1_000);
  expect(told).toEqual([]);
  ports.clock.advance(300);
  expect(told).toEqual(['none']);
});

test('a session that says hello is one row, governed by what its settings hold, since that moment', async () => {
  const { look, say } = place([sighting({ hooks: 'plugin', doing: 'asking' })]);
  await say(start1);
  expect(await look()).toMatchObject([{ id: 's1', state: 'asking', governed: { by: 'plugin', since: start } }]);
  await say(callEvent('c1'));
  expect(await look()).toMatchObject([{ state: 'busy', calls: 1, lastCallAt: start }]);
});

test.each([
  [{ via: 'http' }, 'plugin'],
  [{ via: 'command' }, 'command-hook'],
  [{ via: 'command', paired: true }, 'plugin'],
] as const)('a session whose calls come as %j is governed by: %s', async (context, by) => {
  const { look, governor } = place([sighting({ hooks: 'plugin' })]);
  await governor.hook('plain', start1, { via: 'command' });
  const call = governor.hook('plain', callEvent('c1'), context);
  if ('paired' in context) await governor.hook('plain', callEvent('c1'), { via: 'http' });
  await call;
  expect(await look()).toMatchObject([{ governed: { by } }]);
});

test('who put the hooks there is not always known', async () => {
  const { look, say } = place([]);
  await say(start1);
  expect(await look()).toMatchObject([{ governed: { by: 'hooks' } }]);
});

test('a session that ended and runs again without a word is not governed any more', async () => {
  const { look, say, seen, ports } = place();
  await say(start1);
  await say({ kind: 'session-end', origin: origin('end'), reason: 'exit' });
  seen.push(sighting({ hooks: 'plugin', startedAt: start - 60_000 }));
  expect(await look()).toMatchObject([{ state: 'ended', governed: { by: 'plugin' } }]);
  ports.clock.advance(60_000);
  seen[0] = sighting({ hooks: 'plugin', startedAt: start + 50_000, process: { pid: 41, start: '8' } });
  expect(await look()).toMatchObject([{ id: 's1', state: 'idle', governed: { by: 'none', since: start + 50_000 } }]);
  await say(callEvent('c1'));
  expect(await look()).toMatchObject([{ id: 's1', state: 'busy', governed: { by: 'plugin' } }]);
});

test('subagents are listed while they run, with their calls; what comes on two ways counts once', async () => {
  const { look, say, governor } = place();
  const from = { ...origin('sub'), subagent: { id: 'a1', type: 'Explore' } };
  await say(start1);
  await say({ kind: 'subagent-start', origin: from });
  const call = { ...callEvent('c1'), origin: from };
  await Promise.all([say(call), governor.hook('plain', call, { via: 'command', paired: true })]);
  expect(await look()).toMatchObject([{ subagents: [{ id: 'a1', type: 'Explore', calls: 1, since: start }] }]);
  await say({ kind: 'subagent-end', origin: from });
  expect((await look())[0]).not.toHaveProperty('subagents');
});

const { session: _, ...nameless } = sighting({ agent: 'codex' });

test('an agent that does not name its session goes by its process, and can be killed', async () => {
  const { look, governor, ports, seen } = place([nameless]);
  const id = 'codex-40-7';
  expect(await look()).toMatchObject([{ agent: 'codex', id }]);
  ports.processes.start('codex', '', nameless.process);
  const killed = await governor.kill(id, 'enough', 'ada');
  expect(killed.ended).toEqual([40]);
  seen.pop();
  expect(await look()).toMatchObject([{ id, state: 'killed', killed: { by: 'ada' } }]);
  ports.clock.advance(25 * 60 * 60_000);
  expect(await look()).toEqual([]);
});

test('who watches hears of what changed on the machine, and of nothing while nothing does', async () => {
  const { look, governor, seen, ports } = place();
  const told: number[] = [];
  governor.subscribe((change) => change.push === 'sessions' && told.push(change.sessions.length));
  seen.push(sighting());
  await look();
  ports.clock.advance(100);
  await look();
  ports.clock.advance(100);
  seen.pop();
  await look();
  ports.clock.advance(100);
  expect(told).toEqual([1, 0]);
});

test('what was seen is not kept while nobody looks', async () => {
  const { look, governor } = place([sighting()]);
  await look();
  governor.lookAway();
  await settled();
  expect(governor.inSight()).toEqual([]);
});

test.each([
  ['it itself', 40],
  ['a program that it started', 41],
])('an agent that does not say what it calls its session is that of the hooks which %s started', async (_who, pid) => {
  const { session: _named, ...silent } = sighting({ inner: [{ pid: 41, start: '8' }], version: '0.24.4' });
  const { look, say, ports, governor } = place([silent]);
  ports.processes.running.set('plain s1', { pid, start: pid === 40 ? '7' : '8', children: [] });
  expect(await look()).toMatchObject([{ id: 'plain-40-7', governed: { by: 'none' } }]);
  await governor.hook('plain', start1, { via: 'command', pid });
  expect(await look()).toMatchObject([{ id: 's1', version: '0.24.4', governed: { by: 'hooks' } }]);
  await say({ kind: 'session-end', origin: origin('end'), reason: 'exit' });
  expect(await look()).toMatchObject([{ id: 's1', state: 'ended' }]);
});

test('the process of another agent is never taken for a session', async () => {
  const { session: _named, ...silent } = sighting({ agent: 'other' });
  const { look, ports, governor } = place([silent]);
  ports.processes.running.set('plain s1', { pid: 40, start: '7', children: [] });
  await governor.hook('plain', start1, { via: 'command', pid: 40 });
  expect(await look()).toMatchObject([{ id: 's1' }, { id: 'other-40-7', governed: { by: 'none' } }]);
});

const terminal = (over: Partial<Sighting> = {}) => {
  const { session: _session, ...seen } = sighting({
    process: { pid: 50, start: '9' },
    place: { tty: 'pts/3' },
    cwd: start1.origin.cwd,
    ...over,
  });
  return seen;
};

test.each<[string, readonly Sighting[], number]>([
  ['the terminal of the session is that session', [terminal()], 1],
  ['a second one is another', [terminal(), terminal({ process: { pid: 51, start: '9' } })], 2],
  ['one in another folder is another', [terminal({ cwd: '/other' })], 2],
  ['one that came later is another', [terminal({ startedAt: start + 5_000 })], 2],
  ['what has no terminal is another', [terminal({ place: {} })], 2],
  [
    'where the process that hooks named is in sight, its terminal is another',
    [terminal(), terminal({ process: { pid: 40, start: '7' } })],
    2,
  ],
])('a session whose hooks name a server that is in nobody’s sight: %s', async (_what, shown, rows) => {
  const { look, governor, ports } = place([...shown]);
  ports.processes.running.set('plain s1', { pid: 40, start: '7', children: [] });
  await governor.hook('plain', start1, { via: 'command', pid: 40 });
  ports.clock.advance(10_000);
  expect(await look()).toHaveLength(rows);
});
