import { type Database, type OpenOptions, databaseError, isBusy, openDatabase } from './database.ts';
import type { Home } from './home.ts';

/** Holds the leadership for as long as this process lives, or until it is released. */
export interface Leader {
  readonly release: () => void;
}

/**
 * Becomes the one governor of this home, or says that there is another one (`undefined`). At once: nobody waits.
 * The lock is a transaction that is held open, so the system itself releases it when the process ends, however it ends:
 * there is no file whose age or pid would have to be judged.
 * Throws when the lock file cannot be used: then nobody can know, and nobody may lead.
 */
export function tryLead(home: Pick<Home, 'leader'>, options: OpenOptions = {}): Leader | undefined {
  // No waiting and no other statement before it; the plain rollback journal, in which an exclusive lock excludes everyone.
  const database = openDatabase(home.leader, { ...options, timeoutMs: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => release(database) };
  } catch (cause) {
    database.close();
    if (isBusy(cause)) return undefined;
    throw databaseError(`The lock ${home.leader} cannot be used`, cause);
  }
}

/** Closing would do; saying so ends it even if a statement is still open. */
function release(database: Database): void {
  if (!database.open) return;
  if (database.inTransaction) database.exec('ROLLBACK');
  database.close();
}
