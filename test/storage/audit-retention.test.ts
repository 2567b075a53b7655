import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { leafHash } from '../../src/engine/audit/tree.ts';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import { type Hold, holdAdded, holdRemoved } from '../../src/storage/audit-holds.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { proveEntry } from '../../src/storage/audit-prove.ts';
import { emptyOld } from '../../src/storage/audit-retention.ts';
import { LogSigner } from '../../src/storage/audit-signer.ts';
import { verifyAuditLog } from '../../src/storage/audit-verify.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { temporaryFolder } from './folder.ts';
import { entryOf } from './samples.ts';
import { tamper } from './signed-log.ts';

const day = 86_400_000;
const today = 200 * day;

/** Ten entries, one for each ten days, of two sessions in turn; signed; then one more of the first day, which is not. */
async function oldLog(...more: readonly AuditEntry[]) {
  const folder = temporaryFolder();
  const path = join(folder, 'audit.db');
  const log = new AuditDatabase(path);
  onTestFinished(() => log.close());
  const signer = new LogSigner({ path, keyFile: join(folder, 'audit-key'), append: log.append, now: () => today });
  for (let n = 1; n <= 10; n += 1) {
    const text = `secret number ${n}`;
    await log.append(entryOf({ time: n * 10 * day, session: n % 2 === 0 ? 'even' : 'odd', arguments: { command: text } }), 'written');
  }
  for (const entry of more) await log.append(entry, 'written');
  await signer.sign();
  await log.append(entryOf({ time: day, arguments: { command: 'not signed yet' } }), 'written');
  onTestFinished(async () => signer.close());
  return { path, log, signer, empty: async (days = 150) => emptyOld({ path, append: log.append, now: () => today, days }) };
}

function emptiedIn(log: AuditDatabase): readonly number[] {
  const records = log.recent(1000).filter(({ entry }) => entry.arguments === undefined && entry.kind === 'decision');
  return records.map(({ seq }) => seq).toReversed();
}

const hold = (over: Partial<Hold>): AuditEntry => holdAdded({ id: 'h1', reason: 'A lawyer asked.', at: today, ...over });

test.each<[string, readonly AuditEntry[], readonly number[]]>([
  ['what is older than the rule, and signed', [], [1, 2, 3, 4]],
  ['nothing of a session that is held', [hold({ session: 'odd' })], [2, 4]],
  ['nothing of a span that is held', [hold({ since: 20 * day, until: 40 * day })], [1, 4]],
  ['nothing from before a time that is held', [hold({ until: 40 * day })], [4]],
  ['only what is in neither, of a session held for a span', [hold({ session: 'odd', until: 20 * day })], [2, 3, 4]],
  ['all of it again when the hold is removed', [hold({ session: 'odd' }), holdRemoved('h1', 'Settled.', today)], [1, 2, 3, 4]],
])('%s is emptied', async (_, holds, expected) => {
  const { log, empty } = await oldLog(...holds);
  expect(await empty()).toBe(expected.length);
  expect(emptiedIn(log)).toEqual(expected);
});

test('the log still holds, and says what was emptied, when and under which rule', async () => {
  const { path, log, signer, empty } = await oldLog();
  await empty();
  await signer.sign();
  const [prune] = log.list({ kind: 'prune' });
  expect(prune?.entry).toMatchObject({ time: today, detail: { rule: 'audit.retentionDays: 150', before: 50 * day, upTo: 4, count: 4 } });
  expect(verifyAuditLog(path)).toMatchObject({ ok: true, checkpoints: 2, pruned: { [prune?.seq ?? 0]: 4 } });
  const script = join(import.meta.dirname, '..', '..', 'scripts', 'verify-log.mjs');
  expect(spawnSync(process.execPath, ['--no-warnings', script, 'log', path]).status).toBe(0);
  expect(() => proveEntry(path, 2)).toThrow(/contents of entry 2 were removed/);
  expect(proveEntry(path, 7)).toBeDefined();
});

test('nothing of what was removed is left in the files', async () => {
  const { path, empty } = await oldLog();
  await empty();
  const files = ['', '-wal'].map((end) => readFileSync(path + end, 'latin1')).join('');
  expect([files.includes('secret number 3'), files.includes('secret number 7')]).toEqual([false, true]);
});

test('nothing is emptied twice, and nothing at all where the rule says never', async () => {
  const { empty } = await oldLog();
  expect([await empty(0), await empty(), await empty()]).toEqual([0, 4, 0]);
});

const stub = (leaf: string, pruned: number, seq = 7): string =>
  `{"kind":"decision","leaf":"${leaf}","pruned":${pruned},"seq":${seq},"time":${seq * 10 * day},"version":1}`;
const emptyColumns = 'session = NULL, agent = NULL, tool = NULL, action = NULL';
const leaf = 'a'.repeat(64);

test.each<[string, (prune: number) => string]>([
  ['an entry that no rule covers', (prune) => `UPDATE entries SET ${emptyColumns}, json = '${stub(leaf, prune)}' WHERE seq = 7`],
  ['an entry under a rule that is none', () => `UPDATE entries SET ${emptyColumns}, json = '${stub(leaf, 8)}' WHERE seq = 7`],
  ['an entry without its leaf', (prune) => `UPDATE entries SET ${emptyColumns}, json = '${stub('', prune, 3)}' WHERE seq = 3`],
  [
    'an entry with something else in it',
    (prune) => `UPDATE entries SET ${emptyColumns}, json = '${stub(leaf, prune, 3).replace('{', '{"action":"allow",')}' WHERE seq = 3`,
  ],
  ['an entry with its columns left', (prune) => `UPDATE entries SET json = '${stub(leaf, prune, 3)}' WHERE seq = 3`],
  [
    'an entry with another hash',
    (prune) => `UPDATE entries SET ${emptyColumns}, hash = '${leaf}', json = '${stub(leaf, prune, 3)}' WHERE seq = 3`,
  ],
  [
    'an entry with another number',
    (prune) => `UPDATE entries SET ${emptyColumns}, seq = 99, json = '${stub(leaf, prune, 3)}' WHERE seq = 3`,
  ],
  ['an entry that was emptied before', (prune) => `UPDATE entries SET json = '${stub(leaf, prune, 1)}' WHERE seq = 1`],
  ['the entry of a rule', (prune) => `UPDATE entries SET json = replace(json, '"upTo":4', '"upTo":9') WHERE seq = ${prune}`],
  ['the entry of a key', (prune) => `UPDATE entries SET ${emptyColumns}, json = '${stub(leaf, prune, 11)}' WHERE seq = 11`],
])('%s cannot be changed through SQL', async (_, sql) => {
  const { path, log, empty } = await oldLog(hold({ since: 30 * day, until: 40 * day }));
  await empty();
  const database = openDatabase(path);
  onTestFinished(() => void database.close());
  expect(() => database.exec(sql(log.list({ kind: 'prune' })[0]?.seq ?? 0))).toThrow(/only be appended/);
});

test.each<[string, string, number, RegExp]>([
  ['without a rule that covers it', stub(leaf, 14), 7, /record 7 has no contents, and record 14 does not say/],
  ['under an earlier entry', stub(leaf, 5), 7, /earlier record as the reason/],
])('an entry that somebody emptied %s is found', async (_, json, seq, why) => {
  const { path, empty } = await oldLog();
  await empty();
  tamper(path, (database) => {
    const original = String(database.prepare('SELECT json FROM entries WHERE seq = 7').pluck().get());
    database
      .prepare(`UPDATE entries SET ${emptyColumns}, json = ? WHERE seq = 7`)
      .run(json.replace(leaf, leafHash(original).toString('hex')));
  });
  expect(verifyAuditLog(path)).toMatchObject({ ok: false, seq, why: expect.stringMatching(why) as unknown });
});

test('an emptied entry whose leaf was changed is found', async () => {
  const { path, empty } = await oldLog();
  await empty();
  tamper(path, (database) => database.exec(`UPDATE entries SET json = replace(json, substr(json, 28, 8), '00000000') WHERE seq = 3`));
  expect(verifyAuditLog(path)).toMatchObject({ ok: false, seq: 1, why: expect.stringMatching(/from 1 to 11/) as unknown });
});
