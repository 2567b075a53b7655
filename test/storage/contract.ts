import { expect, test } from 'vitest';
import { verifyChain } from '../../src/engine/audit/chain.ts';
import type { JsonObject } from '../../src/engine/json.ts';
import type { AuditLog, StateStore } from '../../src/governor/ports.ts';
import { answeredOf, approvalOf, entryOf, grantOf, sessionOf, yes } from './samples.ts';

/** What every audit log does. `open` gives an empty one. */
export function auditLogContract(open: () => AuditLog): void {
  test('the first entry is number 1, the next one follows from it', async () => {
    const log = open();
    const first = await log.append(entryOf(), 'written');
    const second = await log.append(entryOf({ callId: 'toolu_2' }), 'synced');
    expect([first.seq, second.seq]).toEqual([1, 2]);
    expect(first.previous).toBe('0'.repeat(64));
    expect(second.previous).toBe(first.hash);
  });

  test('entries appended at once are recorded in that order and without gaps', async () => {
    const log = open();
    const durability = (i: number) => (i % 3 === 0 ? 'synced' : 'written');
    const records = await Promise.all(Array.from({ length: 20 }, (_, i) => log.append(entryOf({ callId: `c${i}` }), durability(i))));
    expect(records.map((record) => record.entry.callId)).toEqual(Array.from({ length: 20 }, (_, i) => `c${i}`));
    expect(verifyChain(records)).toEqual({ ok: true, count: 20 });
  });

  test('what comes back is what went in', async () => {
    const log = open();
    const entry = entryOf({ arguments: { text: 'ä\u0000\n"😀', nested: [1, -0.5, null, { b: true, a: [] }] }, detail: {} });
    const record = await log.append(entry, 'written');
    expect(log.recent(1)).toEqual([record]);
    expect(record.entry).toEqual(entry);
  });

  test('an entry with a lone surrogate is recorded as it is', async () => {
    const log = open();
    await log.append(entryOf({ session: 's\ud800', arguments: { text: '\udc00' } }), 'written');
    expect(log.recent(1)[0]?.entry).toEqual(entryOf({ session: 's\ud800', arguments: { text: '\udc00' } }));
    expect(verifyChain(log.recent(1))).toEqual({ ok: true, count: 1 });
  });

  test('an argument named __proto__ is recorded like any other', async () => {
    const log = open();
    const args: JsonObject = { ['__proto__']: { a: 1 }, b: [{ ['__proto__']: 2 }] };
    await log.append(entryOf({ arguments: args }), 'written');
    expect(JSON.stringify(log.recent(1)[0]?.entry.arguments)).toBe('{"__proto__":{"a":1},"b":[{"__proto__":2}]}');
    expect(verifyChain(log.recent(1))).toEqual({ ok: true, count: 1 });
  });

  test('recent gives the newest first, and pages backwards', async () => {
    const log = open();
    for (let i = 1; i <= 5; i += 1) await log.append(entryOf({ callId: `c${i}` }), 'written');
    expect(log.recent(2).map((record) => record.seq)).toEqual([5, 4]);
    expect(log.recent(2, 4).map((record) => record.seq)).toEqual([3, 2]);
    expect(log.recent(9, 1)).toEqual([]);
  });

  test('what is not JSON is refused, and the others that were appended with it are recorded', async () => {
    const log = open();
    const written = log.append(entryOf({ callId: 'before' }), 'written');
    const refused = log.append(entryOf({ time: NaN }), 'written');
    const after = log.append(entryOf({ callId: 'after' }), 'written');
    await expect(refused).rejects.toThrow(/could not be written/i);
    expect([(await written).seq, (await after).seq]).toEqual([1, 2]);
    expect(verifyChain(log.recent(9).toReversed())).toEqual({ ok: true, count: 2 });
  });
}

/** What every state store does. `open` gives an empty one. */
export function stateStoreContract(open: () => StateStore): void {
  test('a session is found by agent and id, and saving it again replaces it', () => {
    const state = open();
    state.saveSession(sessionOf());
    state.saveSession(sessionOf({ agent: 'codex', calls: 7 }));
    state.saveSession(sessionOf({ calls: 4, pid: 12, processStart: '99', killed: { at: 5, by: 'ada', reason: 'enough' } }));
    expect(state.session('claude-code', 's1')).toEqual(
      sessionOf({ calls: 4, pid: 12, processStart: '99', killed: { at: 5, by: 'ada', reason: 'enough' } }),
    );
    expect(state.session('codex', 's1')?.calls).toBe(7);
    expect(state.session('codex', 's2')).toBeUndefined();
    expect(state.sessions()).toHaveLength(2);
  });

  test('all sessions are paused until that is taken back, and one stays so with its record', () => {
    const state = open();
    const pause = { at: 5, by: 'ada', reason: 'lunch' };
    expect(state.pauseOfAll()).toBeUndefined();
    state.savePauseOfAll(pause);
    state.savePauseOfAll({ ...pause, at: 6 });
    expect(state.pauseOfAll()).toEqual({ ...pause, at: 6 });
    state.savePauseOfAll(undefined);
    expect(state.pauseOfAll()).toBeUndefined();
    state.saveSession(sessionOf({ paused: pause }));
    expect(state.session('claude-code', 's1')?.paused).toEqual(pause);
  });

  test('what is only observed is known until that is taken back, once for each folder and once for everything', () => {
    const state = open();
    const [everything, folder] = [
      { at: 5, by: 'ada' },
      { folder: '/w', at: 6, by: 'ada', until: 9 },
    ];
    for (const one of [folder, everything, { ...folder, until: 10 }]) state.saveObservation(one);
    expect(state.observations()).toEqual([everything, { ...folder, until: 10 }]);
    state.dropObservation(undefined);
    expect(state.observations()).toEqual([{ ...folder, until: 10 }]);
    state.dropObservation('/w');
    expect(state.observations()).toEqual([]);
  });

  test('sessions come with the one seen last first', () => {
    const state = open();
    for (const [id, lastSeenAt] of [
      ['a', 10],
      ['b', 30],
      ['c', 20],
    ] as const)
      state.saveSession(sessionOf({ id, lastSeenAt }));
    expect(state.sessions().map((session) => session.id)).toEqual(['b', 'c', 'a']);
  });

  test('an approval is open until it is answered; the oldest comes first', () => {
    const state = open();
    state.saveApproval(approvalOf({ id: 'a2', askedAt: 2 }));
    state.saveApproval(approvalOf({ id: 'a1', askedAt: 1 }));
    expect(state.openApprovals()).toEqual([approvalOf({ id: 'a1', askedAt: 1 }), approvalOf({ id: 'a2', askedAt: 2 })]);
    state.answerApproval('a1', yes);
    expect(state.openApprovals().map((approval) => approval.id)).toEqual(['a2']);
  });

  test('an approval that is saved again is replaced', () => {
    const state = open();
    state.saveApproval(approvalOf());
    state.saveApproval(approvalOf({ waiting: false }));
    expect(state.openApprovals()).toEqual([approvalOf({ waiting: false })]);
  });

  test('an approval is answered once: neither a second answer nor one to nothing is accepted', () => {
    const state = open();
    state.saveApproval(approvalOf());
    state.answerApproval('a12345678', { ...yes, outcome: 'denied' });
    expect(() => state.answerApproval('a12345678', yes)).toThrow(/already answered/);
    expect(() => state.answerApproval('a0', yes)).toThrow(/no approval/);
  });

  test('the answer to a call is found by agent, session and call', () => {
    const state = open();
    state.saveAnswered(answeredOf());
    expect(state.answered('claude-code', 's1', 'toolu_1')).toEqual(answeredOf());
    expect(state.answered('codex', 's1', 'toolu_1')).toBeUndefined();
    expect(state.answered('claude-code', 's2', 'toolu_1')).toBeUndefined();
    expect(state.answered('claude-code', 's1', 'toolu_2')).toBeUndefined();
    state.saveAnswered(answeredOf({ answer: { kind: 'pass', reason: '', stop: false } }));
    expect(state.answered('claude-code', 's1', 'toolu_1')?.answer.kind).toBe('pass');
  });

  test('parts of a key do not run into each other', () => {
    const state = open();
    state.saveAnswered(answeredOf({ session: 'a","b', callId: 'c' }));
    expect(state.answered('claude-code', 'a', 'b","c')).toBeUndefined();
    expect(state.answered('claude-code', 'a","b', 'c')).toBeDefined();
  });

  test('a grant belongs to its session until it is dropped', () => {
    const state = open();
    state.saveGrant(grantOf());
    state.saveGrant(grantOf({ id: 'g2', session: 's2' }));
    expect(state.grants('s1')).toEqual([grantOf()]);
    state.dropGrant('g1');
    state.dropGrant('never');
    expect(state.grants('s1')).toEqual([]);
    expect(state.grants('s2')).toHaveLength(1);
  });

  test('rates are counted by key, from a moment on, that moment included', () => {
    const state = open();
    for (const at of [100, 200, 200, 300]) state.recordRate('k', at);
    state.recordRate('other', 300);
    expect([100, 101, 200, 201, 301].map((since) => state.countRate('k', since))).toEqual([4, 3, 3, 1, 0]);
    expect(state.countRate('none', 0)).toBe(0);
  });

  test('calls are counted for each counter, since a quarter of an hour or ever', () => {
    const { budgets } = open();
    const quarter = 900_000;
    for (const at of [5, quarter - 1, quarter, 3 * quarter]) budgets.countCall(['a', 'b'], at);
    budgets.countCall(['b'], 5 * quarter);
    const counted = (counter: string) =>
      [undefined, 0, quarter, 2 * quarter, 9 * quarter].map((since) => budgets.callsCounted(counter, since));
    expect(counted('a')).toEqual([4, 4, 2, 1, 0]);
    expect(counted('b')).toEqual([5, 5, 3, 2, 0]);
    expect(counted('none')).toEqual([0, 0, 0, 0, 0]);
  });

  test('calls are remembered by session, newest first, and so is what became of them', () => {
    const { budgets } = open();
    const call = (callId: string, at: number) => ({ callId, nativeTool: 'Bash', at });
    budgets.saveCall('s', 'd1', call('c1', 10));
    budgets.saveCall('s', 'd2', call('c2', 20));
    budgets.saveCall('s', 'd1', call('c3', 20));
    budgets.saveCall('other', 'd1', call('c4', 30));
    budgets.endCall('s', 'c3', true, 40);
    budgets.endCall('s', 'c1', false, 50);
    budgets.endCall('s', 'c1', true, 60);
    budgets.endCall('s', 'never', true, 60);
    const ids = (wanted: Parameters<typeof budgets.recentCalls>[1]) => budgets.recentCalls('s', wanted).map(({ callId }) => callId);
    expect(ids({ after: 0, limit: 9 })).toEqual(['c3', 'c2', 'c1']);
    expect(ids({ after: 10, limit: 9 })).toEqual(['c3', 'c2']);
    expect(ids({ after: 0, limit: 1, digest: 'd1' })).toEqual(['c3']);
    expect(budgets.recentCalls('s', { after: 0, limit: 9, ended: true })).toEqual([
      { ...call('c1', 10), failed: false },
      { ...call('c3', 20), failed: true },
    ]);
    expect(ids({ after: 40, limit: 9, ended: true })).toEqual(['c1']);
  });

  test('a note stays under its name until it is written anew', () => {
    const { budgets } = open();
    budgets.saveNote('k', { value: 1.25, text: 'ä', at: 5 }, 'at once');
    budgets.saveNote('k', { value: 2.5, text: '', at: 6 }, 'in passing');
    expect(budgets.note('k')).toEqual({ value: 2.5, text: '', at: 6 });
    expect(budgets.note('none')).toBeUndefined();
  });
}
