import type { EntrySearch } from '../engine/audit/search.ts';

/** How the entries between two numbers are asked for that may match. */
export interface SearchSql {
  /** Takes the two numbers (the first one excluded), then `values`; gives `seq`, and `json` where `isLoose`. */
  readonly descending: string;
  readonly ascending: string;
  readonly values: readonly (string | number)[];
  /** More than what matches is let through: whoever asks has to look into each. */
  readonly isLoose: boolean;
}

interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

export function searchSql(search: EntrySearch): SearchSql {
  const strict = [
    inList('session', search.sessions),
    inList('action', search.actions),
    inList('agent', search.agents),
    inList('kind', search.kinds),
    compared('time >= ?', search.since),
    compared('time < ?', search.until),
  ];
  const loose = [
    anyOf(search.tools, mayUseTool),
    anyOf(search.rules, mayNameRule),
    anyOf(search.people, mayNamePerson),
    ...namesIn(search.path).map(contains),
    search.text ? contains(search.text) : undefined,
  ];
  const isLoose = loose.some((condition) => condition !== undefined);
  const conditions = [...strict, ...loose].filter((condition) => condition !== undefined);
  const where = ['seq > ?', 'seq <= ?', ...conditions.map(({ sql }) => sql)].join(' AND ');
  const sql = `SELECT seq${isLoose ? ', json' : ''} FROM entries ${indexFor(search)} WHERE ${where} ORDER BY seq`;
  return { descending: `${sql} DESC`, ascending: sql, values: conditions.flatMap(({ values }) => values), isLoose };
}

/** Whether nothing is asked for in particular. */
export function isEverything(search: EntrySearch): boolean {
  return Object.values(search).every((wanted) => wanted === undefined || wanted === '');
}

/** Named, because SQLite, without statistics, would take an index for a list that is most of the log. */
function indexFor({ sessions, actions }: EntrySearch): string {
  if (sessions !== undefined) return 'INDEXED BY entries_session';
  const isRare = actions?.every((action) => action === 'deny' || action === 'require_approval') === true;
  return isRare ? 'INDEXED BY entries_action' : 'NOT INDEXED';
}

function inList(column: string, wanted: readonly string[] | undefined): Condition | undefined {
  if (wanted === undefined) return undefined;
  return { sql: `${column} IN (${wanted.map(() => '?').join(', ')})`, values: wanted.map((value) => value.toWellFormed()) };
}

function compared(sql: string, value: number | undefined): Condition | undefined {
  return value === undefined ? undefined : { sql, values: [value] };
}

function anyOf(wanted: readonly string[] | undefined, may: (value: string) => Condition): Condition | undefined {
  if (wanted === undefined) return undefined;
  const conditions = wanted.map(may);
  return { sql: `(${conditions.map(({ sql }) => sql).join(' OR ') || 'FALSE'})`, values: conditions.flatMap(({ values }) => values) };
}

function mayUseTool(name: string): Condition {
  const [server = ''] = name.split('/', 1);
  const values = [name.toWellFormed(), `"nativeTool":${JSON.stringify(name)}`];
  const sql = 'tool = ? OR instr(json, ?)';
  if (!name.includes('/')) return { sql, values };
  return { sql: `${sql} OR instr(json, ?)`, values: [...values, `"mcpServer":"${inJson(server)}`] };
}

/** The name of a policy may have slashes of its own: only its beginning is certain. */
function mayNameRule(name: string): Condition {
  const [start = ''] = name.split('/', 1);
  return { sql: 'instr(json, ?)', values: [`"policy":"${inJson(start)}`] };
}

function mayNamePerson(name: string): Condition {
  return { sql: 'instr(json, ?)', values: [`"user":${JSON.stringify(name)}`] };
}

/** Folders may be divided differently, and apart (`cwd` and a path in it). A name that a command makes up of pieces is not found. */
function namesIn(path = ''): readonly string[] {
  return path.split(/[\\/]+/).filter((name) => name !== '' && name !== '.');
}

/** Whoever searches for a novel is served by its beginning. */
const longest = 200;

/** SQLite tells cases apart only in letters outside of ASCII: for these, anything may stand. */
function contains(text: string): Condition {
  const pieces = text.slice(0, longest).split(/[^\0-\x7F]+/);
  const pattern = pieces.map((piece) => inJson(piece).replaceAll(/[!%_]/g, '!$&')).join('%');
  return { sql: "json LIKE ? ESCAPE '!'", values: [`%${pattern}%`] };
}

/** As it stands within a text of JSON. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
