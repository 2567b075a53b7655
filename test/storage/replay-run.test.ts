import { afterAll, beforeAll, expect, test } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/agent.ts';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import type { JsonObject } from '../../src/engine/json.ts';
import { type RecordedEntry, Replay, type Replayed } from '../../src/engine/policy/replay/replay.ts';
import type { PolicySet } from '../../src/engine/policy/policy-set.ts';
import { ReplayLog } from '../../src/storage/replay-log.ts';
import { runReplay } from '../../src/storage/replay-run.ts';
import { replayWorld } from '../../src/storage/replay-world.ts';
import { recordWork, type RecordedWork } from './replay-fixture.ts';

const count = 10_000;
/** Enough to see that something is missing. */
const some = 2_500;
let work: RecordedWork;

beforeAll(async () => {
  work = await recordWork(count);
}, 240_000);
afterAll(() => work[Symbol.dispose]());

test('replay and live agree on every call, whatever it depended on', { timeout: 120_000 }, () => {
  const { same, changed, unsure, calls } = tally(replayed());
  const masked = calls.filter(({ call }) => call.doubts.includes('masked'));
  expect({ all: calls.length, changed }).toEqual({ all: count, changed: [] });
  // What was written with a secret in it, and the notes, which a rule keeps out of the log.
  expect([unsure, masked.length, same]).toEqual([masked.length, masked.length, count - masked.length]);
  expect(new Set(masked.map(({ call }) => call.entry.nativeTool))).toEqual(new Set(['Write', 'mcp__notes__save']));
  const certain = calls.filter(({ call }) => call.outcome === 'same');
  expect(certain.map(({ call }) => namesOf(call.now.rules))).toEqual(certain.map(({ call }) => namesOf(call.was.rules)));
  expect(calls.filter(({ call }) => call.doubts.some((doubt) => doubt !== 'masked'))).toEqual([]);
});

test('the log holds decisions of every kind, so that agreeing says something', () => {
  const rules = new Set(tally(replayed(some)).calls.flatMap(({ call }) => namesOf(call.was.rules)));
  const own = ['few-builds', 'few-fetches', 'every-seventh', 'odd-milliseconds', 'committed-only', 'nothing-linked', 'no-deploy'];
  expect(
    [...own, 'on-main', 'no-secrets', 'no-planning', 'no-mail', 'ask-about-notes', 'lists'].filter(
      (name) => !rules.has(`everything/${name}`) && !rules.has(`watching/${name}`),
    ),
  ).toEqual([]);
  expect(rules.has('looking/keyword')).toBe(true);
}, 120_000);

test.each<[string, (facts: JsonObject) => JsonObject]>([
  ['links', (facts) => ({ ...facts, links: {} })],
  [
    'scripts',
    (facts) => ({ ...facts, scripts: Object.fromEntries(Object.keys(Object(facts['scripts'] ?? {})).map((path) => [path, null])) }),
  ],
  ['git states', (facts) => ({ ...facts, git: {} })],
  ['times', (facts) => ({ ...facts, time: Number(facts['time']) + 1 })],
  ['numbers of calls', (facts) => ({ ...facts, calls: Number(facts['calls']) + 1 })],
  ['circumstances', (facts) => ({ ...facts, like: 0 })],
])('without the %s that were recorded they would not agree', { timeout: 120_000 }, (_, broken) => {
  const { changed } = tally(replayed(some, ({ facts, ...entry }) => (facts === undefined ? entry : { ...entry, facts: broken(facts) })));
  expect(changed.length).toBeGreaterThan(0);
});

test('limits count in the order of judging: in another order they would not agree', { timeout: 120_000 }, () => {
  expect(tally(replayed(some, (entry) => entry, true)).changed.length).toBeGreaterThan(0);
});

function replayed(upTo = count, edit: (entry: AuditEntry) => AuditEntry = (entry) => entry, isReversed = false): readonly Replayed[] {
  using log = new ReplayLog(work.home.audit);
  const seqs = log.decisions({}).slice(0, upTo);
  const records = [...log.records(isReversed ? seqs.toReversed() : seqs)].filter(
    (record): record is RecordedEntry => typeof record !== 'number',
  );
  const replay = replayOf(log);
  return records.map((record) => replay.judge({ ...record, entry: edit(record.entry) }));
}

function replayOf(log: ReplayLog): Replay {
  const { surroundings, policies } = work.machine.ports;
  const sets = new Map<string, PolicySet>();
  const world = replayWorld(new Map([[claudeCode.name, claudeCode]]), surroundings, (seq) => log.facts(seq));
  return new Replay(world, (root) => sets.get(root) ?? sets.set(root, policies.inForce(root)).get(root) ?? { files: [] });
}

function tally(all: readonly Replayed[]) {
  const calls = all.filter((one) => one.kind === 'judged');
  const of = (outcome: string) => calls.filter(({ call }) => call.outcome === outcome);
  return {
    calls,
    same: of('same').length,
    unsure: of('unsure').length,
    changed: of('changed').map(({ call }) => [call.entry.nativeTool, call.entry.arguments, call.was, call.now]),
  };
}

function namesOf(rules: readonly { readonly policy: string; readonly rule: string }[]): readonly string[] {
  return rules.map(({ policy, rule }) => `${policy}/${rule}`);
}

test('an aborted replay ends within a slice', async () => {
  using log = new ReplayLog(work.home.audit);
  const abort = new AbortController();
  let told = 0;
  const running = runReplay(log, {
    span: {},
    warmUpMs: 0,
    replays: [replayOf(log)],
    told: () => (told += 1),
    progress: () => abort.abort(new Error('enough')),
    signal: abort.signal,
  });
  await expect(running).rejects.toThrow('enough');
  expect(told).toBeLessThan(count);
});
