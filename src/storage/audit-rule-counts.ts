import * as z from 'zod/mini';
import { foldedPath } from '../engine/audit/entry-match.ts';
import type { RuleCount } from '../engine/audit/search.ts';
import type { Action } from '../engine/decision.ts';
import { lastOf } from './audit-search.ts';
import type { Database } from './database.ts';

/** So far back is counted. */
export const countedDays = 7;

const hourMs = 3_600_000;
const windowHours = countedDays * 24;
const sliceMs = 20;
const firstSlice = 500;
const largestSlice = 50_000;

type Tally = { [A in Action]: number };
interface Count {
  readonly enforced: Tally;
  readonly observed: Tally;
  exempted: number;
}
/** By hour, then by the folder in which the call ran, then by `policy/rule`. */
type Hours = Map<number, Map<string, Map<string, Count>>>;

/** Counts what each rule did lately, each entry once, hour by hour: what was counted is remembered, and goes with its hour. */
export class RuleCounts {
  readonly #database: Database;
  readonly #texts;
  readonly #first;
  readonly #prunes;
  #hours: Hours = new Map();
  #counted: number | undefined;
  #prune = 0;
  #slice = firstSlice;

  constructor(database: Database) {
    this.#database = database;
    // Only decisions that a rule made are read. GLOB is the fastest way to look for them.
    this.#texts = database
      .prepare(`SELECT json FROM entries NOT INDEXED WHERE seq > ? AND seq <= ? AND kind = 'decision' AND json GLOB '*policy":*'`)
      .pluck();
    this.#first = database.prepare('SELECT min(seq) FROM entries INDEXED BY entries_time WHERE time >= ?').pluck();
    this.#prunes = database.prepare("SELECT max(seq) FROM entries WHERE kind = 'prune'").pluck();
  }

  /** Looks through the next entries; whether there are more. */
  advance(now: number): boolean {
    const before = performance.now();
    this.#forgetEmptied();
    const last = lastOf(this.#database);
    const counted = this.#counted ?? Number(this.#first.get(sinceOf(now)) ?? last + 1) - 1;
    const next = Math.min(last, counted + this.#slice);
    for (const json of this.#texts.all(counted, next)) this.#count(json);
    this.#counted = Math.max(counted, next);
    const ms = Math.max(performance.now() - before, 0.1);
    this.#slice = Math.ceil(Math.min(largestSlice, this.#slice * Math.min(4, Math.max(0.25, sliceMs / ms))));
    return this.#counted < last;
  }

  /** Of calls that ran in one of the folders or below it; left out: of all. */
  counts(now: number, folders?: readonly string[]): readonly RuleCount[] {
    for (const hour of this.#hours.keys()) if (hour * hourMs < sinceOf(now)) this.#hours.delete(hour);
    const sums = new Map<string, Count>();
    for (const byFolder of this.#hours.values())
      for (const [folder, byRule] of byFolder)
        if (isWithin(folder, folders)) for (const [rule, count] of byRule) add(countOf(sums, rule), count);
    return [...sums].map(([rule, count]) => ({ rule, ...count }));
  }

  /** What was emptied meanwhile is not counted any more. */
  #forgetEmptied(): void {
    const prune = Number(this.#prunes.get() ?? 0);
    if (prune === this.#prune) return;
    [this.#prune, this.#hours, this.#counted] = [prune, new Map(), undefined];
  }

  #count(json: unknown): void {
    const { success, data } = z.safeParse(decision, parsed(String(json)));
    if (!success) return;
    const byFolder = inner(this.#hours, Math.floor(data.time / hourMs), () => new Map<string, Map<string, Count>>());
    const byRule = inner(byFolder, foldedPath(data.cwd ?? ''), () => new Map<string, Count>());
    for (const ref of [...(data.rules ?? []), ...(data.observed ?? [])]) {
      const count = countOf(byRule, `${ref.policy}/${ref.rule}`);
      if (ref.exemption !== undefined) count.exempted += 1;
      else count[data.mode === 'observe' || ref.mode === 'observe' ? 'observed' : 'enforced'][ref.action] += 1;
    }
  }
}

const mode = z.enum(['enforce', 'observe']);
const rules = z.exactOptional(
  z.array(
    z.object({
      policy: z.string(),
      rule: z.string(),
      action: z.enum(['allow', 'deny', 'require_approval', 'abstain']),
      mode,
      exemption: z.exactOptional(z.unknown()),
    }),
  ),
);
const decision = z.object({
  time: z.number(),
  cwd: z.exactOptional(z.string()),
  mode: z.exactOptional(mode),
  rules,
  observed: rules,
});

/** Whole hours: what is counted goes by the hour, too. */
function sinceOf(now: number): number {
  return (Math.floor(now / hourMs) - windowHours) * hourMs;
}

function isWithin(path: string, folders: readonly string[] | undefined): boolean {
  return (
    folders === undefined || folders.map(foldedPath).some((folder) => path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`))
  );
}

function countOf(counts: Map<string, Count>, rule: string): Count {
  return inner(counts, rule, () => ({ enforced: nothing(), observed: nothing(), exempted: 0 }));
}

function nothing(): Tally {
  return { allow: 0, deny: 0, require_approval: 0, abstain: 0 };
}

function add(sum: Count, { enforced, observed, exempted }: Count): void {
  for (const action of ['allow', 'deny', 'require_approval', 'abstain'] as const) {
    sum.enforced[action] += enforced[action];
    sum.observed[action] += observed[action];
  }
  sum.exempted += exempted;
}

function inner<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
