import { expect, test } from 'vitest';
import type { Change } from '../../src/governor/feed.ts';
import { ada, answerIn, asking, bench, callEvent, decision, origin, resultEvent, settled, yes } from './fixture.ts';

const prompt = { kind: 'prompt', origin: origin('prompt'), promptId: 'p', text: 'go on' } as const;
const start = { kind: 'session-start', origin: origin('start'), source: 'startup' } as const;

test('killed: every call, prompt and question is refused and the turn stopped, until revived', async () => {
  const { say, governor } = bench(decision({ action: 'allow' }));
  await say(callEvent('c1'));
  await governor.kill('s1', 'runs wild', 'ada');
  const refused = { kind: 'refuse', stop: true, reason: expect.stringContaining('runs wild') };
  const asked = { ...callEvent('', {}), kind: 'permission-request' } as const;
  expect([await say(callEvent('c1')), await say(callEvent('c2')), await say(prompt), await say(asked)]).toEqual([
    refused,
    refused,
    refused,
    refused,
  ]);
  expect(governor.sessions()).toMatchObject([{ state: 'killed', killed: { by: 'ada', reason: 'runs wild' } }]);
  await governor.revive('s1', 'ada');
  expect([await say(callEvent('c3')), await say(prompt)]).toMatchObject([{ kind: 'pass' }, { kind: 'pass' }]);
});

test('a kill is recorded with what it ended', async () => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's1', { pid: 40, start: '7' }, [41, 42]);
  await say(callEvent('c1'));
  expect(await governor.kill('s1', 'enough', 'ada')).toMatchObject({ ended: [40, 41, 42], left: [], message: '3 processes were ended.' });
  expect(ports.audit.entries.at(-1)).toMatchObject({ kind: 'session-killed', reason: 'enough', detail: { ended: [40, 41, 42] } });
  expect(ports.audit.durabilities.at(-1)).toBe('synced');
  expect(governor.sessions()).toMatchObject([{ endedAt: ports.clock.now() }]);
});

test('a process that survives is named', async () => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  ports.processes.deaf.add(40);
  await say(callEvent('c1'));
  expect((await governor.kill('s1', '', 'ada')).message).toContain('Still there: 40');
});

test('a process that cannot be ended leaves a session whose calls are refused', async () => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  Object.assign(ports.processes, { end: () => Promise.reject(new Error('no right to')) });
  await say(callEvent('c1'));
  expect((await governor.kill('s1', '', 'ada')).message).toContain('no right to');
  expect(await say(callEvent('c2'))).toMatchObject({ kind: 'refuse', stop: true });
});

test('calls are refused while the process is still ending', async () => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  Object.assign(ports.processes, { end: () => new Promise(() => undefined) });
  await say(callEvent('c1'));
  void governor.kill('s1', '', 'ada');
  expect((await say(callEvent('c2'))).kind).toBe('refuse');
});

test('a kill takes back open questions', async () => {
  const { say, governor } = bench(asking());
  const waiting = say(callEvent('c1'));
  await settled();
  await governor.kill('s1', '', 'ada');
  expect((await waiting).kind).toBe('refuse');
  expect(governor.approvals()).toEqual([]);
});

test('a kill takes back consent', async () => {
  const { say, governor, ports } = bench(asking());
  const first = say(callEvent('c1'));
  await settled();
  await governor.answer(governor.approvals()[0]?.id ?? '', { ...yes, scope: 'session' }, ada);
  await first;
  expect(ports.state.grants('s1')).toHaveLength(1);
  await governor.kill('s1', '', 'ada');
  expect(ports.state.grants('s1')).toEqual([]);
});

test('a session that went on in another process is ended there', async () => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  await say(callEvent('c1'));
  ports.processes.start('plain', 's1', { pid: 44, start: '9' });
  expect((await governor.kill('s1', '', 'ada')).ended).toEqual([44]);
});

test('a call that was being decided when its session was killed is refused', async () => {
  const { say, governor, ports } = bench(decision({ action: 'allow', autoApprove: true }));
  await say(callEvent('c1'));
  const { append } = ports.audit;
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  Object.assign(ports.audit, { append: (...entry: Parameters<typeof append>) => gate.then(() => append(...entry)) });
  const answer = say(callEvent('c2'));
  await settled();
  const killed = governor.kill('s1', '', 'ada');
  release();
  expect(await answer).toMatchObject({ kind: 'refuse', stop: true });
  await killed;
});

test('killed stays killed after a restart', async () => {
  const first = bench();
  await first.say(callEvent('c1'));
  await first.governor.kill('s1', '', 'ada');
  expect((await bench(decision(), {}, first.ports).say(callEvent('c2'))).kind).toBe('refuse');
});

test('a session that never spoke to us can be killed when its agent says it runs', async () => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's9', { pid: 50, start: '1' });
  expect((await governor.kill('s9', '', 'ada')).ended).toEqual([50]);
  expect((await say(callEvent('c1', {}, 's9'))).kind).toBe('refuse');
  await expect(governor.kill('nobody', '', 'ada')).rejects.toMatchObject({ code: 'not-found' });
});

test('a revival that cannot be written down does not happen', async () => {
  const { say, governor, ports } = bench();
  await say(callEvent('c1'));
  await governor.kill('s1', '', 'ada');
  ports.audit.failure = new Error('disk full');
  await expect(governor.revive('s1', 'ada')).rejects.toThrow('disk full');
  ports.audit.failure = undefined;
  expect((await say(callEvent('c2'))).kind).toBe('refuse');
});

test('a session is busy from a call to its result, and idle then', async () => {
  const { say, governor } = bench();
  await say(start);
  expect(governor.sessions()).toMatchObject([{ state: 'idle', calls: 0 }]);
  await say(callEvent('c1'));
  expect(governor.sessions()).toMatchObject([{ state: 'busy', calls: 1 }]);
  await say(resultEvent('c1'));
  expect(governor.sessions()).toMatchObject([{ state: 'idle' }]);
  await say(callEvent('c2'));
  await say({ kind: 'turn-end', origin: origin('stop') });
  expect(governor.sessions()).toMatchObject([{ state: 'idle', calls: 2 }]);
});

test('a session whose process is gone has ended, and lives again when it speaks', async () => {
  const { say, governor, ports } = bench();
  ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  await say(callEvent('c1'));
  ports.processes.running.clear();
  ports.clock.advance(10_000);
  expect(governor.sessions()).toMatchObject([{ state: 'ended', pid: 40 }]);
  ports.processes.start('plain', 's1', { pid: 44, start: '9' });
  await say(callEvent('c2'));
  expect(governor.sessions()).toMatchObject([{ state: 'busy', pid: 44, processStart: '9' }]);
});

test('a session that has ended takes its questions with it', async () => {
  const { say, governor } = bench(asking());
  const answer = say(callEvent('c1'));
  await settled();
  await say({ kind: 'session-end', origin: origin('end'), reason: 'logout' });
  expect((await answer).kind).toBe('refuse');
  expect(governor.sessions()).toMatchObject([{ state: 'ended', pending: 0 }]);
});

test('changes are told together, whole lists and new records', async () => {
  const { say, governor, ports } = bench();
  const changes: Change[] = [];
  const stop = governor.subscribe((change) => changes.push(change));
  await Promise.all([say(callEvent('c1')), say(callEvent('c2')), say(callEvent('c3'))]);
  expect(changes).toEqual([]);
  ports.clock.advance(25);
  expect(changes.map((change) => change.push)).toEqual(['sessions', 'activity']);
  expect(changes[1]).toMatchObject({ records: [{ seq: 3 }, { seq: 2 }, { seq: 1 }] });
  stop();
  await say(callEvent('c4'));
  ports.clock.advance(25);
  expect(changes).toHaveLength(2);
});

test('a listener that throws does not touch a decision', async () => {
  const { say, governor, ports, faults } = bench();
  governor.subscribe(() => {
    throw new Error('a window that went away');
  });
  expect((await say(callEvent('c1'))).kind).toBe('pass');
  ports.clock.advance(25);
  expect(faults).toHaveLength(1);
});

test.each(['before', 'after'])('a prompt whose HTTP twin comes %s it passes, and is recorded once', async (when) => {
  const { say, governor, ports } = bench();
  const first = when === 'before' ? await say(prompt) : undefined;
  const paired = governor.hook('plain', prompt, { via: 'command', paired: true, pid: 7 });
  await settled();
  if (first === undefined) await say(prompt);
  expect(answerIn(await paired).kind).toBe('pass');
  expect(ports.audit.entries.map(({ kind }) => kind)).toEqual(['prompt']);
});

test('a prompt whose HTTP twin does not come is refused: calls would not reach us either', async () => {
  const { say, governor, ports } = bench();
  await say({ ...prompt, promptId: 'another' });
  const paired = governor.hook('plain', prompt, { via: 'command', paired: true });
  await settled();
  ports.clock.advance(5_000);
  expect(answerIn(await paired)).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('do not reach Countersign') });
  expect(ports.audit.entries.at(-1)).toMatchObject({ kind: 'incident' });
});

test('a killed session refuses both of them', async () => {
  const { say, governor } = bench();
  await say(callEvent('c1'));
  await governor.kill('s1', 'enough', 'ada');
  expect((await say(prompt)).kind).toBe('refuse');
  expect(answerIn(await governor.hook('plain', prompt, { via: 'command', paired: true })).kind).toBe('refuse');
});
