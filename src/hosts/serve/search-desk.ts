import { hostname } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import type { PathsOf } from '../../engine/audit/entry-match.ts';
import { exportTexts } from '../../engine/audit/export/formats.ts';
import { Refused } from '../../governor/fault.ts';
import { FacetCounts } from '../../storage/audit-facets.ts';
import { countedDays, RuleCounts } from '../../storage/audit-rule-counts.ts';
import { LogSearch, type SearchProgress } from '../../storage/audit-search.ts';
import { storedPages, whyNotThere, writeTexts } from '../../storage/audit-search-export.ts';
import { type Database, openDatabase } from '../../storage/database.ts';
import type { SearchMethod, SearchMethods, SearchPlace } from './search-messages.ts';

/** What the thread does for the governor. */
export type Desk = {
  readonly [M in SearchMethod]: (params: SearchMethods[M]['params']) => SearchMethods[M]['result'] | Promise<SearchMethods[M]['result']>;
};

interface Open {
  readonly search: LogSearch;
  /** Something happened that its client has not heard of. */
  hasNews: boolean;
}

/** How often clients hear of a search, and the log is asked for new entries. */
const tellMs = 100;
/** A new search is looked at so long before the first answer. */
const firstMs = 40;

/** Everything that looks through the log, a slice at a time, so that each question is answered after the slice that runs. */
export class SearchDesk implements Desk {
  readonly #place: SearchPlace;
  readonly #database: Database;
  readonly #facets: FacetCounts;
  readonly #ruleCounts: RuleCounts;
  readonly #tell: (key: number, progress: SearchProgress) => void;
  readonly #searches = new Map<number, Open>();
  readonly #ended = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isScanning = false;
  #isBehind = false;
  #version = 0;

  constructor(place: SearchPlace, tell: (key: number, progress: SearchProgress) => void) {
    this.#place = place;
    this.#database = openDatabase(place.audit, { readonly: true });
    this.#facets = new FacetCounts(this.#database);
    this.#ruleCounts = new RuleCounts(this.#database);
    this.#tell = tell;
  }

  readonly open: Desk['open'] = async ({ key, search: wanted }) => {
    const search = new LogSearch(this.#database, wanted, await pathsFor(wanted.path));
    this.#searches.set(key, { search, hasNews: false });
    const until = performance.now() + firstMs;
    do search.scan();
    while (!search.isComplete && performance.now() < until);
    this.#timer ??= setInterval(() => this.#tick(), tellMs);
    if (!search.isComplete) void this.#scanAll();
    return search.state;
  };

  readonly rows: Desk['rows'] = ({ key, from, limit }) => this.#find(key).rows(from, limit);

  readonly close: Desk['close'] = ({ key }) => {
    this.#searches.delete(key);
    if (this.#searches.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    return true;
  };

  readonly export: Desk['export'] = async ({ key, format, file }) => {
    const search = this.#find(key);
    const why = whyNotThere(file, this.#place.home);
    if (why !== undefined) throw new Refused('not-allowed', why);
    while (!search.isComplete) await this.#goOn(key);
    const { count: entries, numbers } = search.oldestFirst();
    const pages = storedPages(this.#database, numbers);
    await writeTexts(file, exportTexts(format, this.#origin(), pages), async () => this.#goOn(key));
    return { entries };
  };

  readonly facets: Desk['facets'] = async () => {
    await this.#inTurns(() => this.#facets.advance());
    return this.#facets.facets();
  };

  readonly ruleCounts: Desk['ruleCounts'] = async ({ folders }) => {
    const now = Date.now();
    await this.#inTurns(() => this.#ruleCounts.advance(now));
    return { days: countedDays, rules: this.#ruleCounts.counts(now, folders) };
  };

  readonly entry: Desk['entry'] = async ({ seq }) => {
    // What reads policies is large: the first rows need not wait for it.
    const { entryDetails } = await import('../../storage/audit-entry.ts');
    const details = entryDetails(this.#database, seq);
    if (details === undefined) throw new Refused('not-found', `There is no entry ${seq}.`);
    return details;
  };

  readonly end: Desk['end'] = async () => {
    this.#ended.abort(new Error('The governor stops.'));
    for (const key of this.#searches.keys()) await this.close({ key });
    // Whatever waits for its next turn hears of it first.
    await turn();
    await turn();
    this.#database.close();
    return true as const;
  };

  #find(key: number): LogSearch {
    const open = this.#searches.get(key);
    if (open === undefined) throw new Refused('not-found', 'This search is not open any more. Search again.');
    return open.search;
  }

  async #inTurns(advance: () => boolean): Promise<void> {
    while (advance()) {
      await turn();
      this.#ended.signal.throwIfAborted();
    }
  }

  /** The next turn; rejects where the search was closed meanwhile. */
  async #goOn(key: number): Promise<void> {
    await turn();
    this.#find(key);
  }

  /** One slice of each search in turn, until all are complete. */
  async #scanAll(): Promise<void> {
    if (this.#isScanning) return;
    this.#isScanning = true;
    for (let left = this.#incomplete(); left.length > 0; left = this.#incomplete()) {
      for (const open of left) {
        await turn();
        // It may have been closed meanwhile, and the log with it.
        if (!this.#incomplete().includes(open)) continue;
        open.search.scan();
        open.hasNews = true;
      }
    }
    this.#isScanning = false;
  }

  #incomplete(): readonly Open[] {
    return [...this.#searches.values()].filter(({ search }) => !search.isComplete);
  }

  #tick(): void {
    this.#isBehind ||= this.#hasChanged();
    if (this.#isBehind) this.#follow();
    for (const [key, open] of this.#searches) {
      if (open.hasNews) this.#tell(key, open.search.state);
      open.hasNews = false;
    }
  }

  /** Many at once are looked at in parts: until there is nothing new. */
  #follow(): void {
    this.#isBehind = false;
    for (const open of this.#searches.values()) {
      const { newer } = open.search.state;
      this.#isBehind = open.search.follow() || this.#isBehind;
      open.hasNews ||= open.search.state.newer > newer;
    }
  }

  /** The data version changes exactly when somebody has committed. */
  #hasChanged(): boolean {
    const version = Number(this.#database.pragma('data_version', { simple: true }));
    const hasChanged = version !== this.#version;
    this.#version = version;
    return hasChanged;
  }

  #origin() {
    const first: unknown = this.#database.prepare('SELECT hash FROM entries WHERE seq = 1').pluck().get();
    return { log: typeof first === 'string' ? first : '', host: hostname(), version: this.#place.version };
  }
}

/** What reads commands is large, and only a search for a path needs it. */
async function pathsFor(path: string | undefined): Promise<PathsOf> {
  if (!path) return () => [];
  return (await import('../../engine/audit/entry-paths.ts')).entryPaths;
}
