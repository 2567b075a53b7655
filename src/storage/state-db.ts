import * as z from 'zod/mini';
import type { Approval, ApprovalAnswer } from '../engine/approval/approval.ts';
import type { AnsweredCall, Grant, Observation, Pause, SessionRecord, StateStore } from '../governor/ports.ts';
import { BudgetRows } from './budget-rows.ts';
import { type Database, type OpenOptions, databaseError, openShared } from './database.ts';
import { answeredText, approvalText, grantText, observationText, pauseText, sessionText, stateSchema } from './state-rows.ts';

export interface StateOptions extends OpenOptions {
  readonly now?: () => number;
}

/** The last entry of the audit log. */
export interface LogHead {
  readonly seq: number;
  readonly hash: string;
}

const followedRows = z.array(z.tuple([z.string(), z.number()]));
const logHeadRow = z.object({ seq: z.number(), hash: z.string() });
const hour = 3_600_000;
const day = 24 * hour;
/** How long things are kept that only matter for a while. Longer than any rate window and any retry of a hook. */
const keep = { rates: 31 * day, answered: 7 * day, approvals: 90 * day, sessions: 90 * day, followed: 400 * day } as const;

/** How long what was saved in passing may stay uncommitted. */
const passingMs = 20;

/**
 * What must survive a restart, in one SQLite file. Every method throws when the disk does, with what to do.
 * Also knows which workspace policy files a person has trusted.
 *
 * What every call saves in passing (its session's counters, its memo, its rate) shares a transaction that is committed a
 * moment later, off the way of the answer: a crash may lose that moment, which the audit log does not. What a person decided
 * is committed before the method returns.
 */
export class StateDatabase implements StateStore {
  readonly #path: string;
  readonly #database: Database;
  readonly #now: () => number;
  readonly #statements = new Map<string, ReturnType<Database['prepare']>>();
  #prunedAt = 0;
  readonly #known = new Map<string, SessionRecord>();
  #committing: NodeJS.Timeout | undefined;
  #lost: Error | undefined;
  readonly budgets: BudgetRows;

  constructor(path: string, options: StateOptions = {}) {
    this.#path = path;
    this.#database = openShared(path, stateSchema, 6, { timeoutMs: 2000, ...options });
    this.#now = options.now ?? Date.now;
    this.budgets = new BudgetRows({ run: this.#run, runInPassing: this.#runInPassing, rows: this.#rows });
    this.#prune();
  }

  readonly saveSession = (session: SessionRecord): void => {
    const halted = session.killed !== undefined || session.paused !== undefined;
    const save = halted ? this.#run : this.#runInPassing;
    const { agent, id, lastSeenAt } = session;
    save('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)', agent, id, lastSeenAt, JSON.stringify(session));
    this.#known.set(`${agent} ${id}`, session);
  };

  /** Asked at every call of a session: read from the disk once. The governor is the one process that writes them. */
  readonly session = (agent: string, id: string): SessionRecord | undefined => {
    const key = `${agent} ${id}`;
    const session = this.#known.get(key) ?? this.#one(sessionText, 'SELECT json FROM sessions WHERE agent = ? AND id = ?', agent, id);
    if (session !== undefined) this.#known.set(key, session);
    return session;
  };

  readonly sessions = (): readonly SessionRecord[] => this.#all(sessionText, 'SELECT json FROM sessions ORDER BY seen DESC');

  readonly saveApproval = (approval: Approval): void => {
    const open = approval.answer === undefined ? 1 : 0;
    this.#run('INSERT OR REPLACE INTO approvals VALUES (?, ?, ?, ?)', approval.id, approval.askedAt, open, JSON.stringify(approval));
  };

  readonly answerApproval = (id: string, answer: ApprovalAnswer): void => {
    const sql = "UPDATE approvals SET open = 0, json = json_set(json, '$.answer', json(?)) WHERE id = ? AND open = 1";
    if (this.#run(sql, JSON.stringify(answer), id) > 0) return;
    const approval = this.approval(id);
    if (approval === undefined) throw new Error(`There is no approval ${id}`);
    throw new Error(`Approval ${id} was already answered: ${approval.answer?.outcome}`);
  };

  readonly approval = (id: string): Approval | undefined => this.#one(approvalText, 'SELECT json FROM approvals WHERE id = ?', id);

  readonly openApprovals = (): readonly Approval[] =>
    this.#all(approvalText, 'SELECT json FROM approvals WHERE open = 1 ORDER BY asked, rowid');

  /** Answered ones as well, newest first. */
  readonly approvals = (limit: number): readonly Approval[] =>
    this.#all(approvalText, 'SELECT json FROM approvals ORDER BY asked DESC LIMIT ?', limit);

  readonly answered = (agent: string, session: string, callId: string): AnsweredCall | undefined =>
    this.#one(answeredText, 'SELECT json FROM answered WHERE agent = ? AND session = ? AND call = ?', agent, session, callId);

  readonly saveAnswered = (call: AnsweredCall): void => {
    // A consent is used up by its answer: it must not be asked for, or given, a second time.
    const save = call.answer.kind === 'approve' ? this.#run : this.#runInPassing;
    save('INSERT OR REPLACE INTO answered VALUES (?, ?, ?, ?, ?)', call.agent, call.session, call.callId, call.at, JSON.stringify(call));
    this.#pruneNowAndThen();
  };

  readonly saveGrant = (grant: Grant): void => {
    this.#run('INSERT OR REPLACE INTO grants VALUES (?, ?, ?, ?)', grant.id, grant.session, grant.expiresAt, JSON.stringify(grant));
  };

  readonly grants = (session: string): readonly Grant[] =>
    this.#all(grantText, 'SELECT json FROM grants WHERE session = ? ORDER BY rowid', session);

  readonly dropGrant = (id: string): void => {
    this.#run('DELETE FROM grants WHERE id = ?', id);
  };

  readonly #rows = (sql: string, ...values: readonly (string | number)[]): readonly unknown[] =>
    this.#try(() => this.#statement(sql).all(...values));

  readonly recordRate = (key: string, at: number): void => {
    this.#runInPassing('INSERT INTO rates VALUES (?, ?)', key, at);
    this.#pruneNowAndThen();
  };

  readonly countRate = (key: string, since: number): number =>
    this.#try(() => Number(this.#statement('SELECT count(*) AS n FROM rates WHERE key = ? AND at >= ?').pluck().get(key, since)));

  readonly pauseOfAll = (): Pause | undefined => this.#one(pauseText, 'SELECT json FROM pause_of_all');

  readonly savePauseOfAll = (pause: Pause | undefined): void => {
    if (pause === undefined) this.#run('DELETE FROM pause_of_all');
    else this.#run('INSERT OR REPLACE INTO pause_of_all VALUES (1, ?)', JSON.stringify(pause));
  };

  readonly observations = (): readonly Observation[] => this.#all(observationText, 'SELECT json FROM observing ORDER BY folder');

  /** All calls are those of no folder: the empty text. */
  readonly saveObservation = (observation: Observation): void => {
    this.#run('INSERT OR REPLACE INTO observing VALUES (?, ?)', observation.folder ?? '', JSON.stringify(observation));
  };

  readonly dropObservation = (folder: string | undefined): void => {
    this.#run('DELETE FROM observing WHERE folder = ?', folder ?? '');
  };

  /** A person has read this very version of the file and accepts what it makes freer. */
  readonly trustFile = (path: string, digest: string): void => {
    this.#run('INSERT OR REPLACE INTO trust VALUES (?, ?, ?)', path, digest, this.#now());
  };

  readonly isTrusted = (path: string, digest: string): boolean =>
    this.#try(() => this.#statement('SELECT 1 FROM trust WHERE path = ? AND digest = ?').get(path, digest) !== undefined);

  /** The version of the file that was trusted last: what a changed one is to be compared with. */
  readonly trustedDigest = (path: string): string | undefined =>
    this.#try(() => this.#statement('SELECT digest FROM trust WHERE path = ? ORDER BY at DESC, rowid DESC').pluck().get(path)?.toString());

  /** The version of the file that was recorded last, so that the next one can be compared with it. */
  readonly lastPolicy = (path: string): string | undefined =>
    this.#try(() => this.#statement('SELECT digest FROM last_policies WHERE path = ?').pluck().get(path)?.toString());

  readonly saveLastPolicy = (path: string, digest: string | undefined): void => {
    if (digest === undefined) this.#run('DELETE FROM last_policies WHERE path = ?', path);
    else this.#run('INSERT OR REPLACE INTO last_policies VALUES (?, ?)', path, digest);
  };

  /** How far the audit log has come: so that a log which was cut off or replaced is noticed. */
  readonly saveLogHead = (head: LogHead): void =>
    this.#runInPassing('INSERT OR REPLACE INTO log_head VALUES (1, ?, ?)', head.seq, head.hash);

  readonly logHead = (): LogHead | undefined =>
    this.#try(() => {
      const row = this.#statement('SELECT seq, hash FROM log_head').get();
      return row === undefined ? undefined : z.parse(logHeadRow, row);
    });

  /** How far each of the agents' own records has been read. */
  readonly followed = (): ReadonlyMap<string, number> =>
    this.#try(() => new Map(z.parse(followedRows, this.#statement('SELECT path, offset FROM followed').raw().all())));

  readonly saveFollowed = (path: string, offset: number): void =>
    this.#runInPassing('INSERT OR REPLACE INTO followed VALUES (?, ?, ?)', path, offset, this.#now());

  /** Since when they are read. The first time, where sessions were governed before, that is now: the past is not gone through. */
  readonly followedSince = (): number => {
    const since = this.sessions().length === 0 ? 0 : this.#now();
    this.#run('INSERT OR IGNORE INTO follow_since VALUES (1, ?)', since);
    return this.#try(() => Number(this.#statement('SELECT at FROM follow_since').pluck().get()));
  };

  /** Where agents keep their files, besides their default. */
  readonly agentFolders = (): readonly string[] => this.#all((path) => z.parse(z.string(), path), 'SELECT path FROM agent_folders');

  readonly saveAgentFolder = (path: string): void => void this.#run('INSERT OR IGNORE INTO agent_folders VALUES (?)', path);

  close(): void {
    this.#commit();
    this.#database.close();
  }

  #pruneNowAndThen(): void {
    if (this.#now() - this.#prunedAt > hour) this.#prune();
  }

  #prune(): void {
    this.#known.clear();
    this.#prunedAt = this.#now();
    this.#run('DELETE FROM rates WHERE at < ?', this.#prunedAt - keep.rates);
    this.#run('DELETE FROM answered WHERE at < ?', this.#prunedAt - keep.answered);
    this.#run('DELETE FROM grants WHERE expires < ?', this.#prunedAt);
    this.budgets.prune(this.#prunedAt);
    this.#run('DELETE FROM approvals WHERE open = 0 AND asked < ?', this.#prunedAt - keep.approvals);
    this.#run('DELETE FROM followed WHERE at < ?', this.#prunedAt - keep.followed);
    // A killed or paused session stays refused for ever: it may be resumed at any time.
    const halted = "json ->> '$.killed' IS NOT NULL OR json ->> '$.paused' IS NOT NULL";
    this.#run(`DELETE FROM sessions WHERE seen < ? AND NOT (${halted})`, this.#prunedAt - keep.sessions);
  }

  readonly #run = (sql: string, ...values: readonly (string | number)[]): number => {
    const changes = this.#try(() => this.#statement(sql).run(...values).changes);
    this.#try(() => this.#commit());
    return changes;
  };

  readonly #runInPassing = (sql: string, ...values: readonly (string | number)[]): void => {
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost !== undefined) throw lost;
    this.#try(() => {
      if (!this.#database.inTransaction) this.#statement('BEGIN IMMEDIATE').run();
      this.#statement(sql).run(...values);
    });
    this.#committing ??= setTimeout(() => this.#commitInPassing(), passingMs);
  };

  /** Nobody waits for this commit: whoever saves next hears that it failed. */
  #commitInPassing(): void {
    try {
      this.#commit();
    } catch (cause) {
      this.#lost = databaseError(`${this.#path} could not be written`, cause);
    }
  }

  #commit(): void {
    clearTimeout(this.#committing);
    this.#committing = undefined;
    if (this.#database.inTransaction) this.#statement('COMMIT').run();
  }

  #one<T>(read: (json: unknown) => T, sql: string, ...values: readonly (string | number)[]): T | undefined {
    return this.#all(read, sql, ...values)[0];
  }

  #all<T>(read: (json: unknown) => T, sql: string, ...values: readonly (string | number)[]): readonly T[] {
    return this.#try(() =>
      this.#statement(sql)
        .pluck()
        .all(...values)
        .map(read),
    );
  }

  #statement(sql: string) {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw databaseError(`The state in ${this.#path} cannot be read or written`, cause);
    }
  }
}
