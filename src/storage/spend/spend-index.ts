import { statSync } from 'node:fs';
import type { UsageReader } from '../../agents/agent.ts';
import type { RequestFact, UsageFact } from '../../engine/spend/fact.ts';
import type { Prices } from '../../engine/spend/price.ts';
import type { SessionSpend, SpendQuery, SpendReport, SpendSum } from '../../engine/spend/report.ts';
import { responseOf } from '../../engine/spend/response.ts';
import { totalOf } from '../../engine/spend/usage.ts';
import type { SpendAsker, SpendScope } from '../../governor/ports.ts';
import { type Database, openShared } from '../database.ts';
import { clineRecordOf, copilotRecordOf } from '../agent-folders.ts';
import { activeMs, Backlog, type Waiting } from './backlog.ts';
import { Files } from './files.ts';
import { LiveRequests } from './live-requests.ts';
import { Names } from './names.ts';
import { SpendQueries } from './queries.ts';
import { RecordReading } from './read-file.ts';
import { recordsOf, type RecordFile } from './record-places.ts';
import { Responses } from './responses.ts';
import { SaidCosts } from './said-costs.ts';
import { spendSchema, spendVersion } from './schema.ts';
import { Totals } from './totals.ts';

export interface SpendIndexOptions {
  readonly path: string;
  readonly readers: readonly UsageReader[];
  /** Every record that there is now. */
  readonly records: () => readonly RecordFile[];
  /** Which workspace a folder belongs to. */
  readonly workspaceOf: (cwd: string) => string;
  /** Those in force now. */
  readonly prices: () => Prices;
  readonly now: () => number;
}

/** As many responses are kept in memory before they are written. */
const flushAt = 32;
/** As long is a transaction left open while more is being read. */
const commitMs = 2_000;

/** What agents' records say was used: reads them, remembers it, and answers. Everything here is done at once; who waits is the caller. */
export class SpendIndex {
  readonly #options: SpendIndexOptions;
  readonly #database: Database;
  readonly #files: Files;
  readonly #backlog: Backlog;
  readonly #names: Names;
  readonly #responses: Responses;
  readonly #totals: Totals;
  readonly #live: LiveRequests;
  readonly #queries: SpendQueries;
  readonly #reading: RecordReading;
  readonly #label;
  readonly #workspaces = new Map<string, string>();
  readonly #active = new Map<string, Waiting>();
  #unsettled = new Set<string>();
  #changed = new Set<string>();
  #prices: Prices | undefined;
  #begunAt = 0;

  constructor(options: SpendIndexOptions) {
    this.#options = options;
    this.#database = openShared(options.path, spendSchema, spendVersion);
    this.#database.pragma('cache_size = -3000');
    this.#database.pragma('wal_autocheckpoint = 8000');
    this.#files = new Files(this.#database);
    this.#backlog = new Backlog(this.#files);
    this.#names = new Names(this.#database);
    this.#responses = new Responses(this.#database, this.#names);
    this.#live = new LiveRequests(this.#database, this.#names);
    const said = new SaidCosts(this.#database, this.#names);
    this.#totals = new Totals(this.#database, this.#names, this.#live, said);
    this.#queries = new SpendQueries(this.#database, this.#names, said);
    this.#reading = new RecordReading(this.#files, options.readers);
    this.#label = this.#database.prepare<[number, number, string]>('REPLACE INTO labels VALUES (?, ?, ?)');
  }

  /** Looks which records are new or have changed. They are read by `step`. */
  scan(): void {
    this.#workspaces.clear();
    this.#backlog.scan(this.#options.records());
  }

  /** Reads for about that long. True: nothing is left that `scan` found, or nothing changed since `since`. */
  step(ms: number, since = 0): boolean {
    const until = performance.now() + ms;
    const isTime = (): boolean => performance.now() >= until;
    for (let next = this.#backlog.next(since); next !== undefined; next = this.#backlog.next(since)) {
      const record = next;
      this.#backlog.work(record, () => this.#readIfThere(record, isTime));
      if (isTime()) {
        if (performance.now() - this.#begunAt > commitMs) this.commit();
        return false;
      }
    }
    this.commit();
    return true;
  }

  /** Requests that an agent told while it runs. What its records have of them already, or later, is counted there. */
  takeRequests(facts: readonly RequestFact[]): void {
    this.#orForget(() => {
      this.#begin();
      for (const fact of facts) {
        this.#live.add(fact, this.#options.now());
        this.#unsettled.add(fact.session);
        this.#changed.add(fact.session);
      }
    });
    this.commit();
  }

  /** Reads what was added to files that have grown lately. */
  follow(): void {
    const now = this.#options.now();
    this.#showRequests(now);
    for (const [path, { record, mtime, size }] of this.#active) {
      const found = statSync(path, { throwIfNoEntry: false });
      const last = found === undefined ? mtime : Math.trunc(found.mtimeMs);
      if (found === undefined || now - last > activeMs) this.#active.delete(path);
      else if (found.size !== size || last !== mtime) this.#readIfThere(record, never);
    }
    this.commit();
  }

  /** Reads everything that the session's records hold now. Throws when it cannot: then what it has used is not known. */
  readSession({ agent, session, transcript }: SpendAsker): void {
    if (!this.#options.readers.some((reader) => reader.agent === agent)) throw new Unknown(`What ${agent} uses cannot be counted.`);
    const known = this.#backlog.of(session);
    const main = transcript ?? known.find(({ subagent }) => subagent === '')?.path ?? placeOf(agent, session);
    if (main === undefined) throw new Unknown(`The record of session ${session} was not found, so what it has used is not known.`);
    for (const record of recordsOf(agent, main)) this.#backlog.know(session, record);
    for (const record of this.#backlog.of(session)) this.#read(record, never);
    this.commit();
  }

  /** The same for those who only watch. */
  tryReadSession(asking: SpendAsker): void {
    try {
      this.readSession(asking);
    } catch (error) {
      if (!(error instanceof Unknown) && !hasErrno(error)) throw error;
    }
  }

  sum(scope: SpendScope): SpendSum {
    this.commit();
    return this.#queries.sum(scope, this.#currentPrices());
  }

  report(query: SpendQuery): SpendReport {
    this.commit();
    const report = this.#queries.report(query, this.#currentPrices());
    const indexing = this.#backlog.progress();
    return indexing === undefined ? report : { ...report, indexing };
  }

  /** `undefined` where nothing was counted. */
  session(agent: string, session: string): SessionSpend | undefined {
    const { usd, tokens, notItemisedTokens = 0, unpricedTokens, isLowerBound, responses } = this.sum({ agent, session });
    if (responses === 0) return undefined;
    return { usd, tokens: totalOf(tokens) + notItemisedTokens, unpricedTokens, isLowerBound };
  }

  /** The sessions of which more is known than the last time. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  /** Makes what was read last. Throws when the disk does; then it is read again. */
  commit(): void {
    if (!this.#database.inTransaction) return;
    this.#orForget(() => {
      this.#flush();
      this.#settle();
      this.#database.exec('COMMIT');
    });
  }

  close(): void {
    this.commit();
    this.#database.close();
  }

  /** Those whose response was not written down in time never will be. */
  #showRequests(now: number): void {
    const due = this.#live.due(now);
    if (due.length > 0) this.#begin();
    for (const session of due) {
      this.#unsettled.add(session);
      this.#changed.add(session);
    }
  }

  /** A file that is gone meanwhile, or that we may not read, is left out: nobody asks for its session. */
  #readIfThere(record: RecordFile, isTime: () => boolean): boolean {
    try {
      return this.#read(record, isTime);
    } catch (error) {
      if (hasErrno(error)) return true;
      throw error;
    }
  }

  #read(record: RecordFile, isTime: () => boolean): boolean {
    return this.#orForget(() => {
      this.#begin();
      const isRead = this.#reading.read(record, isTime, (fact, begun) => this.#take(record, fact, begun));
      const file = this.#files.get(record.path);
      if (file !== undefined && this.#options.now() - file.mtime < activeMs)
        this.#active.set(record.path, { record, mtime: file.mtime, size: file.size });
      return isRead;
    });
  }

  #take(record: RecordFile, fact: UsageFact, begun: number): void {
    const { agent } = record;
    switch (fact.kind) {
      case 'response':
        this.#responses.add(agent, fact.key, responseOf(agent, fact, this.#workspaceOf(fact.cwd), begun), record.session);
        if (this.#responses.size >= flushAt) this.#flush();
        return;
      case 'total':
        this.#totals.add(agent, fact);
        this.#unsettled.add(fact.session);
        return;
      case 'label':
        this.#label.run(this.#names.id(fact.session), this.#names.id(fact.subagent), fact.label);
    }
  }

  #flush(): void {
    this.#responses.flush();
    for (const session of this.#responses.takeChanged()) {
      this.#changed.add(session);
      this.#unsettled.add(session);
    }
  }

  #settle(): void {
    let prices: Prices;
    try {
      prices = this.#currentPrices();
    } catch {
      // Whoever asks for a sum is told what is wrong with the prices. What was used is counted all the same.
      return;
    }
    for (const session of this.#unsettled) this.#totals.settle(session, prices, this.#options.now());
    this.#unsettled.clear();
  }

  #workspaceOf(cwd: string): string {
    if (cwd === '') return '';
    const known = this.#workspaces.get(cwd);
    if (known !== undefined) return known;
    const found = this.#options.workspaceOf(cwd);
    this.#workspaces.set(cwd, found);
    return found;
  }

  /** With other prices, what a sum hides has another price. */
  #currentPrices(): Prices {
    const prices = this.#options.prices();
    if (this.#prices !== undefined && this.#prices !== prices) this.#totals.settleAll(prices, this.#options.now());
    return (this.#prices = prices);
  }

  #begin(): void {
    if (this.#database.inTransaction) return;
    this.#database.exec('BEGIN IMMEDIATE');
    this.#begunAt = performance.now();
  }

  /** Half of something is not kept: what was not committed is read again. */
  #orForget<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (hasErrno(error)) throw error;
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      this.#responses.forget();
      this.#names.forget();
      this.#files.load();
      this.#unsettled.clear();
      throw error;
    }
  }
}

/** Of agents that tell no hook before it is needed. */
function placeOf(agent: string, session: string): string | undefined {
  if (agent === 'cline') return clineRecordOf(session);
  return agent === 'copilot-cli' ? copilotRecordOf(session) : undefined;
}

/** There is no record that could tell. */
class Unknown extends Error {}

const never = (): boolean => false;

/** The disk's own error about one file, which leaves everything else as it was. */
function hasErrno(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && 'syscall' in error;
}
