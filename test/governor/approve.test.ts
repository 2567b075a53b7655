import { expect, test } from 'vitest';
import { ada, answerIn, asking, bench, callEvent, decision, no, plainAgent, resultEvent, rule, settled, yes } from './fixture.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import type { ApprovalTerms, RuleRef } from '../../src/engine/decision.ts';

const terms: ApprovalTerms = { timeoutMs: 60_000, onTimeout: 'deny', approvers: [], reason: 'optional' };

function firstOpen({ governor }: ReturnType<typeof bench>) {
  const [approval] = governor.approvals();
  if (approval === undefined) throw new Error('nothing is open');
  return approval;
}

test('the call is held until a person approves it', async () => {
  const b = bench(asking());
  const answer = b.say(callEvent('c1'));
  await settled();
  const approval = firstOpen(b);
  expect(approval).toMatchObject({ callId: 'c1', waiting: true, reason: 'A person decides.', arguments: { command: 'ls' } });
  expect(approval.id).toMatch(/^a[a-z0-9]+$/);
  expect(b.ports.state.openApprovals()).toHaveLength(1);
  expect(b.governor.sessions()).toMatchObject([{ state: 'waiting', pending: 1 }]);
  await b.governor.answer(approval.id, yes, ada);
  expect(await answer).toMatchObject({ kind: 'approve' });
  expect(b.governor.approvals()).toEqual([]);
  expect(b.ports.audit.entries).toMatchObject([
    { kind: 'approval-asked', approvalId: approval.id },
    { kind: 'approval-answered', approver: ada, detail: { outcome: 'approved' } },
    { kind: 'decision', action: 'allow', approvalId: approval.id, approver: ada, detail: { decided: 'require_approval' } },
  ]);
  expect(b.ports.audit.durabilities).toEqual(['written', 'synced', 'synced']);
});

test('a denial reaches the model with its reason', async () => {
  const b = bench(asking());
  const answer = b.say(callEvent('c1'));
  await settled();
  await b.governor.answer(firstOpen(b).id, no, ada);
  expect(await answer).toMatchObject({ kind: 'refuse', stop: false, reason: expect.stringContaining('not today') });
  expect(b.ports.audit.entries.at(-1)).toMatchObject({ kind: 'decision', action: 'deny' });
  expect(b.governor.sessions()).toMatchObject([{ calls: 1, denials: 1 }]);
});

test.each<['deny' | 'abstain', string]>([
  ['deny', 'refuse'],
  ['abstain', 'pass'],
])('nobody answers in time: %s', async (onTimeout, kind) => {
  const b = bench(asking({ approval: { ...terms, onTimeout } }));
  const answer = b.say(callEvent('c1'));
  await settled();
  b.ports.clock.advance(59_999);
  await settled();
  expect(b.governor.approvals()).toHaveLength(1);
  b.ports.clock.advance(1);
  expect((await answer).kind).toBe(kind);
  expect(b.ports.audit.entries[1]).toMatchObject({ detail: { outcome: 'timed-out' } });
});

test('a deadline further away than a timer can wait holds', async () => {
  const b = bench(asking({ approval: { ...terms, timeoutMs: 2 ** 31 + 1000 } }));
  const answer = b.say(callEvent('c1'));
  await settled();
  b.ports.clock.advance(2 ** 31);
  await settled();
  expect(b.governor.approvals()).toHaveLength(1);
  b.ports.clock.advance(1000);
  expect((await answer).kind).toBe('refuse');
});

test('the agent goes away: the question is taken back, and a retry asks again', async () => {
  const b = bench(asking());
  const gone = new AbortController();
  const answer = b.say(callEvent('c1'), gone.signal);
  await settled();
  gone.abort();
  expect((await answer).kind).toBe('refuse');
  expect(b.governor.approvals()).toEqual([]);
  expect(b.ports.audit.entries.slice(1)).toMatchObject([
    { detail: { outcome: 'cancelled' } },
    { action: 'deny', detail: { heard: false } },
  ]);
  void b.say(callEvent('c1'));
  await settled();
  expect(b.governor.approvals()).toHaveLength(1);
});

test('an agent that was gone before the question was written down is not asked about', async () => {
  const b = bench(asking());
  const gone = new AbortController();
  const answer = b.say(callEvent('c1'), gone.signal);
  gone.abort();
  expect((await answer).kind).toBe('refuse');
  expect(b.governor.approvals()).toEqual([]);
});

test('one of two that wait for the same call goes away: the question stays', async () => {
  const b = bench(asking());
  const gone = new AbortController();
  const answers = [b.say(callEvent('c1'), gone.signal), b.say(callEvent('c1'))];
  await settled();
  gone.abort();
  await settled();
  await b.governor.answer(firstOpen(b).id, yes, ada);
  expect((await Promise.all(answers)).map((answer) => answer.kind)).toEqual(['approve', 'approve']);
});

test('an answer that cannot be written down does not count, and can be given again', async () => {
  const b = bench(asking());
  const answer = b.say(callEvent('c1'));
  await settled();
  const { id } = firstOpen(b);
  b.ports.audit.failure = new Error('disk full');
  await expect(b.governor.answer(id, yes, ada)).rejects.toThrow('disk full');
  expect(b.governor.approvals()).toHaveLength(1);
  b.ports.audit.failure = undefined;
  await b.governor.answer(id, yes, ada);
  expect((await answer).kind).toBe('approve');
});

test('a question that cannot be written down is refused and not left open', async () => {
  const b = bench(asking());
  b.ports.audit.failure = new Error('disk full');
  expect((await b.say(callEvent('c1'))).kind).toBe('refuse');
  expect(b.governor.approvals()).toEqual([]);
  expect(b.ports.state.openApprovals()).toEqual([]);
});

test('a timeout that cannot be written down refuses, even where it would abstain', async () => {
  const b = bench(asking({ approval: { ...terms, onTimeout: 'abstain' } }));
  const answer = b.say(callEvent('c1'));
  await settled();
  b.ports.audit.failure = new Error('disk full');
  b.ports.clock.advance(60_000);
  expect((await answer).kind).toBe('refuse');
});

test.each<[string, (id: string) => readonly [string, typeof yes | typeof no], string]>([
  ['nothing under that id', () => ['a0', yes], 'not-found'],
  ['a required reason is missing', (id) => [id, yes], 'reason-required'],
])('%s', async (_, given, code) => {
  const b = bench(asking({ approval: { ...terms, reason: 'required' } }));
  void b.say(callEvent('c1'));
  await settled();
  const [id, answer] = given(firstOpen(b).id);
  await expect(b.governor.answer(id, answer, ada)).rejects.toMatchObject({ code });
  expect(b.governor.approvals()).toHaveLength(1);
});

test('of two answers, the first counts', async () => {
  const b = bench(asking());
  const answer = b.say(callEvent('c1'));
  await settled();
  const { id } = firstOpen(b);
  const first = b.governor.answer(id, no, ada);
  await expect(b.governor.answer(id, yes, ada)).rejects.toMatchObject({ code: 'already-answered' });
  await first;
  await expect(b.governor.answer(id, yes, ada)).rejects.toMatchObject({ code: 'already-answered' });
  expect((await answer).kind).toBe('refuse');
});

test('approved for the session: the same rule does not ask again about that tool, another one does', async () => {
  let rules: readonly RuleRef[] = [rule];
  const b = bench(() => asking({ rules }));
  const answer = b.say(callEvent('c1'));
  await settled();
  await b.governor.answer(firstOpen(b).id, { ...yes, scope: 'session' }, ada);
  await answer;
  expect((await b.say(callEvent('c2', { command: 'pwd' }))).kind).toBe('approve');
  expect(b.ports.audit.entries.at(-1)).toMatchObject({ action: 'allow', approver: { user: 'ada', surface: 'granted session' } });

  const ask = async (id: string, changed: readonly RuleRef[], over: { readonly session?: string; readonly nativeTool?: string } = {}) => {
    rules = changed;
    const event = callEvent(id, { command: 'pwd' }, over.session);
    void b.say({ ...event, call: { ...event.call, nativeTool: over.nativeTool ?? 'Bash' } });
    await settled();
  };
  await ask('changed rule', [{ ...rule, digest: 'sha256:2' }]);
  await ask('one rule more', [rule, { ...rule, rule: 'another' }]);
  await ask('another session', [rule], { session: 's2' });
  await ask('another tool', [rule], { nativeTool: 'Write' });
  await ask('the same', [rule]);
  expect(b.governor.approvals().map((approval) => approval.callId)).toEqual([
    'changed rule',
    'one rule more',
    'another session',
    'another tool',
  ]);
});

test('where only a default asked, consent for the session covers the identical call alone', async () => {
  const b = bench(asking({ rules: [{ ...rule, rule: '(default)' }] }));
  const answer = b.say(callEvent('c1'));
  await settled();
  await b.governor.answer(firstOpen(b).id, { ...yes, scope: 'session' }, ada);
  await answer;
  expect((await b.say(callEvent('c2'))).kind).toBe('approve');
  expect((await b.say(callEvent('c3'))).kind).toBe('approve');
  void b.say(callEvent('c4', { command: 'rm -rf /' }));
  await settled();
  expect(b.governor.approvals()).toHaveLength(1);
});

test('approved once means once', async () => {
  const b = bench(asking());
  const answer = b.say(callEvent('c1'));
  await settled();
  await b.governor.answer(firstOpen(b).id, yes, ada);
  await answer;
  void b.say(callEvent('c2'));
  await settled();
  expect(b.governor.approvals()).toHaveLength(1);
});

/** A governor that asked, and its successor on the same ports. */
async function restarted(over: Parameters<typeof asking>[0] = {}) {
  const ports = memoryPorts();
  const before = bench(asking(over), {}, ports);
  const lost = before.say(callEvent('c1'));
  await settled();
  await before.governor.dispose();
  return { lost: await lost, after: bench(asking(over), {}, ports), ports };
}

test('a restart: the call is refused, its question is still open', async () => {
  const { lost, after } = await restarted();
  expect(lost.kind).toBe('refuse');
  expect(after.governor.approvals()).toMatchObject([{ callId: 'c1', waiting: false }]);
});

test('approved while nobody waits: the identical call passes once, within ten minutes', async () => {
  const { after } = await restarted();
  await after.governor.answer(firstOpen(after).id, yes, ada);
  void after.say(callEvent('c2', { command: 'other' }));
  await settled();
  expect(after.governor.approvals()).toHaveLength(1);
  expect((await after.say(callEvent('c3'))).kind).toBe('approve');
  void after.say(callEvent('c4'));
  await settled();
  expect(after.governor.approvals().map((approval) => approval.callId)).toEqual(['c2', 'c4']);
});

test('approved while nobody waits, and too late', async () => {
  const { after, ports } = await restarted();
  await after.governor.answer(firstOpen(after).id, yes, ada);
  ports.clock.advance(10 * 60_000);
  void after.say(callEvent('c2'));
  await settled();
  expect(after.governor.approvals()).toHaveLength(1);
});

test('a retry joins the question that is still open, with a fresh deadline', async () => {
  const { after, ports } = await restarted();
  ports.clock.advance(50_000);
  const answer = after.say(callEvent('c2'));
  await settled();
  expect(after.governor.approvals()).toMatchObject([{ callId: 'c2', waiting: true }]);
  ports.clock.advance(30_000);
  await after.governor.answer(firstOpen(after).id, yes, ada);
  expect((await answer).kind).toBe('approve');
  expect(ports.state.grants('s1')).toEqual([]);
});

test('a deadline that passed while nobody ran is closed at the start', async () => {
  const ports = memoryPorts();
  const before = bench(asking(), {}, ports);
  void before.say(callEvent('c1'));
  await settled();
  await before.governor.dispose();
  ports.clock.advance(3_600_000);
  const after = bench(asking(), {}, ports);
  ports.clock.advance(0);
  await settled();
  expect(after.governor.approvals()).toEqual([]);
  expect(ports.audit.entries.at(-1)).toMatchObject({ kind: 'approval-answered', detail: { outcome: 'timed-out' } });
});

test('a result that comes although the question was taken back is an incident', async () => {
  const b = bench(asking());
  const gone = new AbortController();
  const answer = b.say(callEvent('c1'), gone.signal);
  await settled();
  gone.abort();
  await answer;
  await b.say(resultEvent('c1'));
  expect(b.ports.audit.entries.at(-1)).toMatchObject({ kind: 'incident' });
});

test('terms that are missing refuse', async () => {
  const reply = await bench(decision({ action: 'require_approval', reason: 'x' })).governor.hook(plainAgent.name, callEvent('c1'), {
    via: 'http',
  });
  expect(answerIn(reply).kind).toBe('refuse');
});

test('alone, nobody can be asked: refused, with open questions left as they are', async () => {
  const ports = memoryPorts();
  const other = bench(asking(), {}, ports);
  void other.say(callEvent('c1'));
  await settled();
  const waitingTimers = ports.clock.waiting;
  const alone = bench(asking(), { alone: true }, ports);
  expect(await alone.say(callEvent('c2'))).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('nobody can be asked') });
  expect(ports.state.openApprovals()).toMatchObject([{ callId: 'c1', waiting: true }]);
  expect(ports.clock.waiting).toBe(waitingTimers);
  expect(ports.audit.entries.at(-1)).toMatchObject({ action: 'deny', detail: { decided: 'require_approval' } });
});

test('alone, consent that was given before still counts', async () => {
  const { after, ports } = await restarted();
  await after.governor.answer(firstOpen(after).id, yes, ada);
  expect((await bench(asking(), { alone: true }, ports).say(callEvent('c2'))).kind).toBe('approve');
});

test('what a policy or a secret hides is shown to nobody', async () => {
  const b = bench(asking({ redact: ['$.password'], reason: `Because of ghp_${'a'.repeat(36)}.` }));
  void b.say(callEvent('c1', { password: 'hunter2', token: `ghp_${'a'.repeat(36)}` }));
  await settled();
  const shown = JSON.stringify([b.governor.approvals(), b.ports.state.openApprovals(), b.ports.audit.entries]);
  expect(shown).not.toMatch(/hunter2|ghp_/);
});
