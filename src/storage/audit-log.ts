import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import * as z from 'zod/mini';
import { genesis, linkOf } from '../engine/audit/chain.ts';
import type { AuditEntry, AuditRecord } from '../engine/audit/entry.ts';
import type { Action, Layer } from '../engine/decision.ts';
import type { AuditLog, AuditQuery } from '../governor/ports.ts';
import { Appended } from './audit-appended.ts';
import { columns, recordOfRow, rowOf } from './audit-rows.ts';
import { auditFormat, auditSchema } from './audit-schema.ts';
import { layer } from './decision-schema.ts';
import { type Database, type OpenOptions, databaseError, isBusy, openShared, randomDelay } from './database.ts';

export interface AuditOptions extends OpenOptions {
  /** How long an entry waits for other processes that write to the same log, before it is rejected. */
  readonly patienceMs?: number;
  /** How often `onAppended` looks for entries of other processes. */
  readonly pollMs?: number;
}

export interface AuditFilter extends AuditQuery {
  readonly agent?: string;
  /** The canonical name or the agent's own. */
  readonly tool?: string;
  readonly action?: Action;
  /** Only entries with a smaller number: to page backwards. */
  readonly before?: number;
}

/** The text of a policy file in one of the versions that were ever in force. */
export interface PolicyVersion {
  readonly digest: string;
  readonly source: string;
  readonly path: string;
  readonly layer: Layer;
}

interface Waiting {
  readonly entry: AuditEntry;
  readonly durability: 'written' | 'synced';
  readonly deadline: number;
  readonly resolve: (record: AuditRecord) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The audit log in one SQLite file. `written` is committed: it survives the end of this process. `synced` has reached
 * the disk: it survives a power failure. Entries that are appended in one turn of the event loop share one transaction.
 * Other processes may append to the same file; the chain is continued from whatever is the last entry at that moment.
 */
export class AuditDatabase implements AuditLog {
  readonly #path: string;
  readonly #database: Database;
  readonly #inode: bigint;
  readonly #patienceMs: number;
  readonly #appended: Appended;
  readonly #write: (batch: readonly Waiting[]) => readonly (AuditRecord | Error)[];
  readonly #page: (limit: number, before: number) => readonly AuditRecord[];
  #waiting: Waiting[] = [];
  #scheduled = false;
  #synchronous: 'NORMAL' | 'FULL' = 'NORMAL';

  /** Creates the file where there is none. Throws with what to do when it cannot be used. */
  constructor(path: string, options: AuditOptions = {}) {
    this.#path = path;
    this.#database = openShared(path, auditSchema, auditFormat, options);
    // From here on nobody waits inside SQLite, which would block this thread: a busy log is tried again later.
    this.#database.pragma('busy_timeout = 0');
    // Where the tables grow, no second copy of an entry stays behind that emptying it would miss. Costs no writes.
    this.#database.pragma('secure_delete = FAST');
    this.#inode = statSync(path, { bigint: true }).ino;
    this.#patienceMs = options.patienceMs ?? 5000;
    this.#appended = new Appended(this.#database, options.pollMs ?? 250);
    this.#write = this.#prepareWrite();
    const page = this.#database.prepare(`SELECT ${columns} FROM entries WHERE seq < ? ORDER BY seq DESC LIMIT ?`).raw();
    this.#page = (limit, before) => page.all(before, limit).map(recordOfRow);
  }

  readonly append = (entry: AuditEntry, durability: 'written' | 'synced'): Promise<AuditRecord> => {
    const { promise, resolve, reject } = Promise.withResolvers<AuditRecord>();
    this.#waiting.push({ entry, durability, deadline: performance.now() + this.#patienceMs, resolve, reject });
    if (!this.#scheduled) this.#schedule(0);
    return promise;
  };

  readonly recent = (limit: number, before = Number.MAX_SAFE_INTEGER): readonly AuditRecord[] =>
    this.#reading(() => this.#page(limit, before));

  readonly get = (seq: number): AuditRecord | undefined => this.#reading(() => this.#page(1, seq + 1).find((record) => record.seq === seq));

  /** Newest first; at most 100 unless `limit` says otherwise. */
  readonly list = (filter: AuditFilter): readonly AuditRecord[] => {
    const { where, values } = conditionsOf(filter);
    const sql = `SELECT ${columns} FROM entries ${where} ORDER BY seq DESC LIMIT ?`;
    return this.#reading(() =>
      this.#database
        .prepare(sql)
        .raw()
        .all(...values, filter.limit ?? 100)
        .map(recordOfRow),
    );
  };

  /** Keeps the text of a policy version, once. Text that does not have this digest (a file that was no text) is not kept. */
  readonly savePolicy = (policy: PolicyVersion, at: number): void => {
    if (policy.digest !== `sha256:${createHash('sha256').update(policy.source).digest('hex')}`) return;
    try {
      this.#database.pragma('busy_timeout = 2000');
      this.#database
        .prepare('INSERT OR IGNORE INTO policies (digest, source, path, layer, first_seen) VALUES (?, ?, ?, ?, ?)')
        .run(policy.digest, policy.source, policy.path, policy.layer, Math.trunc(at));
    } catch (cause) {
      throw databaseError(`The policy ${policy.path} could not be kept in ${this.#path}`, cause);
    } finally {
      this.#database.pragma('busy_timeout = 0');
    }
  };

  readonly policyVersion = (digest: string): PolicyVersion | undefined =>
    this.#reading(() => {
      const row = this.#database.prepare('SELECT digest, source, path, layer FROM policies WHERE digest = ?').get(digest);
      return row === undefined ? undefined : z.parse(policySchema, row);
    });

  /** Tells of every entry from now on, other processes' included, in order. The returned function ends it. */
  onAppended(listener: (records: readonly AuditRecord[]) => void): () => void {
    return this.#appended.listen(listener);
  }

  /** Whatever still waits is rejected. */
  close(): void {
    this.#appended.close();
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new Error('The audit log was closed before the entry could be written.'));
    this.#database.close();
  }

  #schedule(delayMs: number): void {
    this.#scheduled = true;
    const flush = () => {
      this.#scheduled = false;
      this.#flush();
    };
    // An immediate runs after everything that this turn of the event loop brought in: that is the batch.
    if (delayMs === 0) setImmediate(flush);
    else setTimeout(flush, delayMs);
  }

  #flush(): void {
    const batch = this.#waiting.splice(0);
    if (batch.length === 0) return;
    try {
      this.#assertInPlace();
      this.#synchronize(batch.some((waiting) => waiting.durability === 'synced') ? 'FULL' : 'NORMAL');
      const results = this.#write(batch);
      batch.forEach((waiting, i) => settle(waiting, results[i]));
    } catch (cause) {
      this.#failed(batch, cause);
      return;
    }
    this.#appended.lookSoon();
  }

  #failed(batch: readonly Waiting[], cause: unknown): void {
    const now = performance.now();
    const patient = isBusy(cause) ? batch.filter((waiting) => waiting.deadline > now) : [];
    for (const waiting of batch) {
      if (!patient.includes(waiting)) waiting.reject(databaseError(`The entry could not be written to ${this.#path}`, cause));
    }
    this.#waiting.unshift(...patient);
    if (this.#waiting.length > 0 && !this.#scheduled) this.#schedule(randomDelay());
  }

  /** One transaction for all. An entry that is no JSON is refused alone; whatever else fails, fails for all. */
  #prepareWrite(): (batch: readonly Waiting[]) => readonly (AuditRecord | Error)[] {
    const last = this.#database.prepare('SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1').raw();
    const insert = this.#database.prepare(`INSERT INTO entries (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    const transaction = this.#database.transaction((batch: readonly Waiting[]) => {
      let [seq, previous] = z.parse(lastSchema, last.get() ?? [0, genesis]);
      return batch.map(({ entry }) => {
        const link = linkOrError(previous, seq + 1, entry);
        if (link instanceof Error) return link;
        const { record, text } = link;
        insert.run(...rowOf(record, text));
        [seq, previous] = [record.seq, record.hash];
        return record;
      });
    });
    return (batch) => transaction.immediate(batch);
  }

  #synchronize(mode: 'NORMAL' | 'FULL'): void {
    if (this.#synchronous === mode) return;
    this.#database.pragma(`synchronous = ${mode}`);
    this.#synchronous = mode;
  }

  /** SQLite goes on writing into a file that was deleted or moved away: the entries would be lost with it. */
  #assertInPlace(): void {
    if (statSync(this.#path, { bigint: true, throwIfNoEntry: false })?.ino === this.#inode) return;
    throw new Error('the file was removed or replaced while in use. Find out by whom, then restart the governor to begin a new log.');
  }

  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw databaseError(`Cannot read ${this.#path}`, cause);
    }
  }
}

const lastSchema = z.tuple([z.number(), z.string()]);
const policySchema = z.object({ digest: z.string(), source: z.string(), path: z.string(), layer });

function settle(waiting: Waiting, result: AuditRecord | Error | undefined): void {
  if (result !== undefined && !(result instanceof Error)) waiting.resolve(result);
  else waiting.reject(new Error('The entry could not be written: it is not JSON', { cause: result }));
}

function linkOrError(previous: string, seq: number, entry: AuditEntry): ReturnType<typeof linkOf> | Error {
  try {
    return linkOf(previous, seq, entry);
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

export function conditionsOf(filter: AuditFilter) {
  const conditions: readonly (readonly [sql: string, value: string | number | undefined])[] = [
    ['time >= ?', filter.since],
    ['time < ?', filter.until],
    ['session = ?', filter.session],
    ['agent = ?', filter.agent],
    ["? IN (tool, json ->> '$.nativeTool')", filter.tool],
    ['action = ?', filter.action],
    ['kind = ?', filter.kind],
    ["json ->> '$.callId' = ?", filter.callId],
    ['seq < ?', filter.before],
  ];
  const used = conditions.filter(([, value]) => value !== undefined);
  const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
  return { where, values: used.map(([, value]) => value) };
}
