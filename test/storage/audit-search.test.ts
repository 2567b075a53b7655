import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import { entryPaths } from '../../src/engine/audit/entry-paths.ts';
import type { EntrySearch } from '../../src/engine/audit/search.ts';
import type { RuleRef } from '../../src/engine/decision.ts';
import { bulkLog } from '../../scripts/bench/bulk-log.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { LogSearch } from '../../src/storage/audit-search.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { Random } from '../engine/shell/mutations/random.ts';
import { temporaryFolder } from './folder.ts';
import { entryOf } from './samples.ts';

const rule = (policy: string, name: string): RuleRef => ({
  policy,
  rule: name,
  layer: 'user',
  digest: `sha256:${'0add'.repeat(16)}`,
  action: 'deny',
  mode: 'enforce',
});

/** One of every sort, numbered from 1. */
const entries: readonly AuditEntry[] = [
  { kind: 'session-start', time: 100, session: 's1', agent: 'claude-code', cwd: '/home/ada/project' },
  entryOf({ time: 200, callId: 'toolu_one', arguments: { command: 'cat "Äpfel.txt" | grep 100%_off' } }),
  entryOf({ time: 300, action: 'deny', rules: [rule('git', 'no-force-push'), rule('team/base', 'x')], reason: 'It rewrites\nhistory' }),
  entryOf({ time: 400, session: 's2', agent: 'codex', tool: 'edit', nativeTool: 'Edit', arguments: { file_path: 'src/App.ts' } }),
  entryOf({ time: 500, session: 's2', tool: 'echo', nativeTool: 'mcp__tiny__echo', mcpServer: 'tiny', arguments: { say: 'C:\\Temp' } }),
  entryOf({ time: 450, kind: 'approval-answered', approver: { user: 'ada', surface: 'inbox', waitedMs: 4711, reason: 'fine' } }),
  entryOf({ time: 700, action: 'deny', observed: [rule('git', 'only-watching')], argumentsDigest: 'cafe'.repeat(16) }),
  entryOf({ time: 800, session: 's3', arguments: { command: 'cd src && rm lib/old.ts' }, cwd: '/home/ada/other' }),
];

async function logOf(list: readonly AuditEntry[]): Promise<{ readonly log: AuditDatabase; readonly path: string }> {
  const path = join(temporaryFolder(), 'audit.db');
  const log = new AuditDatabase(path);
  onTestFinished(() => log.close());
  await Promise.all(list.map((entry) => log.append(entry, 'written')));
  return { log, path };
}

function searching(path: string, search: EntrySearch): LogSearch {
  const database = openDatabase(path, { readonly: true });
  onTestFinished(() => void database.close());
  return new LogSearch(database, search, entryPaths);
}

function foundAll(search: LogSearch): readonly number[] {
  while (!search.isComplete) search.scan();
  return [...search.oldestFirst().numbers];
}

test.each<[string, EntrySearch, readonly number[]]>([
  ['nothing in particular: everything', {}, [1, 2, 3, 4, 5, 6, 7, 8]],
  ['empty texts: everything', { text: '', path: '' }, [1, 2, 3, 4, 5, 6, 7, 8]],
  ['a list with nothing in it: nothing', { agents: [] }, []],
  ['agents', { agents: ['codex'] }, [4]],
  ['sessions, several', { sessions: ['s2', 's3'] }, [4, 5, 8]],
  ['kinds', { kinds: ['session-start', 'approval-answered'] }, [1, 6]],
  ['actions', { actions: ['deny'] }, [3, 7]],
  ['a tool by our name', { tools: ['edit'] }, [4]],
  ['a tool by its own name', { tools: ['Edit'] }, [4]],
  ['a tool of a server', { tools: ['tiny/echo'] }, [5]],
  ['a tool of another server', { tools: ['huge/echo'] }, []],
  ['only the beginning of a tool', { tools: ['edi'] }, []],
  ['a rule', { rules: ['git/no-force-push'] }, [3]],
  ['a rule that only watched', { rules: ['git/only-watching'] }, [7]],
  ['all rules of a policy', { rules: ['git'] }, [3, 7]],
  ['a policy with a slash in its name', { rules: ['team/base/x'] }, [3]],
  ['no part of a rule', { rules: ['git/no-force'] }, []],
  ['people', { people: ['ada'] }, [6]],
  ['times: the first moment included, the last not', { since: 300, until: 500 }, [3, 4, 6]],
  ['times that nothing falls in', { since: 301, until: 302 }, []],
  ['a path in an argument, in any case', { path: 'SRC/app' }, [4]],
  ['a path from where the call runs into its argument', { path: 'ada/project/src/app.ts' }, [4]],
  ['a path that a command gets to', { path: 'other/src/lib/old.ts' }, [8]],
  ['where the call runs', { path: 'ada/other' }, [8]],
  ['folders divided the other way', { path: 'temp' }, [5]],
  ['a word that is no path', { path: 'grep' }, []],
  ['text in any case, beyond ASCII', { text: 'äPFEL' }, [2]],
  ['signs that a database takes for patterns', { text: '100%_OFF' }, [2]],
  ['signs that JSON writes differently', { text: '"äpfel.txt" |' }, [2]],
  ['a line break', { text: 'rewrites\nhistory' }, [3]],
  ['a backslash', { text: 'c:\\temp' }, [5]],
  ['no names of fields', { text: 'file_path' }, []],
  ['no escapes', { text: '\\"' }, []],
  ['a number', { text: '4711' }, [6]],
  ['not the time', { text: '700' }, []],
  ['an identifier', { text: 'TOOLU_ONE' }, [2]],
  ['not three characters of a digest', { text: 'add' }, []],
  ['much of a digest', { text: 'cafecafe' }, [7]],
  ['several fields: all must hold', { sessions: ['s1'], actions: ['deny'], rules: ['git'], text: 'history', since: 250 }, [3]],
  ['several fields of which one does not hold', { sessions: ['s1'], text: 'src' }, []],
])('%s', async (_, search, expected) => {
  const { path } = await logOf(entries);
  expect(foundAll(searching(path, search))).toEqual(expected);
});

describe('places', () => {
  const deny = (n: number): AuditEntry => entryOf({ action: n % 2 === 0 ? 'deny' : 'allow', callId: `c${n}` });
  const many = (from: number, to: number): readonly AuditEntry[] => Array.from({ length: to - from }, (_, i) => deny(from + i));

  test.each<[string, EntrySearch, readonly number[], readonly number[]]>([
    ['everything', {}, [6, 5, 4], [10, 9, 8, 7, 6]],
    ['what a filter finds', { actions: ['deny'] }, [5, 3, 1], [9, 7, 5, 3]],
  ])('do not move while entries come: %s', async (_, search, before, after) => {
    const { log, path } = await logOf(many(0, 6));
    const found = searching(path, search);
    foundAll(found);
    expect(found.rows(0, 3).map(({ seq }) => seq)).toEqual(before);
    await Promise.all(many(6, 10).map((entry) => log.append(entry, 'written')));
    expect(found.follow()).toBe(true);
    expect(found.follow()).toBe(false);
    expect(found.rows(0, 3).map(({ seq }) => seq)).toEqual(before);
    // The first that came later is at -1, the next at -2.
    const { newer } = found.state;
    const rows = found.rows(-newer, after.length).map(({ seq }) => seq);
    expect(rows).toEqual(after);
    expect(found.rows(-100, 500)).toHaveLength(found.state.older + newer);
  });

  test('an entry that comes while older ones are looked for is counted once', async () => {
    const { log, path } = await logOf(many(0, 4_000));
    const found = searching(path, { actions: ['allow'] });
    found.scan();
    expect(found.isComplete).toBe(false);
    await log.append(deny(1), 'written');
    found.follow();
    foundAll(found);
    expect(found.state).toEqual({ older: 2_000, newer: 1, isComplete: true, progress: 1 });
  });

  test('nowhere there is nothing', async () => {
    const { path } = await logOf([]);
    const found = searching(path, {});
    expect(found.state).toEqual({ older: 0, newer: 0, isComplete: true, progress: 1 });
    expect(found.rows(0, 10)).toEqual([]);
  });
});

describe('50,000 entries', () => {
  const sessions = ['s0', 's1', 's2', 's3', 's4'];
  const words = ['build', 'Push', 'näher', 'test', 'deploy', 'lib'];
  const all: AuditEntry[] = [];
  let [folder, path] = ['', ''];

  beforeAll(() => {
    const random = new Random(20_261_128);
    for (let n = 0; n < 50_000; n += 1) {
      all.push(
        entryOf({
          // As entries of several processes are: nearly in order.
          time: n * 10 + random.below(200),
          session: random.pick(sessions),
          action: random.pick(['allow', 'allow', 'allow', 'deny', 'abstain']),
          tool: random.pick(['shell', 'read']),
          nativeTool: 'T',
          arguments: { command: `${random.pick(words)} ${random.pick(words)} ${n}` },
          ...(random.chance(0.1) ? { rules: [rule(random.pick(['a', 'b']), random.pick(['x', 'y']))] } : {}),
        }),
      );
    }
    folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
    path = join(folder, 'audit.db');
    bulkLog(path, all.length, (n) => all[n] as AuditEntry);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('whatever is asked, what is found is what a look at every entry finds', () => {
    const random = new Random(1);
    const maybe = <T>(value: () => T): T | undefined => (random.chance(0.35) ? value() : undefined);
    for (let round = 0; round < 40; round += 1) {
      const search: EntrySearch = JSON.parse(
        JSON.stringify({
          sessions: maybe(() => [random.pick(sessions), random.pick(sessions)]),
          actions: maybe(() => [random.pick(['allow', 'deny', 'abstain'])]),
          tools: maybe(() => [random.pick(['shell', 'read', 'T'])]),
          rules: maybe(() => [random.pick(['a', 'b', 'a/x', 'b/y'])]),
          text: maybe(() => random.pick(['PUSH', 'Näher', `${random.pick(words)} ${random.pick(words)}`, '99'])),
          since: maybe(() => random.below(500_000)),
          until: maybe(() => random.below(500_000)),
        }),
      );
      const found = searching(path, search);
      expect({ search, found: foundAll(found) }).toEqual({ search, found: naively(all, search) });
    }
  });
});

/** Said as plainly as possible. */
function naively(all: readonly AuditEntry[], search: EntrySearch): readonly number[] {
  const { sessions, actions, tools, rules, text = '', since = 0, until = Infinity } = search;
  return all.flatMap((entry, i) => {
    const command = JSON.stringify(entry.arguments?.['command']);
    const names = (entry.rules ?? []).flatMap(({ policy, rule: name }) => [policy, `${policy}/${name}`]);
    const holds =
      (sessions === undefined || sessions.includes(entry.session ?? '')) &&
      (actions === undefined || actions.includes(entry.action ?? 'allow')) &&
      (tools === undefined || tools.includes(entry.tool ?? '') || tools.includes('T')) &&
      (rules === undefined || rules.some((wanted) => names.includes(wanted))) &&
      command.toLowerCase().includes(text.toLowerCase()) &&
      entry.time >= since &&
      entry.time < until;
    return holds ? [i + 1] : [];
  });
}
