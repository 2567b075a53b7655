import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { genesis, linkOf } from '../../src/engine/audit/chain.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { verifyAuditLog } from '../../src/storage/audit-verify.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { rowOf } from '../../src/storage/audit-rows.ts';
import { temporaryFolder } from './folder.ts';
import { entryOf } from './samples.ts';
import { withSigner } from './signed-log.ts';

/** As version 0.1 made it. This text is history: it does not change with the format. */
const format1 = `
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, session TEXT, agent TEXT, tool TEXT, action TEXT,
  json TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE INDEX entries_time ON entries (time);
CREATE INDEX entries_session ON entries (session, seq);
CREATE INDEX entries_action ON entries (action, seq);
CREATE TABLE policies (
  digest TEXT PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, layer TEXT NOT NULL, first_seen INTEGER NOT NULL
) STRICT;
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the audit log can only be appended to'); END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the audit log can only be appended to'); END;
CREATE TRIGGER policies_no_update BEFORE UPDATE ON policies BEGIN SELECT RAISE(ABORT, 'the audit log can only be appended to'); END;
CREATE TRIGGER policies_no_delete BEFORE DELETE ON policies BEGIN SELECT RAISE(ABORT, 'the audit log can only be appended to'); END;
PRAGMA user_version = 1;`;

function oldLog(count: number): { readonly path: string; readonly keyFile: string } {
  const folder = temporaryFolder();
  const path = join(folder, 'audit.db');
  const database = openDatabase(path);
  database.pragma('journal_mode = WAL');
  database.exec(format1);
  let previous = genesis;
  for (let seq = 1; seq <= count; seq += 1) {
    const { record, text } = linkOf(previous, seq, entryOf({ time: seq }));
    database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(...rowOf(record, text));
    previous = record.hash;
  }
  database.close();
  return { path, keyFile: join(folder, 'audit-key') };
}

test('a log of the first format is read and verified as it is, and left as it is', () => {
  const { path } = oldLog(5);
  const log = new AuditDatabase(path, { readonly: true });
  onTestFinished(() => log.close());
  expect(log.recent(2).map(({ seq }) => seq)).toEqual([5, 4]);
  expect(verifyAuditLog(path)).toMatchObject({ ok: true, count: 5, checkpoints: 0, signed: { size: 0 }, keys: [] });
  const database = openDatabase(path, { readonly: true });
  onTestFinished(() => void database.close());
  expect(database.pragma('user_version', { simple: true })).toBe(1);
});

test('it goes on, and its first checkpoint covers all of it', async () => {
  const place = oldLog(700);
  const copy = `${place.path}.copy`;
  copyFileSync(place.path, copy);
  await withSigner(place, async (log, signer) => {
    await log.append(entryOf(), 'written');
    expect(await signer.sign()).toMatchObject({ size: 702 });
  });
  expect(verifyAuditLog(place.path)).toMatchObject({ ok: true, count: 703, signed: { size: 702 } });
  expect(verifyAuditLog(copy)).toMatchObject({ ok: true, count: 700 });
});
