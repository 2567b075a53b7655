import { expect, test } from 'vitest';
import { askedCall } from '../../src/agents/asked-call.ts';
import type { JsonObject } from '../../src/engine/json.ts';
import { decide } from '../../src/engine/policy/decide.ts';
import type { PolicyFile } from '../../src/engine/policy/policy-set.ts';
import type { Asker } from '../../src/governor/own-server/asker.ts';
import { goodPolicy } from '../engine/policy/policies.ts';
import { ada, bench, callEvent, no, settled, yes } from './fixture.ts';

const policy = goodPolicy(
  [
    'name: pushes, commands: ["git push*"], action: deny, message: Open a pull request.',
    'name: deploys, commands: ["deploy*"], action: require_approval',
  ],
  { name: 'team' },
);
const command = (text: string): JsonObject => ({ command: text });
const bash = (text: string) => ({ tool: 'Bash', arguments: command(text) });
const asker: Asker = {
  agent: { vendor: 'nobody', name: 'plain' },
  claims: 's1',
  cwd: '/home/ada/project',
  above: [],
  make: (asked) => ({
    ...askedCall(asked),
    ...(typeof asked.arguments['command'] === 'string' ? { command: asked.arguments['command'] } : {}),
  }),
};

/** A session that has made a call already. */
async function governed(...files: readonly PolicyFile[]) {
  const b = bench(decide);
  b.ports.policies.use({ files: files.length === 0 ? [policy] : files });
  const call = (id: string, text: string, session = 's1') => {
    const event = callEvent(id, command(text), session);
    return b.say({ ...event, call: { ...event.call, command: text } });
  };
  await call('t0', 'ls');
  return { ...b, call, own: b.governor.ownServer };
}

type Bench = Awaited<ReturnType<typeof governed>>;
const entries = ({ ports }: Bench): number => ports.audit.recent(1_000).length;

test.each<[string, string, readonly string[]]>([
  ['denied', 'git push origin main', ['It is denied: Open a pull request.', 'team/pushes', 'commands git push*', 'Nobody can approve it']],
  ['asked about', 'deploy now', ['A person is asked', 'ask ahead with "request"']],
  ['not in any policy', 'ls', ['No policy speaks against it.']],
])('a call that would be %s is explained, and neither recorded nor counted', async (_, text, said) => {
  const g = await governed();
  const before = entries(g);
  const answer = await g.own.explain(asker, bash(text));
  expect(answer).toMatchObject({ failed: false });
  for (const part of said) expect(answer.text).toContain(part);
  expect(entries(g)).toBe(before);
});

test('what a policy that denies by default lets through is named, with what this call lacks for it', async () => {
  const closed = goodPolicy(['name: tests, commands: ["npm test*"], action: allow'], { name: 'team', spec: 'defaultAction: deny' });
  const { text } = await (await governed(closed)).own.explain(asker, bash('npm publish'));
  expect(text).toContain('lets through:\n- tests (allow) where commands npm test* (it does not)');
});

test('the last refused call is explained by what was decided, and by what would be now', async () => {
  const g = await governed();
  await g.call('t1', 'git push -f');
  await g.call('t2', 'ls');
  const { text } = await g.own.explainDecided(asker, 'last');
  expect(text).toMatch(/Bash \{"command":"git push -f"\}\nIt was denied: Open a pull request\.[^]*The same call now[^]*It is denied/);
  expect((await g.own.explainDecided(asker, 't2')).text).toContain('No policy spoke against it');
  expect(await g.own.explainDecided(asker, 'nothing')).toMatchObject({ failed: true });
});

test('a call asked for ahead is in the inbox with the agent’s words, under the terms of its rule; approved, it runs once', async () => {
  const g = await governed();
  const asked = await g.own.request(asker, bash('deploy now'), 'The release is due.');
  expect(asked).toMatchObject({ failed: false, text: expect.stringContaining('Asked: approval a') });
  const [approval, ...others] = g.governor.approvals();
  expect([approval?.requested, approval?.nativeTool, approval?.waiting, others]).toEqual(['The release is due.', 'Bash', false, []]);
  expect(g.ports.audit.recent(1)[0]?.entry).toMatchObject({
    kind: 'approval-asked',
    session: 's1',
    detail: { requested: 'The release is due.' },
  });
  await g.governor.answer(approval?.id ?? '', yes, ada);
  expect((await g.own.request(asker, bash('deploy now'), 'Again?')).text).toContain('approved this already');
  expect(await g.call('t1', 'deploy now')).toMatchObject({ kind: 'approve' });
  void g.call('t2', 'deploy now');
  await settled();
  expect(g.governor.approvals().map(({ callId, requested }) => [callId, requested])).toEqual([['t2', undefined]]);
});

test('the call itself joins the question that was asked ahead', async () => {
  const g = await governed();
  await g.own.request(asker, bash('deploy now'), 'The release is due.');
  const held = g.call('t1', 'deploy now');
  await settled();
  const [open, ...others] = g.governor.approvals();
  expect([open?.callId, open?.waiting, others]).toEqual(['t1', true, []]);
  await g.governor.answer(open?.id ?? '', no, ada);
  expect(await held).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('not today') });
});

test.each<[string, string, boolean, string]>([
  ['is denied', 'git push', true, 'Policies deny this call'],
  ['nobody needs to be asked about', 'ls', false, 'Just make it'],
])('for a call that %s nobody is asked', async (_, text, failed, said) => {
  const g = await governed();
  const before = entries(g);
  expect(await g.own.request(asker, bash(text), 'Please.')).toEqual({ failed, text: expect.stringContaining(said) });
  expect([g.governor.approvals(), entries(g)]).toEqual([[], before]);
});

test('an agent cannot flood its person: few requests are open at once, and the same one is asked once', async () => {
  const g = await governed();
  const ask = (text: string, session = 's1') => g.own.request({ ...asker, claims: session }, bash(text), 'Please.');
  for (const text of ['deploy a', 'deploy b', 'deploy c']) expect(await ask(text)).toMatchObject({ failed: false });
  expect((await ask('deploy a')).text).toContain('asked already');
  expect(await ask('deploy d')).toMatchObject({ failed: true, text: expect.stringContaining('3 requests of this session are open') });
  for (const session of ['s2', 's3', 's4', 's5']) {
    await g.call('t1', 'ls', session);
    for (const text of ['deploy a', 'deploy b', 'deploy c']) await ask(text, session);
  }
  expect(g.governor.approvals()).toHaveLength(10);
});

test('nothing can be asked for in a session that a person has paused', async () => {
  const g = await governed();
  await g.governor.pause('s1', 'lunch', 'ada');
  expect(await g.own.request(asker, bash('deploy now'), 'Please.')).toMatchObject({ failed: true, text: expect.stringContaining('lunch') });
  expect((await g.own.status(asker)).text).toContain('paused by ada: lunch');
});

test('secrets in a reason are masked before anyone sees them', async () => {
  const g = await governed();
  const token = `ghp_${'a1B2'.repeat(9)}`;
  await g.own.request(asker, bash('deploy now'), `with ${token}`);
  expect(JSON.stringify([g.governor.approvals(), g.ports.audit.recent(5)])).not.toContain(token);
});

test('the log is searched within the session that asks, and in none where that is not known', async () => {
  const g = await governed();
  await g.call('t1', 'git push -f');
  await g.call('x1', 'git push --other', 's2');
  const { text } = await g.own.search(asker, { text: 'GIT PUSH', limit: 10 });
  expect(text).toMatch(
    /^1 entry found, newest first:\n\d+ · .* · decision · deny · Bash · Open a pull request\. · by team\/pushes · \{"command":"git push -f"\}$/,
  );
  expect((await g.own.search(asker, { action: 'allow', limit: 10 })).text).toMatch(/^No entries/);
  expect(await g.own.search({ ...asker, claims: 'nobody' }, { limit: 10 })).toMatchObject({ failed: true });
});

test('the process above says which session it is; a claim to a session of another process is worth nothing', async () => {
  const g = await governed();
  g.ports.processes.start('plain', 's2', { pid: 77, start: 'then' });
  await g.call('x1', 'ls s2-only', 's2');
  const find = async (over: Partial<Asker>) => (await g.own.search({ ...asker, ...over }, { text: 'ls s2-only', limit: 5 })).text;
  expect(await find({ claims: 's1', above: [5, 77] })).toContain('ls s2-only');
  expect(await find({ claims: 's2', above: [5] })).toContain('cannot tell which session');
});

test('status tells policies, what is left, and what waits for a person', async () => {
  const g = await governed();
  await g.own.request(asker, bash('deploy now'), 'Please.');
  const { text } = await g.own.status(asker);
  expect(text).toMatch(/^Session s1 of plain: 1 calls, 0 refused\.\nPolicies in force:\n- user: team\nWaiting for a person:\n- a\w+: Bash/);
});
