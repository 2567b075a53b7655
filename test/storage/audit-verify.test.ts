import { copyFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashOf } from '../../src/engine/audit/chain.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { verifyAuditLog } from '../../src/storage/audit-verify.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { temporaryFolder } from './folder.ts';
import { entryOf } from './samples.ts';

/** Four entries and a policy; the guard against changes is taken away, as someone who tampers would do. */
async function logOnDisk(): Promise<string> {
  const path = join(temporaryFolder(), 'audit.db');
  const log = new AuditDatabase(path);
  for (let i = 1; i <= 4; i += 1) await log.append(entryOf({ callId: `c${i}`, time: i, action: 'deny' }), 'written');
  log.savePolicy(
    { digest: 'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae', source: 'foo', path: '/p.yaml', layer: 'user' },
    1,
  );
  log.close();
  sql(path, ['entries_no_update', 'entries_no_delete', 'policies_no_update'].map((name) => `DROP TRIGGER ${name};`).join(''));
  return path;
}

function sql(path: string, statements: string): void {
  const database = openDatabase(path);
  database.exec(statements);
  database.close();
}

test('an untouched log holds, and the verdict names its size and its last hash', async () => {
  const path = await logOnDisk();
  const log = new AuditDatabase(path);
  expect(verifyAuditLog(path)).toMatchObject({ ok: true, count: 4, head: log.get(4)?.hash });
  log.close();
});

test('a log that is being written to can be verified, and so can a copy of one', async () => {
  const path = await logOnDisk();
  const log = new AuditDatabase(path);
  await log.append(entryOf(), 'written');
  expect(verifyAuditLog(path)).toMatchObject({ ok: true, count: 5 });
  log.close();
  copyFileSync(path, `${path}.copy`);
  expect(verifyAuditLog(`${path}.copy`)).toMatchObject({ ok: true, count: 5 });
});

test.each<[string, string, number, RegExp]>([
  ['an edited entry', `UPDATE entries SET json = replace(json, '"deny"', '"allow"') WHERE seq = 3`, 3, /changed/],
  [
    'an edited entry with its column',
    `UPDATE entries SET action = 'allow', json = replace(json, '"deny"', '"allow"') WHERE seq = 3`,
    3,
    /changed/,
  ],
  ['an edited column', "UPDATE entries SET action = 'allow' WHERE seq = 2", 2, /column "action"/],
  ['an edited time', 'UPDATE entries SET time = 9 WHERE seq = 2', 2, /column "time"/],
  ['an emptied column', 'UPDATE entries SET session = NULL WHERE seq = 2', 2, /column "session"/],
  ['an edited hash', `UPDATE entries SET hash = '${'0'.repeat(64)}' WHERE seq = 2`, 2, /changed/],
  ['an edited link', `UPDATE entries SET previous = '${'0'.repeat(64)}' WHERE seq = 2`, 2, /does not follow/],
  ['text that says the same in other words', `UPDATE entries SET json = replace(json, ',', ', ') WHERE seq = 2`, 2, /text/],
  ['text with a member twice', `UPDATE entries SET json = '{"action":"allow",' || substr(json, 2) WHERE seq = 2`, 2, /text/],
  ['text that is no entry', "UPDATE entries SET json = '{}' WHERE seq = 2", 2, /understands/],
  ['text that is no JSON', "UPDATE entries SET json = '{' WHERE seq = 2", 2, /understands/],
  ['a missing entry', 'DELETE FROM entries WHERE seq = 2', 2, /missing/],
  ['a missing beginning', 'DELETE FROM entries WHERE seq < 3', 1, /missing/],
  ['an entry with a new number', 'UPDATE entries SET seq = 9 WHERE seq = 4', 4, /missing/],
  ['an entry before the first', 'UPDATE entries SET seq = 0 WHERE seq = 1', 1, /missing/],
  ['an edited policy text', "UPDATE policies SET source = 'bar'", 0, /policy \/p.yaml/],
  ['no table', 'DROP TABLE entries', 1, /cannot be read/],
])('%s is found', async (_, statements, seq, why) => {
  const path = await logOnDisk();
  sql(path, statements);
  expect(verifyAuditLog(path)).toMatchObject({ ok: false, seq, why: expect.stringMatching(why) as unknown });
});

test('an entry that was rewritten together with its hash is found at the next one', async () => {
  const path = await logOnDisk();
  const database = openDatabase(path);
  database.function('hash_of', (previous: string, json: string) => hashOf(previous, json));
  database.exec(`UPDATE entries SET action = 'allow', json = replace(json, '"deny"', '"allow"') WHERE seq = 2`);
  database.exec('UPDATE entries SET hash = hash_of(previous, json) WHERE seq = 2');
  database.close();
  expect(verifyAuditLog(path)).toMatchObject({ ok: false, seq: 3, why: expect.stringMatching(/does not follow/) as unknown });
});

test('entries missing at the end cannot be seen, but the head tells to whoever kept it', async () => {
  const path = await logOnDisk();
  const before = verifyAuditLog(path);
  sql(path, 'DELETE FROM entries WHERE seq > 2');
  const after = verifyAuditLog(path);
  expect(after).toMatchObject({ ok: true, count: 2 });
  expect(after).not.toEqual(before);
});

test('a damaged file is no log that holds', async () => {
  const path = await logOnDisk();
  truncateSync(path, statSync(path).size - 4096);
  expect(verifyAuditLog(path).ok).toBe(false);
  writeFileSync(path, 'no database');
  expect(verifyAuditLog(path)).toMatchObject({ ok: false, seq: 1, why: expect.stringMatching(/not a database/) as unknown });
});

test('a log that does not exist is an error, not a log that holds', () => {
  expect(() => verifyAuditLog(join(temporaryFolder(), 'audit.db'))).toThrow(/Cannot open/);
});
