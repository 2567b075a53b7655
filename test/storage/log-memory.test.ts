import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { lostEntries } from '../../src/storage/log-memory.ts';
import { StateDatabase, type LogHead } from '../../src/storage/state-db.ts';
import { temporaryFolder } from './folder.ts';
import { entryOf } from './samples.ts';

async function logOf(entries: number): Promise<{ readonly log: AuditDatabase; readonly head: LogHead }> {
  const log = new AuditDatabase(join(temporaryFolder(), 'audit.db'));
  onTestFinished(() => log.close());
  let head = { seq: 0, hash: '' };
  for (let n = 0; n < entries; n += 1) head = await log.append(entryOf({ time: n }), 'written');
  return { log, head: { seq: head.seq, hash: head.hash } };
}

test('a log that goes on from where it was has lost nothing', async () => {
  const { log, head } = await logOf(3);
  await log.append(entryOf(), 'written');
  expect([lostEntries(log, undefined), lostEntries(log, head)]).toEqual([undefined, undefined]);
});

test('a log that was erased or cut off is noticed', async () => {
  const { head } = await logOf(5);
  const { log } = await logOf(2);
  expect(lostEntries(log, head)).toBe('The audit log had 5 entries and has 2 now: it was cut off, replaced or erased.');
});

test('a log of the same length that was written anew is noticed', async () => {
  const { head } = await logOf(2);
  const { log } = await logOf(2);
  expect(lostEntries(log, { ...head, hash: 'f'.repeat(64) })).toMatch(/not the one that was written/);
});

test('the head is remembered across restarts', () => {
  const path = join(temporaryFolder(), 'state.db');
  const state = new StateDatabase(path);
  expect(state.logHead()).toBeUndefined();
  state.saveLogHead({ seq: 1, hash: 'a' });
  state.saveLogHead({ seq: 7, hash: 'b' });
  state.close();
  const again = new StateDatabase(path);
  onTestFinished(() => again.close());
  expect(again.logHead()).toEqual({ seq: 7, hash: 'b' });
});
