import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { parsePolicyFile } from '../../engine/policy/parse-file.ts';
import { Replay, type Replayed } from '../../engine/policy/replay/replay.ts';
import { RuleTotals } from '../../engine/policy/replay/rule-totals.ts';
import { type ReplaySummary, ReplayTotals } from '../../engine/policy/replay/summary.ts';
import type { Workspace } from '../../engine/request.ts';
import { homeOf } from '../../storage/home.ts';
import { ReplayLog, type ReplaySpan } from '../../storage/replay-log.ts';
import { runReplay } from '../../storage/replay-run.ts';
import { replayWorld } from '../../storage/replay-world.ts';
import { agents } from './asked-call.ts';
import { type ExitCode, parse, type Terminal, WrongUsage } from './command.ts';
import { type Layers, openLayers } from './layers.ts';
import { draftList, draftsAt, longestLimit, onlyPolicies, policiesWith, type PoliciesOf, refuseProblems } from './replay-policies.ts';
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
} as const;

const givenOnStdin = z.object({
  drafts: z.optional(draftList),
  /** Policy documents of one rule each: how many calls would it have changed by itself? */
  rules: z.optional(z.array(z.string())),
});

type Values = ReturnType<typeof parse<typeof options>>['values'];
type Given = z.infer<typeof givenOnStdin>;

export async function replay(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parse(args, options);
  const most = limitOf(values.limit, values.json === true ? 1000 : 20);
  const span = spanOf(values);
  const asked: Given = values.stdin === true ? givenOnStdin.parse(JSON.parse(await textOf(terminal.stdin))) : {};
  if (values.policy !== undefined && (values.add !== undefined || asked.drafts !== undefined))
    throw new WrongUsage('--policy takes the place of all policies in force, and --add belongs to them: use one of both');
  using past = openPast(span, values);
  if (asked.rules !== undefined) return await tellRules(past, asked.rules, terminal);
  const totals = new ReplayTotals(most);
  await past.replay([policiesOf(past.layers, values, asked)], (replayed) => totals.add(replayed));
  return tell(totals.summary, values, terminal);
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

async function tellRules(past: Past, rules: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const totals = rules.map(() => new RuleTotals());
  await past.replay(rules.map(onlyRule), (replayed, n) => totals[n]?.add(replayed));
  terminal.out(JSON.stringify(totals.map(({ summary }) => summary)));
  return 0;
}

interface Past extends Disposable {
  readonly layers: Layers;
  readonly replay: (policies: readonly PoliciesOf[], told: (replayed: Replayed, policies: number) => void) => Promise<void>;
}

function openPast(span: ReplaySpan, { cwd, progress }: Values): Past {
  const { audit } = homeOf();
  if (!existsSync(audit)) throw new Error(`Nothing was recorded yet: there is no ${audit}`);
  const layers = openLayers({ asWritten: true });
  const log = new ReplayLog(audit);
  const world = replayWorld(agents, layers.surroundings, (seq) => log.facts(seq));
  const isWanted = isIn(cwd);
  return {
    layers,
    replay: async (policies, told) =>
      runReplay(log, {
        span,
        warmUpMs: span.since === undefined ? 0 : warmUp(log.folders(span).map(world.today.workspace), policies),
        replays: policies.map((one) => new Replay(world, one)),
        told: (replayed, n) => void (isWanted(replayed) && told(replayed, n)),
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
