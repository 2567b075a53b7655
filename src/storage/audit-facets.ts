import * as z from 'zod/mini';
import type { Facet, Facets } from '../engine/audit/search.ts';
import { lastOf } from './audit-search.ts';
import type { Database } from './database.ts';

const facetNames = ['agents', 'sessions', 'kinds', 'tools', 'actions', 'rules', 'people'] as const;
type FacetName = (typeof facetNames)[number];

/** More than anybody chooses from. */
const most = 100;
const sliceMs = 20;
const firstSlice = 1_000;
const largestSlice = 50_000;

/** Counts what the log's entries say, each entry once: what was counted is remembered, and only what is new is looked at. */
export class FacetCounts {
  readonly #database: Database;
  readonly #columns;
  readonly #texts;
  readonly #prunes;
  #counts = emptyCounts();
  #counted = 0;
  #prune = 0;
  #slice = firstSlice;

  constructor(database: Database) {
    this.#database = database;
    // Whatever reads no text is cheap.
    this.#columns = database
      .prepare(
        `SELECT agent, session, kind, action, tool, count(*)
        FROM entries NOT INDEXED WHERE seq > ? AND seq <= ? GROUP BY agent, session, kind, action, tool`,
      )
      .raw();
    this.#prunes = database.prepare("SELECT max(seq) FROM entries WHERE kind = 'prune'").pluck();
    // Few entries name one of these; only they are read. GLOB is the fastest way to look for them.
    this.#texts = database
      .prepare(
        `SELECT json FROM entries NOT INDEXED
        WHERE seq > ? AND seq <= ? AND (json GLOB '*policy":*' OR json GLOB '*mcpServer":*' OR json GLOB '*approver":*')`,
      )
      .pluck();
  }

  /** Looks through the next entries; whether there are more. */
  advance(): boolean {
    const before = performance.now();
    this.#forgetEmptied();
    const last = lastOf(this.#database);
    const next = Math.min(last, this.#counted + this.#slice);
    if (next > this.#counted) this.#count(this.#counted, next);
    const ms = Math.max(performance.now() - before, 0.1);
    this.#slice = Math.ceil(Math.min(largestSlice, this.#slice * Math.min(4, Math.max(0.25, sliceMs / ms))));
    return this.#counted < last;
  }

  facets(): Facets {
    const { agents, sessions, kinds, tools, actions, rules, people } = this.#counts;
    return {
      agents: top(agents),
      sessions: top(sessions),
      kinds: top(kinds),
      tools: top(tools),
      actions: top(actions),
      rules: top(rules),
      people: top(people),
    };
  }

  /** Sessions, agents and tools of entries that were emptied meanwhile must not go on being offered. */
  #forgetEmptied(): void {
    const prune = Number(this.#prunes.get() ?? 0);
    if (prune === this.#prune) return;
    [this.#prune, this.#counts, this.#counted] = [prune, emptyCounts(), 0];
  }

  #count(after: number, upTo: number): void {
    for (const row of this.#columns.all(after, upTo)) this.#row(z.parse(columnsRow, row));
    for (const json of this.#texts.all(after, upTo)) this.#text(String(json));
    this.#counted = upTo;
  }

  #row([agent, session, kind, action, tool, count]: z.infer<typeof columnsRow>): void {
    this.#add('agents', agent, count);
    this.#add('sessions', session, count);
    this.#add('kinds', kind, count);
    this.#add('actions', action, count);
    this.#add('tools', tool, count);
  }

  #text(json: string): void {
    const { success, data } = z.safeParse(named, parsed(json));
    if (!success) return;
    if (data.mcpServer !== undefined) this.#served(data.mcpServer, data.tool ?? '');
    this.#add('people', data.approver?.user, 1);
    const rules = new Set([...(data.rules ?? []), ...(data.observed ?? [])].map(({ policy, rule }) => `${policy}/${rule}`));
    for (const rule of rules) this.#add('rules', rule, 1);
  }

  /** Its column was counted as a tool of our own name. */
  #served(server: string, tool: string): void {
    this.#add('tools', tool.toWellFormed(), -1);
    this.#add('tools', `${server}/${tool}`, 1);
  }

  #add(name: FacetName, value: string | null | undefined, count: number): void {
    if (value !== null && value !== undefined && value !== '') this.#counts[name].set(value, (this.#counts[name].get(value) ?? 0) + count);
  }
}

const text = z.nullable(z.string());
const columnsRow = z.tuple([text, text, z.string(), text, text, z.number()]);
const rules = z.exactOptional(z.array(z.object({ policy: z.string(), rule: z.string() })));
const named = z.object({
  tool: z.exactOptional(z.string()),
  mcpServer: z.exactOptional(z.string()),
  approver: z.exactOptional(z.object({ user: z.string() })),
  rules,
  observed: rules,
});

function emptyCounts(): Record<FacetName, Map<string, number>> {
  return {
    agents: new Map(),
    sessions: new Map(),
    kinds: new Map(),
    tools: new Map(),
    actions: new Map(),
    rules: new Map(),
    people: new Map(),
  };
}

function top(counts: ReadonlyMap<string, number>): readonly Facet[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, most);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
