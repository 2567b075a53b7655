import { closeSync, copyFileSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jsonLine } from '../../src/engine/audit/export/json-line.ts';
import { readSigningKey, signNote } from '../../src/engine/audit/note.ts';
import { verifyAuditLog, type VerifyOptions } from '../../src/storage/audit-verify.ts';
import { lostEntries } from '../../src/storage/log-memory.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { AuditReader } from '../../src/storage/audit-reader.ts';
import type { Database } from '../../src/storage/database.ts';
import { temporaryFolder } from './folder.ts';
import { fill, rechain, signedLog, tamper, withSigner, type SignedLog } from './signed-log.ts';

/**
 * Signed with 11 entries (ten and the key), 22 (the entry that tells of the first checkpoint and ten more) and 33, then five
 * more. Entries 12, 23 and 34 tell of the checkpoints.
 */
const sample = async (folder?: string): Promise<SignedLog> => signedLog([10, 10, 10], 5, folder);

const edit = (seq: number) => (database: Database) =>
  database.exec(`UPDATE entries SET action = 'allow', json = replace(json, '"deny"', '"allow"') WHERE seq = ${seq}`);
const editAndRechain = (seq: number) => (database: Database) => {
  edit(seq)(database);
  rechain(database);
};
const swap = (a: number, b: number) => (database: Database) =>
  database.exec(
    `UPDATE entries SET seq = -1 WHERE seq = ${a}; UPDATE entries SET seq = ${a} WHERE seq = ${b}; UPDATE entries SET seq = ${b} WHERE seq = -1`,
  );
const insertAfter = (seq: number) => (database: Database) =>
  database.exec(`UPDATE entries SET seq = -seq - 1 WHERE seq > ${seq}; UPDATE entries SET seq = -seq WHERE seq < 0;
    INSERT INTO entries SELECT ${seq + 1}, time, kind, session, agent, tool, action, json, previous, hash FROM entries WHERE seq = ${seq}`);
const all =
  (...changes: readonly ((database: Database) => unknown)[]) =>
  (database: Database) => {
    for (const change of changes) change(database);
  };
const drop = (sql: string) => (database: Database) => database.exec(`DELETE FROM ${sql}`);

test('the log that all of these begin with holds', async () => {
  const { path, notes } = await sample();
  const anchors = [{ name: 'seen', text: notes.join('\n') }];
  expect(verifyAuditLog(path, { anchors })).toMatchObject({ ok: true, count: 39, checkpoints: 3, signed: { size: 33 } });
});

test.each<[string, (database: Database) => unknown, number, RegExp]>([
  ['an edited field', edit(15), 15, /^record 15 was changed: its hash/],
  ['an edited field, the chain made anew', editAndRechain(15), 12, /^a record from 12 to 22 was changed/],
  ['an edited field before the first checkpoint, the chain made anew', editAndRechain(10), 1, /^a record from 1 to 11 /],
  ['an entry deleted in the middle', drop('entries WHERE seq = 15'), 15, /^record 15 is missing/],
  [
    'an entry deleted in the middle, the rest renumbered and chained anew',
    all(drop('entries WHERE seq = 15'), rechain),
    12,
    /from 12 to 22/,
  ],
  ['two entries that changed places', swap(15, 16), 15, /^record 15 does not follow/],
  ['two entries that changed places, chained anew', all(swap(15, 16), rechain), 12, /from 12 to 22/],
  ['an entry put in', insertAfter(15), 16, /^record 16 does not follow/],
  ['an entry put in, the chain made anew', all(insertAfter(15), rechain), 12, /from 12 to 22/],
  ['the end cut off', drop('entries WHERE seq > 30'), 31, /^the log ends before record 31/],
  ['a checkpoint taken out', drop('checkpoints WHERE size = 22'), 23, /^record 23 tells of a checkpoint of size 22 that is not there/],
  [
    'a checkpoint with another root, signed by nobody',
    (database) => database.exec(`UPDATE checkpoints SET note = replace(note, '22\n', '22\nA') WHERE size = 22`),
    0,
    /checkpoint of size 22 cannot be understood/,
  ],
  [
    'a checkpoint that says what another one signed',
    (database) => database.exec('UPDATE checkpoints SET note = (SELECT note FROM checkpoints WHERE size = 11) WHERE size = 22'),
    0,
    /size 22 cannot be understood: it is of size 11/,
  ],
  [
    'a signature that was changed',
    (database) =>
      database.exec("UPDATE checkpoints SET note = substr(note, 1, length(note) - 12) || 'AAAAAAA=' || char(10) WHERE size = 22"),
    22,
    /not signed by the key/,
  ],
  [
    'what is kept for the tree to grow on',
    (database) => database.exec('UPDATE checkpoints SET nodes = (SELECT nodes FROM checkpoints WHERE size = 11) WHERE size = 22'),
    22,
    /kept beside/,
  ],
])('%s is found', async (_, change, seq, why) => {
  const { path } = await sample();
  tamper(path, change);
  expect(verifyAuditLog(path)).toMatchObject({ ok: false, seq, why: expect.stringMatching(why) as unknown });
});

test('what was cut off behind the last checkpoint shows only against what the governor remembers', async () => {
  const { path } = await sample();
  tamper(path, drop('entries WHERE seq > 35'));
  expect(verifyAuditLog(path)).toMatchObject({ ok: true, count: 35 });
  const log = new AuditDatabase(path);
  expect(lostEntries(log, { seq: 39, hash: 'f'.repeat(64) })).toMatch(/had 39 entries and has 35 now/);
  log.close();
});

/** As it was after the second checkpoint: entries and checkpoints of the third are gone. */
const rollBack = all(drop('entries WHERE seq > 23'), drop('checkpoints WHERE size > 22'));

test('a log that was rolled back holds by itself, but not against what was seen of it', async () => {
  const { path, notes } = await sample();
  const before = verifyAuditLog(path);
  tamper(path, rollBack);
  expect(verifyAuditLog(path)).toMatchObject({ ok: true, count: 23 });
  expect(anchored(path, notes.slice(0, 2))).toMatchObject({ ok: true, count: 23 });
  expect(anchored(path, notes)).toMatchObject({
    ok: false,
    seq: 24,
    why: expect.stringMatching(/ends before record 24.*in seen/) as unknown,
  });
  const log = new AuditDatabase(path);
  expect(lostEntries(log, { seq: 39, hash: before.ok ? before.head : '' })).toMatch(/had 39 entries and has 23 now/);
  log.close();
});

test('a log that was rolled back and went on otherwise has two histories, and an anchor of the first shows it', async () => {
  const { path, keyFile, notes } = await sample();
  tamper(path, rollBack);
  await withSigner({ path, keyFile }, async (log, signer) => {
    await fill(log, 25, 'allow');
    await signer.sign();
  });
  expect(verifyAuditLog(path)).toMatchObject({ ok: true, checkpoints: 3 });
  expect(anchored(path, notes)).toMatchObject({ ok: false, seq: 23, why: expect.stringMatching(/from 23 to 33 .*in seen/) as unknown });
});

test('a log written anew with another key is one of another log', async () => {
  const { path, keyFile, notes } = await sample();
  const key = readFileSync(`${keyFile}.pub`, 'utf8');
  for (const file of [path, `${path}-wal`, `${path}-shm`, keyFile]) rmSync(file, { force: true });
  await withSigner({ path, keyFile }, async (log, signer) => {
    await fill(log, 40);
    await signer.sign();
  });
  expect(verifyAuditLog(path)).toMatchObject({ ok: true });
  expect(verifyAuditLog(path, { keys: [key] })).toMatchObject({
    ok: false,
    seq: 41,
    why: expect.stringMatching(/none of those given/) as unknown,
  });
  expect(anchored(path, notes)).toMatchObject({ ok: false, seq: 11, why: expect.stringMatching(/one of another log/) as unknown });
});

test('checkpoints that were signed with another key are not those of this log', async () => {
  const { path } = await sample();
  const { keyFile } = await signedLog([1]);
  const forger = readSigningKey(readFileSync(keyFile, 'utf8'));
  tamper(path, (database) => {
    const note = String(database.prepare('SELECT note FROM checkpoints WHERE size = 22').pluck().get());
    const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
    const name = text.split('\n')[0] ?? '';
    const forged = signNote(text, [{ ...forger, verifier: { ...forger.verifier, name } }]);
    database.prepare('UPDATE checkpoints SET note = ? WHERE size = 22').run(forged);
  });
  expect(verifyAuditLog(path)).toMatchObject({
    ok: false,
    seq: 22,
    why: expect.stringMatching(/not signed by the key that was in force/) as unknown,
  });
});

test("a key that was put in place of the log's own signs nothing", async () => {
  const { path, keyFile } = await sample();
  const other = await signedLog([1]);
  renameSync(other.keyFile, keyFile);
  await withSigner({ path, keyFile }, async (log, signer) => {
    await fill(log, 1);
    await expect(signer.sign()).rejects.toThrow(/is not the key that this log names/);
  });
  expect(verifyAuditLog(path)).toMatchObject({ ok: true, checkpoints: 3 });
});

test('a damaged page of the file is found, wherever it is', async () => {
  const { path } = await signedLog([100, 100]);
  tamper(path, () => undefined);
  const pages = statSync(path).size / 4096;
  for (let page = 1; page <= pages; page += 1) {
    const copy = `${path}.${page}`;
    copyFileSync(path, copy);
    const file = openSync(copy, 'r+');
    writeSync(file, Buffer.alloc(4096, 'x'), 0, 4096, (page - 1) * 4096);
    closeSync(file);
    expect([page, verifyAuditLog(copy).ok]).toEqual([page, false]);
  }
});

/** `COUNTERSIGN_LOGS=10000` for a night's run. */
const logs = Number(process.env['COUNTERSIGN_LOGS'] ?? 300);

test(
  `${logs} untouched logs of random lengths raise no alarm`,
  async () => {
    for (let i = 0; i < logs; i += 1) {
      const random = (most: number): number => Math.floor(Math.random() * most);
      const parts = Array.from({ length: random(4) }, () => random(12));
      const { path, notes } = await signedLog(parts, random(8), temporaryFolder());
      const anchors = notes.filter((note) => note !== '').map((text, n) => ({ name: `${n}`, text }));
      expect([parts, verifyAuditLog(path, { anchors })]).toMatchObject([parts, { ok: true }]);
    }
  },
  logs * 400,
);

function anchored(path: string, notes: readonly string[]): ReturnType<typeof verifyAuditLog> {
  const options: VerifyOptions = { anchors: [{ name: 'seen', text: notes.join('\n') }] };
  return verifyAuditLog(path, options);
}

describe('what a receiver of the live export has kept', () => {
  /** The entries that tell of checkpoints, as JSON Lines. */
  const received = ({ path }: SignedLog): string => {
    using reader = new AuditReader(path);
    return [...reader.pages({ kind: 'checkpoint' })].flat().map(jsonLine).join('');
  };
  const against = ({ path }: SignedLog, text: string) => verifyAuditLog(path, { anchors: [{ name: 'collector.jsonl', text }] });

  test('is an anchor, also where it holds checkpoints of other logs', async () => {
    const [ours, other] = [await sample(), await signedLog([2, 60])];
    expect(against(ours, received(other) + received(ours))).toMatchObject({ ok: true, count: 39, signed: { size: 33 } });
  });

  test('shows a log that was put back to an older copy', async () => {
    const folder = temporaryFolder();
    const ours = await sample(folder);
    const text = received(ours);
    tamper(ours.path, (database) => database.exec('DELETE FROM entries WHERE seq > 23; DELETE FROM checkpoints WHERE size > 22'));
    expect(against(ours, text)).toMatchObject({ ok: false, why: expect.stringMatching(/^the log ends before record 24/) as unknown });
  });

  test('shows a log that was begun anew', async () => {
    const [ours, other] = [await sample(), await sample()];
    expect(against(other, received(ours))).toMatchObject({ ok: false, why: 'no checkpoint in collector.jsonl is one of this log' });
  });

  test('of other logs says nothing about where ours was signed', async () => {
    const [ours, other] = [await signedLog([10], 20), await signedLog([5, 5])];
    expect(against(ours, received(ours) + received(other))).toMatchObject({ ok: true, signed: { size: 11 } });
  });
});
