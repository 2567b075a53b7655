import { expect, test } from 'vitest';
import { MemorySpend } from '../storage/memory-spend.ts';
import { budget, budgetBench, kindsOf, waiting } from './budget-fixture.ts';
import { ada, no, origin, resultEvent, settled, yes } from './fixture.ts';

const hour = 3_600_000;

test('without a budget nothing is looked up and nothing is counted', async () => {
  const b = budgetBench([]);
  const lookedUp = () => {
    throw new Error('looked up');
  };
  const untouchable = { note: lookedUp, saveNote: lookedUp, countCall: lookedUp, saveCall: lookedUp, endCall: lookedUp };
  Object.assign(b.ports.state.budgets, untouchable);
  expect((await b.call('s1', { id: 'c1' })).kind).toBe('pass');
  await b.say(resultEvent('c1', 'failed'));
  expect(b.ports.audit.entries.map(({ kind }) => kind)).toEqual(['decision', 'outcome', 'incident']);
  expect(b.spend.asked).toBe(0);
});

test.each<[string, string, string]>([
  ['the calls of a session', '{limits: [{per: session, calls: 2}]}', 'pass pass refuse refuse'],
  ['dollars', '{limits: [{per: session, costUsd: 1}]}', 'pass pass pass pass'],
  ['another agent', '{agent: other, limits: [{per: session, calls: 2}]}', 'pass pass pass pass'],
  ['this agent', '{agent: [other, "pl*"], limits: [{per: session, calls: 2}]}', 'pass pass refuse refuse'],
  ['only watching', '{mode: observe, limits: [{per: session, calls: 2, onLimit: kill}]}', 'pass pass pass pass'],
  ['only telling', '{limits: [{per: session, calls: 2, onLimit: alert}]}', 'pass pass pass pass'],
  ['the strictest of two', '{limits: [{per: session, calls: 1, onLimit: alert}, {per: session, calls: 3}]}', 'pass pass pass refuse'],
  ['calls in a short time', '{rate: {calls: 3, per: 1m}}', 'pass pass pass refuse'],
])('a limit stops what comes after it: %s', async (_, spec, expected) => {
  const b = budgetBench([budget(spec)]);
  expect(await kindsOf(b, 4)).toBe(expected);
});

test('several sessions count toward the agent, the workspace and the user, subagents toward their session', async () => {
  const counts = async (per: string) => {
    const b = budgetBench([budget(`{limits: [{per: ${per}, calls: 2}]}`)]);
    const answers = [
      await b.call('s1', { cwd: '/a' }),
      await b.call('s2', { cwd: '/a', subagent: 'x' }),
      await b.call('s2', { cwd: '/b', subagent: 'y' }),
      await b.call('s2', { cwd: '/b' }),
    ];
    return answers.map(({ kind }) => kind).join(' ');
  };
  expect(await counts('session')).toBe('pass pass pass refuse');
  expect(await counts('workspace')).toBe('pass pass pass pass');
  expect(await counts('agent')).toBe('pass pass refuse refuse');
  expect(await counts('user')).toBe('pass pass refuse refuse');
  expect(await counts('agent/hour')).toBe('pass pass refuse refuse');
});

test('calls are counted through restarts, until their window ends in the time zone of the person', async () => {
  const b = budgetBench([budget('{limits: [{per: day, calls: 2}]}')], { zone: 'Asia/Tokyo' });
  b.ports.clock.advance(14 * hour);
  expect(await kindsOf(b, 1)).toBe('pass');
  const again = b.restarted();
  expect(await kindsOf(again, 2)).toBe('pass refuse');
  again.ports.clock.advance(hour - 1);
  expect(await kindsOf(again, 1)).toBe('refuse');
  again.ports.clock.advance(1);
  expect(await kindsOf(again, 3)).toBe('pass pass refuse');
});

test('what was spent counts in its scope and window', async () => {
  const b = budgetBench([budget('{limits: [{per: session, costUsd: 5}, {per: day, tokens: 1000}]}')]);
  const now = b.ports.clock.now();
  b.spend.add({ usd: 4.99, tokens: 999, at: now });
  b.spend.add({ usd: 3, tokens: 500, at: now - 1, session: 's2' });
  expect((await b.call()).kind).toBe('pass');
  b.spend.add({ usd: 0.01, at: now });
  expect(await b.call()).toMatchObject({
    kind: 'refuse',
    stop: false,
    reason: expect.stringContaining('$5.00 of $5.00 spent in this session'),
  });
  expect((await b.call('s2')).kind).toBe('pass');
  b.spend.add({ tokens: 1, at: now, session: 's3' });
  expect(await b.call('s2')).toMatchObject({
    kind: 'refuse',
    reason: expect.stringContaining('1,000 of 1,000 tokens used by ada today'),
  });
  b.ports.clock.advance(24 * hour);
  expect((await b.call('s2')).kind).toBe('pass');
});

test.each<[string, MemorySpend | null, string]>([
  ['nothing reads the records', null, 'refuse'],
  ['the records cannot be read', Object.assign(new MemorySpend(), { failure: new Error('gone') }), 'refuse'],
])('what cannot be counted does not run: %s', async (_, source, expected) => {
  for (const unit of ['tokens', 'costUsd']) {
    const b = budgetBench([budget(`{limits: [{per: day, ${unit}: 1000, onLimit: require_approval}]}`)], { source });
    expect(await b.call()).toMatchObject({ kind: expected, reason: expect.stringContaining('cannot be counted') });
    expect(b.ports.audit.entries.at(-1)).toMatchObject({ kind: 'decision', action: 'deny' });
  }
  expect(await kindsOf(budgetBench([budget('{limits: [{per: day, calls: 1}]}')], { source }), 2)).toBe('pass refuse');
  expect(await kindsOf(budgetBench([budget('{limits: [{per: day, tokens: 1, onLimit: alert}]}')], { source }), 1)).toBe('pass');
});

test('a call whose response the agent has not recorded yet does not run', async () => {
  const b = budgetBench([budget('{limits: [{per: session, tokens: 10}]}')], { isRecorded: ({ id }) => Promise.resolve(id === 'c1') });
  expect((await b.call('s1', { id: 'c1' })).kind).toBe('pass');
  expect(await b.call('s1', { id: 'c2' })).toMatchObject({
    kind: 'refuse',
    reason: expect.stringContaining('has not recorded the response'),
  });
  b.ports.policies.use({ files: [budget('{limits: [{per: session, calls: 9}]}')] });
  expect((await b.call('s1', { id: 'c3' })).kind).toBe('pass');
});

test('records that take too long to be read refuse the call', async () => {
  const b = budgetBench([budget('{limits: [{per: day, tokens: 1000}]}')], {
    source: Object.assign(new MemorySpend(), { sums: () => new Promise<never>(() => undefined) }),
  });
  const answer = b.call();
  await settled();
  b.ports.clock.advance(20_000);
  expect(await answer).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('too long') });
});

test('judging alone counts calls in the same state, and refuses what needs a person', async () => {
  const b = budgetBench([budget('{limits: [{per: user, calls: 1, onLimit: require_approval}]}')]);
  expect((await b.call()).kind).toBe('pass');
  const alone = budgetBench([budget('{limits: [{per: user, calls: 1, onLimit: require_approval}]}')], { ports: b.ports, alone: true });
  expect(await alone.call()).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('nobody can be asked') });
});

test('thresholds are told once each in a window, also after a restart', async () => {
  const b = budgetBench([budget('{limits: [{per: day, calls: 10, onLimit: alert, alertAt: [20%, 80%]}]}')]);
  await kindsOf(b, 4);
  await kindsOf(b.restarted(), 8);
  expect(b.budgetEntries()).toEqual([
    'alert: Budget "b": 2 of 10 calls made by ada today, more than 20 %.',
    'alert: Budget "b": 8 of 10 calls made by ada today, more than 80 %.',
    'reached: Budget "b": 10 of 10 calls made by ada today.',
  ]);
  b.ports.clock.advance(24 * hour);
  await kindsOf(b, 3);
  expect(b.budgetEntries()).toHaveLength(4);
});

test('what is told is before a person’s eyes until its window ends', async () => {
  const told: number[] = [];
  const b = budgetBench([budget('{limits: [{per: hour, calls: 2, onLimit: alert, alertAt: [50%]}]}')], { onProblems: () => told.push(1) });
  await kindsOf(b, 2);
  expect(b.governor.problems()).toMatchObject([{ message: 'Budget "b": 1 of 2 calls made by ada this hour, more than 50 %.' }]);
  await kindsOf(b, 1);
  expect(b.governor.problems()).toMatchObject([{ message: 'Budget "b": 2 of 2 calls made by ada this hour.' }]);
  expect(told).toHaveLength(2);
  b.ports.clock.advance(hour);
  expect(b.governor.problems()).toEqual([]);
});

test('an entry that cannot be written refuses the call, and is told with the next', async () => {
  const b = budgetBench([budget('{limits: [{per: hour, calls: 2, onLimit: alert, alertAt: [50%]}]}')]);
  await kindsOf(b, 1);
  b.ports.audit.failure = new Error('full');
  expect((await b.call()).kind).toBe('refuse');
  b.ports.audit.failure = undefined;
  await b.call();
  expect(b.budgetEntries()).toHaveLength(1);
});

test('an approval past a limit raises it once, by what it says, in the name of the person, also after a restart', async () => {
  const b = budgetBench([budget('{limits: [{per: session, costUsd: 5, onLimit: require_approval}]}')]);
  b.spend.add({ usd: 6.3 });
  const [answer] = await waiting(b, b.call());
  const [approval] = b.open();
  expect(approval?.reason).toBe('Budget "b": $6.30 of $5.00 spent in this session. Approving raises the limit by $2.50 to $7.50, once.');
  await b.governor.answer(approval?.id ?? '', yes, ada);
  expect(await answer).toMatchObject({ kind: 'approve' });
  expect(b.ports.audit.entries.find(({ detail }) => detail?.['event'] === 'raised')).toMatchObject({
    approver: ada,
    reason: 'ada raises the limit by $2.50 to $7.50, once (budget "b", session-costUsd).',
  });
  const again = b.restarted();
  b.spend.add({ usd: 1.1 });
  expect(await kindsOf(again, 1)).toBe('pass');
  b.spend.add({ usd: 0.1 });
  const [next] = await waiting(again, again.call());
  expect(again.open()[0]?.reason).toContain('$7.50 of $7.50 spent in this session. Approving raises the limit by $1.25 to $8.75');
  await again.governor.answer(again.open()[0]?.id ?? '', no, ada);
  expect(await next).toMatchObject({ kind: 'refuse' });
  expect(again.open()).toEqual([]);
});

test('other calls that wait for the same limit go on when one raise is enough for them, the others keep waiting', async () => {
  const b = budgetBench([budget('{limits: [{per: user, calls: 4, onLimit: require_approval}]}')]);
  await kindsOf(b, 4);
  const calls = await waiting(b, b.call('s1'), b.call('s2'), b.call('s3'));
  const to = (amount: string) => b.open().find(({ reason }) => reason.includes(` to ${amount} calls, once`))?.id ?? '';
  expect([to('5'), to('6'), to('7')]).not.toContain('');
  await b.governor.answer(to('6'), yes, ada);
  expect((await Promise.all(calls.slice(0, 2))).map(({ kind }) => kind)).toEqual(['approve', 'approve']);
  expect(b.open().map(({ id }) => id)).toEqual([to('7')]);
  expect(b.budgetEntries().filter((text) => text.startsWith('raised'))).toHaveLength(1);
  await b.governor.answer(b.open()[0]?.id ?? '', no, ada);
  expect((await calls[2])?.kind).toBe('refuse');
});

test('a question of a policy still waits when a limit is raised', async () => {
  const policy = (await import('../engine/policy/policies.ts')).goodPolicy(['name: ask, tools: shell, action: require_approval']);
  const { decide } = await import('../../src/engine/policy/decide.ts');
  const files = [budget('{limits: [{per: user, calls: 1, onLimit: require_approval}]}'), policy];
  const b = budgetBench(files, { decide });
  const [first] = await waiting(b, b.call('s1'));
  await b.governor.answer(b.open()[0]?.id ?? '', { ...yes, scope: 'session' }, ada);
  await first;
  void (await waiting(b, b.call('s1'), b.call('s2')));
  const [one, other] = b.open();
  expect(one?.rules.map(({ rule }) => rule)).toEqual(['ask', 'user-calls']);
  await b.governor.answer(one?.id ?? '', yes, ada);
  expect(b.open()).toEqual([other]);
});

test('consent for the session does not let calls pass a limit that is reached later', async () => {
  const b = budgetBench([budget('{limits: [{per: user, calls: 1, onLimit: require_approval}]}')]);
  await b.call('s1', { command: 'same' });
  for (const to of ['2', '3']) {
    const [answer] = await waiting(b, b.call('s1', { command: 'same' }));
    expect(b.open()[0]?.reason).toContain(`to ${to} calls, once`);
    await b.governor.answer(b.open()[0]?.id ?? '', { ...yes, scope: 'session' }, ada);
    expect((await answer)?.kind).toBe('approve');
  }
});

test('a question that outlived its governor still raises the limit', async () => {
  const b = budgetBench([budget('{limits: [{per: session, costUsd: 1, onLimit: require_approval}]}')]);
  b.spend.add({ usd: 1 });
  const [held] = await waiting(b, b.call());
  await b.governor.dispose();
  expect((await held)?.kind).toBe('refuse');
  const again = b.restarted();
  await again.governor.answer(again.open()[0]?.id ?? '', yes, ada);
  expect(await kindsOf(again, 1)).toBe('pass');
});

test('tokens without a price under a limit in dollars ask once', async () => {
  const b = budgetBench([budget('{limits: [{per: session, costUsd: 1, onLimit: kill}]}')]);
  b.spend.add({ usd: 0.5, unpricedTokens: 3000 });
  const [answer] = await waiting(b, b.call());
  expect(b.open()[0]?.reason).toBe(
    'Budget "b": 3,000 tokens used in this session have no price, so the dollars cannot be counted. Set a price for the model. Approving lets tokens without a price go uncounted.',
  );
  await b.governor.answer(b.open()[0]?.id ?? '', yes, ada);
  expect((await answer)?.kind).toBe('approve');
  b.spend.add({ unpricedTokens: 1 });
  expect(await kindsOf(b.restarted(), 1)).toBe('pass');
  b.spend.add({ usd: 0.5 });
  expect(await kindsOf(b, 1)).toBe('refuse');
});

test('a sum that may be higher is told as such', async () => {
  const b = budgetBench([budget('{limits: [{per: session, tokens: 10}]}')]);
  b.spend.add({ tokens: 11, isLowerBound: true });
  expect(await b.call()).toMatchObject({ reason: expect.stringContaining('at least 11 of 10 tokens used') });
});

test('a limit that kills ends the session: its process, and every call after that', async () => {
  const b = budgetBench([budget('{limits: [{per: session, calls: 2, onLimit: kill}]}')]);
  b.ports.processes.start('plain', 's1', { pid: 7, start: '1' });
  await kindsOf(b, 2);
  const answers = await Promise.all([b.call(), b.call()]);
  expect(answers).toMatchObject([
    { kind: 'refuse', stop: true, reason: expect.stringContaining('2 of 2 calls made in this session. That ends the session.') },
    { kind: 'refuse', stop: true },
  ]);
  await settled();
  expect(b.ports.processes.isAlive({ pid: 7, start: '1' })).toBe(false);
  expect(b.governor.sessions()).toMatchObject([{ id: 's1', state: 'killed', killed: { by: 'Countersign' } }]);
  expect(b.ports.audit.entries.filter(({ kind }) => kind === 'session-killed')).toHaveLength(1);
  expect(await b.restarted().call()).toMatchObject({ kind: 'refuse', stop: true });
});

test('a limit that kills tells, and ends nothing, where a person only observes', async () => {
  const file = budget('{limits: [{per: session, calls: 1, onLimit: kill}]}');
  const b = budgetBench([{ ...file, onlyObserves: true }]);
  expect([(await b.call()).kind, (await b.call()).kind]).toEqual(['pass', 'pass']);
  expect(b.ports.audit.entries.at(-1)).toMatchObject({ kind: 'decision', action: 'deny', mode: 'observe' });
  expect(b.ports.audit.entries.filter(({ kind }) => kind === 'budget')).toMatchObject([{ mode: 'observe' }]);
});

test('a session that is killed while its spend is looked up stays killed', async () => {
  const spend = new MemorySpend();
  const b = budgetBench([budget('{limits: [{per: session, tokens: 10}]}')], { source: spend });
  await b.call();
  const gate = Promise.withResolvers<void>();
  const sums = spend.sums;
  Object.assign(spend, { sums: (scopes: Parameters<typeof sums>[0]) => gate.promise.then(() => sums(scopes)) });
  const answer = b.call();
  await settled();
  await b.governor.kill('s1', 'enough', 'ada');
  gate.resolve();
  expect(await answer).toMatchObject({ kind: 'refuse', stop: true });
  expect(b.governor.sessions()).toMatchObject([{ state: 'killed' }]);
});

test('calls at once do not slip past a limit together', async () => {
  const b = budgetBench([budget('{limits: [{per: user, calls: 3}, {per: user, tokens: 100}]}')]);
  const answers = await Promise.all(['s1', 's2', 's1', 's2', 's3'].map((session) => b.call(session)));
  expect(answers.filter(({ kind }) => kind === 'pass')).toHaveLength(3);
  expect(
    b.governor
      .sessions()
      .map(({ id, calls }) => `${id} ${calls}`)
      .sort(),
  ).toEqual(['s1 2', 's2 2', 's3 1']);
});

test('a repeated message counts once', async () => {
  const b = budgetBench([budget('{limits: [{per: user, calls: 2}]}')]);
  await b.call('s1', { id: 'same', command: 'x' });
  await b.call('s1', { id: 'same', command: 'x' });
  expect(await kindsOf(b, 2)).toBe('pass refuse');
});

test('an exempted limit is recorded and has no say', async () => {
  const mine = (await import('../engine/policy/policies.ts')).goodPolicy([], {
    name: 'mine',
    top: 'exempt: [{rule: "b/session-*", reason: today}]',
  });
  const limits = budget('{limits: [{per: session, calls: 1, onLimit: kill}]}', { layer: 'workspace' });
  const b = budgetBench([limits, mine]);
  expect(await kindsOf(b, 2)).toBe('pass pass');
  expect(b.ports.audit.entries.at(-1)?.observed).toMatchObject([{ policy: 'b', rule: 'session-calls', exemption: { grantedBy: 'mine' } }]);
  expect(b.budgetEntries()).toEqual([]);
});

test('a budget only watches: it is recorded what it would have done, and nobody is bothered', async () => {
  const b = budgetBench([budget('{mode: observe, limits: [{per: session, calls: 1, onLimit: require_approval}]}')]);
  await kindsOf(b, 2);
  expect(b.ports.audit.entries.at(-1)).toMatchObject({
    mode: 'observe',
    action: 'require_approval',
    observed: [{ rule: 'session-calls' }],
  });
  expect(b.budgetEntries()).toHaveLength(1);
  expect(b.governor.problems()).toEqual([]);
});

test('what the last answer of a turn cost is told when the turn ends', async () => {
  const b = budgetBench([budget('{limits: [{per: session, costUsd: 1, onLimit: kill, alertAt: [50%]}]}')]);
  await b.call();
  b.spend.add({ usd: 0.6 });
  expect(await b.say({ kind: 'turn-end', origin: origin('stop') })).toMatchObject({ kind: 'pass' });
  b.spend.add({ usd: 0.6 });
  await b.say({ kind: 'turn-end', origin: origin('stop') });
  expect(b.budgetEntries().map((text) => text.split(':')[0])).toEqual(['alert', 'reached']);
  expect(b.governor.sessions()).toMatchObject([{ state: 'idle' }]);
});

test('how every limit stands, each once however many sessions share it', async () => {
  const spec =
    '{limits: [{per: session, calls: 4, onLimit: kill}, {per: day, costUsd: 2, onLimit: require_approval, alertAt: [50%]}, {per: user, calls: 9}]}';
  const b = budgetBench([budget(spec), budget('{agent: other, limits: [{per: user, calls: 1}]}', { name: 'other' })]);
  b.spend.add({ usd: 2, at: b.ports.clock.now() });
  const [held] = await waiting(b, b.call('s1'));
  await b.governor.answer(b.open()[0]?.id ?? '', yes, ada);
  await held;
  await b.call('s2');
  const common = { policy: 'b', raisedBy: 0, isLowerBound: false };
  expect((await b.governor.budgets()).toSorted((a, c) => a.subject.localeCompare(c.subject) || a.unit.localeCompare(c.unit))).toEqual([
    { ...common, per: 'user', subject: 'ada', window: 'total', unit: 'calls', used: 2, limit: 9, onLimit: 'deny', alertAt: [] },
    {
      ...common,
      per: 'user',
      subject: 'ada',
      window: 'day',
      unit: 'usd',
      used: 2,
      limit: 2.5,
      raisedBy: 0.5,
      onLimit: 'require_approval',
      alertAt: [0.5],
      resetsAt: b.ports.clock.now() + 24 * hour,
    },
    { ...common, per: 'session', subject: 's1', window: 'total', unit: 'calls', used: 1, limit: 4, onLimit: 'kill', alertAt: [] },
    { ...common, per: 'session', subject: 's2', window: 'total', unit: 'calls', used: 1, limit: 4, onLimit: 'kill', alertAt: [] },
  ]);
  b.spend.failure = new Error('gone');
  expect((await b.governor.budgets()).find(({ unit }) => unit === 'usd')).toMatchObject({ used: 0, isLowerBound: true });
});
