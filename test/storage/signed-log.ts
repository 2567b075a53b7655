import { join } from 'node:path';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { LogSigner } from '../../src/storage/audit-signer.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { hashOf } from '../../src/engine/audit/chain.ts';
import { temporaryFolder } from './folder.ts';
import { entryOf } from './samples.ts';

export interface SignedLog {
  readonly path: string;
  readonly keyFile: string;
  /** One for each part, in the order in which they were signed. */
  readonly notes: readonly string[];
}

/** A log of so many entries between checkpoints; what comes after the last comma is left unsigned. */
export async function signedLog(parts: readonly number[], unsigned = 0, folder = temporaryFolder()): Promise<SignedLog> {
  const place = { path: join(folder, 'audit.db'), keyFile: join(folder, 'audit-key') };
  const notes: string[] = [];
  await withSigner(place, async (log, signer) => {
    for (const part of parts) {
      await fill(log, part);
      notes.push((await signer.sign())?.note.note ?? '');
    }
    await fill(log, unsigned);
  });
  return { ...place, notes };
}

export async function withSigner<T>(
  { path, keyFile }: Pick<SignedLog, 'path' | 'keyFile'>,
  use: (log: AuditDatabase, signer: LogSigner) => Promise<T>,
): Promise<T> {
  const log = new AuditDatabase(path);
  const signer = new LogSigner({ path, keyFile, append: log.append, now: () => 1_767_225_600_000 });
  try {
    return await use(log, signer);
  } finally {
    await signer.close();
    log.close();
  }
}

export async function fill(log: AuditDatabase, count: number, action: 'allow' | 'deny' = 'deny'): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, i) => log.append(entryOf({ callId: `c${i}`, time: i, action }), 'written')));
}

/** As someone does who has the user's rights: without the triggers. */
export function tamper(path: string, change: (database: Database) => void): void {
  const database = openDatabase(path);
  const triggers = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all();
  for (const name of triggers) database.exec(`DROP TRIGGER ${String(name)}`);
  change(database);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

/** Numbers and chains everything anew: what anybody can do who can write the file. */
export function rechain(database: Database): void {
  const rows = database.prepare('SELECT seq, json FROM entries ORDER BY seq').raw().all();
  const texts = rows.map((row) => (Array.isArray(row) ? String(row[1]) : ''));
  const columns = database.prepare('SELECT * FROM entries ORDER BY seq').all();
  database.exec('DELETE FROM entries');
  let previous = '0'.repeat(64);
  for (const [i, text] of texts.entries()) {
    const json = text.replace(/"seq":\d+/, `"seq":${i + 1}`);
    const hash = hashOf(previous, json);
    const row = Object.assign({}, columns[i], { seq: i + 1, json, previous, hash });
    database.prepare('INSERT INTO entries VALUES (:seq, :time, :kind, :session, :agent, :tool, :action, :json, :previous, :hash)').run(row);
    previous = hash;
  }
}
