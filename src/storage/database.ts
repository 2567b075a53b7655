import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { nativeBinding } from './native-binding.ts';

export type Database = Sqlite.Database;

export interface OpenOptions {
  readonly readonly?: boolean;
  /** How long a statement waits (and blocks this thread) for another process's lock. */
  readonly timeoutMs?: number;
  /** The compiled SQLite, where it is neither packed nor as it is beside the program (`../prebuilds/<platform>-<arch>.node`). */
  readonly nativeBinding?: string;
}

/** The only place where a database is opened. Throws with what to do when it cannot be. */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  try {
    const binding = options.nativeBinding ?? nativeBinding();
    return new Sqlite(path, {
      readonly: options.readonly ?? false,
      fileMustExist: options.readonly ?? false,
      timeout: options.timeoutMs ?? 5000,
      ...(binding !== undefined && { nativeBinding: binding }),
    });
  } catch (cause) {
    throw databaseError(`Cannot open ${path}`, cause);
  }
}

/**
 * Opens a database that several processes write to, and creates what `schema` says in a new one. `version` is the
 * format's number, kept in the file. Throws on a file that a newer version of this program has made.
 */
export function openShared(path: string, schema: string, version: number, options: OpenOptions = {}): Database {
  const database = openDatabase(path, options);
  try {
    patiently(() => prepare(database, schema, version, options.readonly === true));
    return database;
  } catch (cause) {
    database.close();
    throw databaseError(`Cannot use ${path}`, cause);
  }
}

/** The busy timeout is already set: without it the change to WAL fails when two processes start at once. */
function prepare(database: Database, schema: string, version: number, isReadonly: boolean): void {
  const found = versionOf(database);
  if (found > version) throw new Error(`it was made by a newer version of Countersign (format ${found}). Update this one.`);
  // Who only reads leaves an older format as it is.
  if (found < version && !isReadonly) {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.transaction(() => database.exec(`${schema}; PRAGMA user_version = ${version}`)).immediate();
  }
  database.pragma('synchronous = NORMAL');
}

function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** SQLite refuses some waits at once, to avoid a deadlock: the change to WAL is one. Only for opening, it blocks. */
function patiently(run: () => void): void {
  const deadline = performance.now() + 5000;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1 + Math.random() * 10);
    }
  }
}

/** The same for work beside the calls: waits without keeping the thread. */
export async function patientlyIn<T>(run: () => T): Promise<T> {
  const deadline = performance.now() + 5000;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await sleep(randomDelay());
    }
  }
}

/** 1 to 4 ms: random, so that those who wait do not collide again. */
export function randomDelay(): number {
  return 1 + Math.random() * 3;
}

/** Whether another process holds the lock; the same statement may succeed later. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
}

/** An error a person can act on, the original one as its cause. */
export function databaseError(what: string, cause: unknown): Error {
  return new Error(`${what}: ${explanationOf(cause)}`, { cause });
}

function explanationOf(cause: unknown): string {
  const code = sqliteCode(cause);
  const known = explanations.find(([prefix]) => code.startsWith(prefix));
  if (known !== undefined) return known[1];
  return cause instanceof Error ? cause.message : String(cause);
}

const explanations: readonly (readonly [string, string])[] = [
  ['SQLITE_FULL', 'the disk is full. Free some space.'],
  ['SQLITE_IOERR', 'the disk failed or is full. Check its space and health.'],
  ['SQLITE_READONLY', 'it cannot be written. Make the file and its folder writable for you.'],
  ['SQLITE_BUSY', 'another process held its lock for too long. Look for a program that has it open.'],
  ['SQLITE_LOCKED', 'another process held its lock for too long. Look for a program that has it open.'],
  ['SQLITE_CORRUPT', 'the file is damaged. Move it away (keep it as evidence) and restore a backup.'],
  ['SQLITE_NOTADB', 'the file is not a database. Move it away (keep it as evidence) and restore a backup.'],
  ['SQLITE_CANTOPEN', 'the file cannot be opened. Check that its folder exists and is yours.'],
];

function sqliteCode(error: unknown): string {
  if (error instanceof Sqlite.SqliteError) return error.code;
  return error instanceof Error && error.cause !== undefined ? sqliteCode(error.cause) : '';
}
