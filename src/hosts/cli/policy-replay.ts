import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { parsePolicyFile } from '../../engine/policy/parse-file.ts';
import { mergeEffects, mergeSummaries } from '../../engine/policy/replay/merge.ts';
import { Replay, type Replayed } from '../../engine/policy/replay/replay.ts';
import { type RuleEffect, RuleTotals } from '../../engine/policy/replay/rule-totals.ts';
import { type ReplaySummary, ReplayTotals } from '../../engine/policy/replay/summary.ts';
import type { Workspace } from '../../engine/request.ts';
import { agents } from '../../agents/registry.ts';
import { homeOf } from '../../storage/home.ts';
import { ReplayLog, type ReplaySpan } from '../../storage/replay-log.ts';
import { runReplay } from '../../storage/replay-run.ts';
import { replayWorld } from '../../storage/replay-world.ts';
import { type ExitCode, parse, type Terminal, WrongUsage } from './command.ts';
import { type Layers, openLayers } from './layers.ts';
import {
  draftList,
  draftsAt,
  longestLimit,
  looksBesideCalls,
  onlyPolicies,
  policiesWith,
  type PoliciesOf,
  refuseProblems,
} from './replay-policies.ts';
import { inShards, sessionsOf, shardOf, shardsFor, type Shard } from './replay-shards.ts';
import { replayText } from './replay-text.ts';
import { timeOf } from './time.ts';

const options = {
  since: { type: 'string' },
  until: { type: 'string' },
  policy: { type: 'string', multiple: true },
  add: { type: 'string', multiple: true },
  cwd: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  'exit-code': { type: 'boolean' },
  /** For editors: drafts and rules as JSON on stdin, and how far it is on stderr, a line each time. */
  stdin: { type: 'boolean' },
  progress: { type: 'boolean' },
  /** For threads of our own: one part of the calls. */
  shard: { type: 'string' },
} as const;

const givenOnStdin = z.object({
  drafts: z.optional(draftList),
  /** Policy documents of one rule each: how many calls would it have changed by itself? */
  rules: z.optional(z.array(z.string())),
});

type Values = ReturnType<typeof parse<typeof options>>['values'];
type Given = z.infer<typeof givenOnStdin>;

interface Asked {
  readonly values: Values;
  readonly given: Given;
  readonly span: ReplaySpan;
  /** How many calls are told of one by one. */
  readonly most: number;
  readonly shard: Shard | undefined;
}

export async function replay(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parse(args, options);
  const most = limitOf(values.limit, values.json === true ? 1000 : 20);
  const wish = { values, span: spanOf(values), most, shard: shardOf(values.shard) };
  const given: Given = values.stdin === true ? givenOnStdin.parse(JSON.parse(await textOf(terminal.stdin))) : {};
  if (values.policy !== undefined && (values.add !== undefined || given.drafts !== undefined))
    throw new WrongUsage('--policy takes the place of all policies in force, and --add belongs to them: use one of both');
  const asked = { ...wish, given };
  using past = openPast(asked);
  if (given.rules === undefined) return tell(await summaryOf(past, asked), values, terminal);
  terminal.out(JSON.stringify(await effectsOf(past, given.rules, asked)));
  return 0;
}

async function summaryOf(past: Past, asked: Asked): Promise<ReplaySummary> {
  const { values, given, most } = asked;
  // What is wrong with them is told before any thread is started.
  const policies = policiesOf(past.layers, values, given);
  if (past.shards > 1) return mergeSummaries((await printed(past, asked)).map(summaryIn), most);
  const totals = new ReplayTotals(most);
  let looksElsewhere = false;
  const noting: PoliciesOf = (workspace) => {
    const set = policies(workspace);
    looksElsewhere ||= looksBesideCalls(set);
    return set;
  };
  await past.replay([noting], (replayed) => totals.add(replayed));
  return { ...totals.summary, ...(looksElsewhere ? { looksElsewhere: true } : {}) };
}

async function effectsOf(past: Past, rules: readonly string[], asked: Asked): Promise<readonly RuleEffect[]> {
  const policies = rules.map(onlyRule);
  if (past.shards > 1) return mergeEffects((await printed(past, asked)).map(effectsIn));
  const totals = rules.map(() => new RuleTotals());
  await past.replay(policies, (replayed, n) => totals[n]?.add(replayed));
  return totals.map(({ summary }) => summary);
}

/** Of our own threads. */
function summaryIn(json: string): ReplaySummary {
  const summary: ReplaySummary = JSON.parse(json);
  return summary;
}

function effectsIn(json: string): readonly RuleEffect[] {
  const effects: readonly RuleEffect[] = JSON.parse(json);
  return effects;
}

/** The same question to each thread; times as they are now, for a thread begins later. */
async function printed({ shards, calls }: Past, { values, given, span, most }: Asked): Promise<readonly string[]> {
  const time = (name: string, at: number | undefined): readonly string[] => (at === undefined ? [] : [name, new Date(at).toISOString()]);
  const args = [
    '--json',
    '--stdin',
    '--limit',
    String(most),
    ...time('--since', span.since),
    ...time('--until', span.until),
    ...(values.policy ?? []).flatMap((path) => ['--policy', path]),
    ...(values.add ?? []).flatMap((path) => ['--add', path]),
    ...(values.cwd === undefined ? [] : ['--cwd', values.cwd]),
  ];
  const progress = progressOn(values.progress === true);
  const told = await inShards(args, JSON.stringify(given), shards, (share) => progress(Math.round(share * calls), calls));
  progress(calls, calls);
  return told;
}

function policiesOf(layers: Layers, { policy, add = [] }: Values, { drafts = [] }: Given): PoliciesOf {
  return policy === undefined ? policiesWith(layers, [...draftsAt(add), ...drafts]) : onlyPolicies(policy);
}

function tell(summary: ReplaySummary, { json, 'exit-code': exitCode }: Values, terminal: Terminal): ExitCode {
  const changes = summary.changes.map((change) => ({ id: change.seq, ...change }));
  if (json) terminal.out(JSON.stringify({ ...summary, changes }));
  else terminal.out(replayText(summary));
  return exitCode === true && summary.changed > 0 ? 2 : 0;
}

interface Past extends Disposable {
  readonly layers: Layers;
  readonly calls: number;
  /** In how many threads they are best judged. */
  readonly shards: number;
  readonly replay: (policies: readonly PoliciesOf[], told: (replayed: Replayed, policies: number) => void) => Promise<void>;
}

function openPast({ span, values: { cwd, progress }, shard }: Asked): Past {
  const { audit } = homeOf();
  if (!existsSync(audit)) throw new Error(`Nothing was recorded yet: there is no ${audit}`);
  const layers = openLayers({ asWritten: true });
  const log = new ReplayLog(audit);
  const world = replayWorld(agents, layers.surroundings, (seq) => log.facts(seq), layers.fingerprint);
  const isWanted = isIn(cwd);
  const calls = log.count(span);
  return {
    layers,
    calls,
    shards: shard === undefined ? shardsFor(calls) : 1,
    replay: async (policies, told) =>
      runReplay(log, {
        span,
        warmUpMs: span.since === undefined ? 0 : warmUp(log.folders(span).map(world.today.workspace), policies),
        replays: policies.map((one) => new Replay(world, one)),
        told: (replayed, n) => void (isWanted(replayed) && told(replayed, n)),
        ...(shard === undefined ? {} : { isWanted: sessionsOf(shard) }),
        progress: progressOn(progress === true),
      }),
    [Symbol.dispose]: () => {
      log[Symbol.dispose]();
      layers[Symbol.dispose]();
    },
  };
}

/** How long before the span limits may have begun to count. */
function warmUp(workspaces: readonly Workspace[], policies: readonly PoliciesOf[]): number {
  const roots = new Set(workspaces.map(({ root }) => root));
  return Math.max(0, ...policies.flatMap((one) => [...roots].map((root) => longestLimit(one(root)))));
}

function onlyRule(source: string, n: number): PoliciesOf {
  const file = parsePolicyFile({ path: `rule ${n + 1}`, layer: 'user', source, trusted: false });
  refuseProblems([file]);
  return () => ({ files: [file] });
}

/** What was skipped belongs to no folder any more. */
function isIn(cwd: string | undefined): (replayed: Replayed) => boolean {
  if (cwd === undefined) return () => true;
  const folder = resolve(cwd);
  const folders = existsSync(folder) ? [folder, realpathSync(folder)] : [folder];
  return (replayed) => replayed.kind === 'judged' && folders.some((one) => holds(one, replayed.call.entry.cwd ?? '/'));
}

function holds(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`));
}

function progressOn(asked: boolean): (done: number, all: number) => void {
  const write = (line: string): void => void process.stderr.write(line);
  const share = (done: number, all: number): number => Math.floor((100 * done) / Math.max(1, all));
  if (asked) return (done, all) => write(`${share(done, all)}% of ${all}\n`);
  if (!process.stderr.isTTY) return () => undefined;
  return (done, all) => write(done < all ? `\r${share(done, all)}% of ${all} calls …` : '\r\u001B[K');
}

function spanOf({ since, until }: Values): ReplaySpan {
  const now = Date.now();
  return { ...(since === undefined ? {} : { since: timeOf(since, now) }), ...(until === undefined ? {} : { until: timeOf(until, now) }) };
}

function limitOf(text: string | undefined, otherwise: number): number {
  const limit = Number(text ?? otherwise);
  if (!Number.isInteger(limit) || limit < 0) throw new WrongUsage('--limit takes a whole number from 0 on');
  return limit;
}
