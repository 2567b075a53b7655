import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../src/engine/json.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { StateDatabase, type StateOptions } from '../../src/storage/state-db.ts';
import { stateStoreContract } from './contract.ts';
import { canMount, fillDisk, mountDisk, temporaryFolder } from './folder.ts';
import { run } from './programs/program.ts';
import { answeredOf, approvalOf, grantOf, sessionOf, yes } from './samples.ts';

const day = 86_400_000;

function openState(path = join(temporaryFolder(), 'state.db'), options: StateOptions = {}) {
  const state = new StateDatabase(path, options);
  onTestFinished(() => state.close());
  return { state, path };
}

describe('the state on disk', () => {
  stateStoreContract(() => openState().state);
});

test('everything is still there after a restart', () => {
  const { state, path } = openState(undefined, { now: () => 5000 });
  const args: JsonObject = { ['__proto__']: { a: 1 }, text: '\ud800' };
  state.saveSession(sessionOf());
  state.saveApproval(approvalOf({ arguments: args }));
  state.saveAnswered(answeredOf());
  state.saveGrant(grantOf());
  state.recordRate('k', 5000);
  state.trustFile('/w/.countersign/p.yaml', 'sha256:aa');
  const again = openState(path, { now: () => 6000 }).state;
  expect(again.sessions()).toEqual([sessionOf()]);
  expect(JSON.stringify(again.openApprovals()[0]?.arguments)).toBe('{"__proto__":{"a":1},"text":"\\ud800"}');
  expect(again.answered('claude-code', 's1', 'toolu_1')).toBeDefined();
  expect(again.grants('s1')).toEqual([grantOf()]);
  expect(again.countRate('k', 0)).toBe(1);
  expect(again.isTrusted('/w/.countersign/p.yaml', 'sha256:aa')).toBe(true);
});

test('an approval keeps its answer, and everything else it said', () => {
  const { state } = openState();
  state.saveApproval(approvalOf());
  state.answerApproval('a12345678', yes);
  expect(state.approval('a12345678')).toEqual(approvalOf({ answer: yes }));
  expect(state.approvals(5)).toEqual([approvalOf({ answer: yes })]);
});

test('of two processes that answer the same approval, one succeeds', () => {
  const { state, path } = openState();
  const other = openState(path).state;
  state.saveApproval(approvalOf());
  other.answerApproval('a12345678', { ...yes, outcome: 'denied' });
  expect(() => state.answerApproval('a12345678', yes)).toThrow(/already answered: denied/);
});

test('only that very version of that very file is trusted', () => {
  const { state } = openState(undefined, { now: () => 5 });
  state.trustFile('/w/p.yaml', 'sha256:aa');
  expect(state.isTrusted('/w/p.yaml', 'sha256:bb')).toBe(false);
  expect(state.isTrusted('/v/p.yaml', 'sha256:aa')).toBe(false);
  state.trustFile('/w/p.yaml', 'sha256:bb');
  expect(state.isTrusted('/w/p.yaml', 'sha256:bb')).toBe(true);
  expect(state.trustedDigest('/w/p.yaml')).toBe('sha256:bb');
  expect(state.trustedDigest('/never')).toBeUndefined();
});

test('what is too old to matter is gone after a restart, and what must be kept is not', () => {
  const { state, path } = openState(undefined, { now: () => 0 });
  state.saveSession(sessionOf({ id: 'old', lastSeenAt: 0 }));
  state.saveSession(sessionOf({ id: 'killed', lastSeenAt: 0, killed: { at: 0, by: 'ada', reason: '' } }));
  state.saveApproval(approvalOf({ id: 'open', askedAt: 0 }));
  state.saveApproval(approvalOf({ id: 'answered', askedAt: 0, answer: yes }));
  state.saveAnswered(answeredOf({ callId: 'old', at: 0 }));
  state.saveAnswered(answeredOf({ callId: 'new', at: 99 * day }));
  state.saveGrant(grantOf({ id: 'expired', expiresAt: 99 * day }));
  state.saveGrant(grantOf({ id: 'valid', expiresAt: 101 * day }));
  state.recordRate('k', 0);
  state.recordRate('k', 99 * day);
  state.close();
  const again = openState(path, { now: () => 100 * day }).state;
  expect(again.sessions().map((session) => session.id)).toEqual(['killed']);
  expect(again.approvals(9).map((approval) => approval.id)).toEqual(['open']);
  expect(again.answered('claude-code', 's1', 'old')).toBeUndefined();
  expect(again.answered('claude-code', 's1', 'new')).toBeDefined();
  expect(again.grants('s1').map((grant) => grant.id)).toEqual(['valid']);
  expect(again.countRate('k', 0)).toBe(1);
});

test('old counts go while the process runs, too', () => {
  let now = 0;
  const { state } = openState(undefined, { now: () => now });
  state.recordRate('k', 0);
  now = 40 * day;
  state.recordRate('k', now);
  expect(state.countRate('k', 0)).toBe(1);
});

test('while another process holds the lock for too long, writing throws and says so', async () => {
  const { state, path } = openState(undefined, { timeoutMs: 20 });
  const holder = run('hold.ts', [path]);
  await holder.line();
  expect(() => state.saveSession(sessionOf())).toThrow(/another process held its lock/);
  expect(state.sessions()).toEqual([]);
  holder.process.stdin?.end();
  await holder.ended;
  state.saveSession(sessionOf());
  expect(state.sessions()).toHaveLength(1);
});

test('a file that is no database throws, and so does a row that cannot be understood', () => {
  const path = join(temporaryFolder(), 'state.db');
  writeFileSync(path, 'no database '.repeat(100));
  expect(() => new StateDatabase(path)).toThrow(/not a database/);
  const { state, path: other } = openState();
  state.saveSession(sessionOf());
  state.close();
  const database = openDatabase(other);
  database.exec(`UPDATE sessions SET json = '{"agent":1}'`);
  database.close();
  expect(() => openState(other, { now: () => 0 }).state.sessions()).toThrow(/cannot be read/);
});

test.each<[string, (state: StateDatabase) => void, string]>([
  ['a kill', (state) => state.saveSession(sessionOf({ killed: { at: 1, by: 'ada', reason: '' } })), 'sessions'],
  ['a question to a person', (state) => state.saveApproval(approvalOf()), 'approvals'],
  ['a consent', (state) => state.saveGrant(grantOf()), 'grants'],
  [
    'the memo of a consent',
    (state) => state.saveAnswered(answeredOf({ answer: { kind: 'approve', reason: '', stop: false } })),
    'answered',
  ],
  ['trust', (state) => state.trustFile('/w/p.yaml', 'sha256:aa'), 'trust'],
])('what a person decided is on disk at once: %s', (_, save, table) => {
  const { state, path } = openState();
  // What was saved in passing before must not hold it back.
  state.recordRate('k', 1);
  save(state);
  expect(rowsIn(path, table)).toBe(1);
});

test('what a call saves in passing is on disk a moment later', async () => {
  const { state, path } = openState();
  state.saveSession(sessionOf());
  state.recordRate('k', 1);
  await expect.poll(() => [rowsIn(path, 'sessions'), rowsIn(path, 'rates')]).toEqual([1, 1]);
});

test.runIf(canMount)('when the moment later fails on a full disk, whoever saves next hears of it', async () => {
  const disk = mountDisk('1m');
  const { state } = openState(join(disk, 'state.db'));
  state.saveAnswered(answeredOf({ answer: { kind: 'pass', reason: 'x'.repeat(100_000), stop: false } }));
  fillDisk(join(disk, 'ballast'));
  await expect
    .poll(() => {
      try {
        state.recordRate('k', 1);
        return '';
      } catch (error) {
        return String(error);
      }
    })
    .toMatch(/could not be written|the disk/);
});

function rowsIn(path: string, table: string): unknown {
  const database = openDatabase(path, { readonly: true });
  try {
    return database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  } finally {
    database.close();
  }
}
