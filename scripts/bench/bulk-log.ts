import { genesis, linkOf } from '../../src/engine/audit/chain.ts';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { columns, rowOf } from '../../src/storage/audit-rows.ts';
import { openDatabase } from '../../src/storage/database.ts';

const slice = 10_000;
const indexes = { entries_time: 'time', entries_session: 'session, seq', entries_action: 'action, seq' };

/** A log with a chain that holds, made in seconds: for measuring and testing what reads it. It is not flushed to the disk. */
export function bulkLog(path: string, count: number, entryOf: (n: number) => AuditEntry): void {
  new AuditDatabase(path).close();
  const database = openDatabase(path);
  database.pragma('synchronous = OFF');
  for (const name of Object.keys(indexes)) database.exec(`DROP INDEX ${name}`);
  const insert = database.prepare(`INSERT INTO entries (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  let previous = genesis;
  const some = database.transaction((from: number, to: number) => {
    for (let n = from; n < to; n += 1) {
      const { record, text } = linkOf(previous, n + 1, entryOf(n));
      insert.run(...rowOf(record, text));
      previous = record.hash;
    }
  });
  for (let n = 0; n < count; n += slice) some(n, Math.min(count, n + slice));
  for (const [name, on] of Object.entries(indexes)) database.exec(`CREATE INDEX ${name} ON entries (${on})`);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}
