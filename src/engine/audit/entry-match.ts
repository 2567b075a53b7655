import type { JsonValue } from '../json.ts';
import type { AuditEntry } from './entry.ts';
import type { EntrySearch } from './search.ts';

export type EntryTest = (entry: AuditEntry) => boolean;

/** The paths that an entry's call touches or runs in, as `entry-paths.ts` finds them: that needs the whole analysis of commands. */
export type PathsOf = (entry: AuditEntry) => Iterable<string>;

/** Whether an entry is one that the search is for. */
export function entryTest(search: EntrySearch, pathsOf: PathsOf): EntryTest {
  const { agents, sessions, kinds, tools, actions, rules, people, since = -Infinity, until = Infinity } = search;
  const tests: readonly (EntryTest | undefined)[] = [
    ({ time }) => time >= since && time < until,
    oneOf(kinds, ({ kind }) => [kind]),
    oneOf(agents, ({ agent }) => [agent]),
    oneOf(sessions, ({ session }) => [session]),
    oneOf(actions, ({ action }) => [action]),
    oneOf(tools, toolNames),
    oneOf(rules, ruleNames),
    oneOf(people, ({ approver }) => [approver?.user]),
    pathTest(search.path, pathsOf),
    textTest(search.text),
  ];
  const used = tests.filter((test) => test !== undefined);
  return (entry) => used.every((test) => test(entry));
}

/** Case does not matter. Two letters outside of ASCII have their small form inside of it; they are only themselves here. */
export function folded(text: string): string {
  return text.replaceAll(/[\u0130\u212A]/g, '\uFFFD').toLowerCase();
}

/** The same path however its folders are divided. */
export function foldedPath(path: string): string {
  return folded(path).replaceAll('\\', '/');
}

/** Every name that an entry's tool goes by. */
function toolNames({ tool, nativeTool, mcpServer }: AuditEntry): readonly (string | undefined)[] {
  return mcpServer === undefined ? [tool, nativeTool] : [tool, nativeTool, `${mcpServer}/${tool ?? ''}`];
}

function ruleNames({ rules = [], observed = [] }: AuditEntry): readonly string[] {
  return [...rules, ...observed].flatMap(({ policy, rule }) => [policy, `${policy}/${rule}`]);
}

function oneOf(
  wanted: readonly string[] | undefined,
  found: (entry: AuditEntry) => readonly (string | undefined)[],
): EntryTest | undefined {
  if (wanted === undefined) return undefined;
  const set = new Set<string | undefined>(wanted);
  return (entry) => found(entry).some((value) => set.has(value));
}

function pathTest(part: string | undefined, pathsOf: PathsOf): EntryTest | undefined {
  if (!part) return undefined;
  const wanted = foldedPath(part);
  return (entry) => {
    // Most calls run where the others do: the command need not be read for that.
    if (entry.cwd !== undefined && foldedPath(entry.cwd).includes(wanted)) return true;
    for (const path of pathsOf(entry)) if (foldedPath(path).includes(wanted)) return true;
    return false;
  };
}

/** So many characters of an identifier or digest say that it is meant; fewer are in some of them by chance. */
const tellingLength = 6;

function textTest(part: string | undefined): EntryTest | undefined {
  if (!part) return undefined;
  const wanted = folded(part);
  const inIds = wanted.length >= tellingLength;
  return ({ time: _time, session, subagent, callId, approvalId, argumentsDigest, ...said }) => {
    if (inIds && [session, subagent, callId, approvalId, argumentsDigest].some((id) => id !== undefined && folded(id).includes(wanted)))
      return true;
    return Object.entries(said).some(([name, value]) => !place.has(name) && says(value, wanted, inIds));
  };
}

/** The entry's place in the log is stored with it, but is nothing that it says. */
const place: ReadonlySet<string> = new Set(['seq', 'version', 'leaf', 'pruned']);
const digest = /^(sha256:)?[0-9a-f]{64}$/;

function says(value: JsonValue | object | undefined, wanted: string, inIds: boolean): boolean {
  if (typeof value === 'string') return (inIds || !digest.test(value)) && folded(value).includes(wanted);
  if (typeof value === 'number') return String(value).includes(wanted);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member: JsonValue | object | undefined) => says(member, wanted, inIds));
}
