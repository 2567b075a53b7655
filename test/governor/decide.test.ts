import { expect, test } from 'vitest';
import type { Decision } from '../../src/engine/decision.ts';
import type { Weakens } from '../../src/governor/office.ts';
import { answerIn, asking, bench, callEvent, decision, origin, resultEvent } from './fixture.ts';

const deny = decision({ action: 'deny', reason: 'No.' });
const never = (): never => {
  throw new Error('broken');
};

test.each<[string, Decision, string, string]>([
  ['abstain: the agent goes on by its own rules', decision(), 'pass', 'written'],
  ['allow: no objection', decision({ action: 'allow', reason: 'Fine.' }), 'pass', 'written'],
  ['allow with autoApprove: do not ask', decision({ action: 'allow', reason: 'Fine.', autoApprove: true }), 'approve', 'written'],
  ['deny: it does not run', deny, 'refuse', 'synced'],
  ['deny that only observes: recorded, and it runs', { ...deny, mode: 'observe' }, 'pass', 'written'],
  ['a question that only observes: nobody is asked', asking({ mode: 'observe' }), 'pass', 'written'],
])('%s', async (_, decided, kind, durability) => {
  const { say, ports } = bench(decided);
  expect((await say(callEvent('c1'))).kind).toBe(kind);
  expect(ports.audit.entries).toMatchObject([
    { kind: 'decision', action: decided.action, mode: decided.mode, callId: 'c1', arguments: { command: 'ls' } },
  ]);
  expect(ports.audit.durabilities).toEqual([durability]);
});

test('the decision is in the log before the answer is given', async () => {
  const { say, ports } = bench();
  let release: () => void = () => undefined;
  const written = new Promise<void>((resolve) => (release = resolve));
  const { append } = ports.audit;
  Object.assign(ports.audit, { append: async (...entry: Parameters<typeof append>) => written.then(() => append(...entry)) });
  let answered = false;
  const answer = say(callEvent('c1')).then(() => (answered = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(answered).toBe(false);
  release();
  await answer;
  expect(ports.audit.entries).toHaveLength(1);
});

test('what cannot be written down is not allowed', async () => {
  const { say, ports, faults } = bench(decision({ action: 'allow', autoApprove: true }));
  ports.audit.failure = new Error('disk full');
  expect(await say(callEvent('c1'))).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('disk full') });
  expect(faults).not.toEqual([]);
  ports.audit.failure = undefined;
  expect((await say(callEvent('c1'))).kind).toBe('approve');
});

test('a log that does not answer is a log that cannot be written', async () => {
  const { say, ports } = bench();
  Object.assign(ports.audit, { append: () => new Promise(() => undefined) });
  const answer = say(callEvent('c1'));
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    ports.clock.advance(10_000);
  }
  expect(await answer).toMatchObject({ kind: 'refuse' });
});

test('a state that cannot be read or written refuses', async () => {
  const { say, ports } = bench();
  ports.state.failure = new Error('database is locked');
  expect(await say(callEvent('c1'))).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('database is locked') });
  expect(ports.audit.entries).toMatchObject([{ kind: 'incident', session: 's1' }]);
});

test.each<[string, (b: ReturnType<typeof bench>) => void]>([
  ['policies that cannot be read', ({ ports }) => Object.assign(ports.policies, { inForce: never })],
  ['a workspace that cannot be found', ({ ports }) => Object.assign(ports.surroundings, { workspace: never })],
  ['a user who is not known', ({ ports }) => Object.assign(ports.surroundings, { user: never })],
  ['a count that cannot be read', ({ ports }) => Object.assign(ports.state, { countRate: never })],
])('%s: a recorded denial with the fault as its reason', async (_, breakIt) => {
  const b = bench((_set, _request, usage) => decision({ counted: [String(usage.count('k', 1000))] }));
  breakIt(b);
  expect(await b.say(callEvent('c1'))).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('broken') });
  expect(b.ports.audit.entries).toMatchObject([{ kind: 'decision', action: 'deny', reason: expect.stringContaining('broken') }]);
});

test('a path that cannot be resolved denies', async () => {
  const { say, ports } = bench();
  ports.surroundings.unresolvable.add('/home/ada/project/x');
  const event = callEvent('c1');
  const touching = { ...event, call: { ...event.call, paths: { read: ['x'], write: [] } } };
  expect((await say(touching)).kind).toBe('refuse');
});

test('the engine sees resolved paths and the facts of the session', async () => {
  let seen: unknown;
  const { say, ports } = bench((_set, request) => {
    seen = request;
    return decision();
  });
  ports.surroundings.links.set('/home/ada/project/link', '/etc');
  const event = callEvent('c1');
  await say(callEvent('c0'));
  await say({ ...event, call: { ...event.call, paths: { read: ['link/passwd'], write: ['~/x'] } } });
  expect(seen).toMatchObject({
    paths: { read: ['/etc/passwd'], write: ['/home/ada/x'] },
    session: { calls: 1, interactive: true },
    user: { name: 'ada' },
  });
});

test('an engine that throws denies', async () => {
  expect(await bench(never).say(callEvent('c1'))).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('broken') });
});

test('a message that cannot be read is refused and recorded', async () => {
  const { governor, ports } = bench();
  expect(answerIn(await governor.hook('plain', 'rubbish', { via: 'http' }))).toMatchObject({
    kind: 'refuse',
    reason: expect.stringContaining('not an event'),
  });
  expect(ports.audit.entries).toMatchObject([{ kind: 'incident' }]);
});

test('an agent nobody knows gets a status and an exit code that block', async () => {
  const reply = await bench().governor.hook('nobody', {}, { via: 'command' });
  expect([reply.http.status, reply.command.exitCode]).toEqual([500, 2]);
});

test('a repeated message gets the same answer, and is not decided again', async () => {
  let asked = 0;
  const { say, ports } = bench(() => ((asked += 1), asked === 1 ? decision({ action: 'deny', reason: 'first' }) : decision()));
  const answers = [await say(callEvent('c1')), await say(callEvent('c1'))];
  expect(answers).toMatchObject([{ reason: 'first' }, { reason: 'first' }]);
  expect(ports.audit.entries).toHaveLength(1);
});

test('two identical messages at once share one decision', async () => {
  let asked = 0;
  const { say, ports } = bench(() => ((asked += 1), decision()));
  await Promise.all([say(callEvent('c1')), say(callEvent('c1'))]);
  expect([asked, ports.audit.entries.length]).toEqual([1, 1]);
});

test.each(['one after the other', 'at once'])('the same id with other arguments is refused: %s', async (how) => {
  const { say, ports } = bench();
  const first = say(callEvent('c1'));
  if (how !== 'at once') await first;
  expect(await say(callEvent('c1', { command: 'rm -rf /' }))).toMatchObject({
    kind: 'refuse',
    reason: expect.stringContaining('other arguments'),
  });
  expect((await first).kind).toBe('pass');
  expect(new Set(ports.audit.entries.map((entry) => entry.action))).toEqual(new Set(['abstain', 'deny']));
});

test('the same id in another session is another call', async () => {
  const { say } = bench();
  await say(callEvent('c1'));
  expect((await say(callEvent('c1', { command: 'pwd' }, 's2'))).kind).toBe('pass');
});

test('calls without an id are each decided', async () => {
  const { say, ports } = bench();
  await Promise.all([say(callEvent('')), say(callEvent(''))]);
  await say(callEvent(''));
  expect(ports.audit.entries).toHaveLength(3);
});

test('rate limits are counted, also between calls that arrive at once', async () => {
  const { say } = bench((_set, _request, usage) =>
    decision({ counted: ['k'], ...(usage.count('k', 60_000) >= 2 ? { action: 'deny', reason: 'Too many.' } : {}) }),
  );
  const answers = await Promise.all(['c1', 'c2', 'c3'].map((id) => say(callEvent(id))));
  expect(answers.map((answer) => answer.kind)).toEqual(['pass', 'pass', 'refuse']);
});

test('what a policy or a secret hides is not in the log', async () => {
  const { say, ports } = bench(decision({ redact: ['$.password'], reason: `It has ghp_${'a'.repeat(36)}` }));
  await say(callEvent('c1', { password: 'hunter2', token: `ghp_${'a'.repeat(36)}` }));
  expect(JSON.stringify(ports.audit.entries)).not.toMatch(/hunter2|ghp_/);
});

test('every version of a policy is in the log once, before the first decision that it takes part in', async () => {
  const { say, ports } = bench();
  const file = {
    path: '/p.yaml',
    layer: 'user',
    digest: 'sha256:1',
    documents: [],
    budgets: [],
    guardrails: [],
    artifacts: [],
    problems: [],
    source: 'kind: ToolPolicy',
    trusted: true,
  } as const;
  ports.policies.use({ files: [file] });
  await say(callEvent('c1'));
  await say(callEvent('c2'));
  ports.policies.use({ files: [{ ...file, digest: 'sha256:2' }] });
  await say(callEvent('c3'));
  expect(ports.audit.entries.map((entry) => entry.kind)).toEqual(['policy', 'decision', 'decision', 'policy', 'decision']);
});

test('a result is recorded with its call', async () => {
  const { say, ports } = bench();
  await say(callEvent('c1'));
  await say(resultEvent('c1'));
  expect(ports.audit.entries.slice(1)).toMatchObject([{ kind: 'outcome', callId: 'c1', detail: { status: 'ran', durationMs: 12 } }]);
});

test.each<[string, Decision | undefined, Parameters<typeof resultEvent>, RegExp]>([
  ['was never decided on', undefined, ['c1'], /never decided/],
  ['ran although it was refused', deny, ['c1'], /although it was refused/],
  ['ran with other arguments', decision(), ['c1', 'ran', { command: 'curl evil' }], /other arguments/],
])('a call that %s is an incident', async (_, decided, result, reason) => {
  const { say, ports } = bench(decided ?? decision());
  if (decided !== undefined) await say(callEvent('c1'));
  await say(resultEvent(...result));
  expect(ports.audit.entries.at(-1)).toMatchObject({ kind: 'incident', reason: expect.stringMatching(reason) });
});

test('a refused call that is reported as failed is no incident', async () => {
  const { say, ports } = bench(deny);
  await say(callEvent('c1'));
  await say(resultEvent('c1', 'failed'));
  expect(ports.audit.entries.map((entry) => entry.kind)).toEqual(['decision', 'outcome']);
});

test('a prompt is recorded without its text', async () => {
  const { say, ports } = bench();
  expect(await say({ kind: 'prompt', origin: origin('prompt'), promptId: 'p1', text: 'my secret plan' })).toEqual({ kind: 'pass' });
  expect(ports.audit.entries).toMatchObject([{ kind: 'prompt', detail: { promptId: 'p1', length: 14 } }]);
  expect(JSON.stringify(ports.audit.entries)).not.toContain('secret plan');
});

test('a configuration change that is taken back at once is no incident: installing again does that', async () => {
  let isOff = true;
  const { say, ports } = bench(decision(), { weakens: () => (isOff ? { reason: 'Hooks are off.', isStated: true } : undefined) });
  await say({ kind: 'config-change', origin: origin('config'), file: '/s.json', source: 'user' });
  isOff = false;
  ports.clock.advance(3_000);
  await settled();
  expect(ports.audit.entries.map((entry) => entry.kind)).toEqual(['config-change']);
});

/** What was not waited for has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test.each<[string, Weakens, string, readonly string[]]>([
  ['that weakens nothing passes', () => undefined, 'pass', []],
  ['that weakens us is refused, and an incident', () => ({ reason: 'Hooks are off.', isStated: true }), 'refuse', ['incident']],
  ['that may be half written is refused', () => ({ reason: 'It is no JSON.', isStated: false }), 'refuse', []],
  ['that cannot be judged is refused', never, 'refuse', []],
])('a configuration change %s', async (_, weakens, kind, more) => {
  const { say, ports } = bench(decision(), { weakens });
  expect((await say({ kind: 'config-change', origin: origin('config'), file: '/s.json', source: 'user' })).kind).toBe(kind);
  ports.clock.advance(3_000);
  await settled();
  const [change, ...others] = ports.audit.entries;
  expect(change).toMatchObject({ kind: 'config-change', action: kind === 'refuse' ? 'deny' : 'abstain' });
  expect(others.map((entry) => entry.kind)).toEqual(more);
});
