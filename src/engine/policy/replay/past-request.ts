import { digestOf } from '../../audit/canonical.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import type { Circumstances, Facts, ScriptFact } from '../../audit/facts.ts';
import type { GitState, Request } from '../../request.ts';
import type { ToolCall } from '../../tool-call.ts';
import { namedByArguments } from '../../tool-arguments.ts';
import type { Described, Doubt, NamedCall, ReplayWorld } from './world.ts';

/** The part of an entry that is about a call. */
export type CallEntry = AuditEntry & Required<Pick<AuditEntry, 'tool' | 'arguments'>>;

/** A call as it was, for the engine, with what makes its outcome uncertain. Doubts grow while it is judged. */
export interface PastRequest {
  readonly request: Request;
  readonly doubts: Set<Doubt>;
  /** Whether it was asked for something that is not the same in the next call: its time, its session. */
  readonly isVolatile: () => boolean;
}

export interface Past {
  readonly entry: CallEntry;
  /** Left out where they were not recorded. */
  readonly facts?: Facts;
  readonly circumstances: Circumstances;
  /** Calls decided in its session before. */
  readonly calls: number;
  /** Whether the arguments are the very ones that were judged. */
  readonly isWhole: boolean;
}

export function pastRequest(world: ReplayWorld, past: Past): PastRequest {
  const { entry, facts, circumstances } = past;
  const doubts = new Set<Doubt>([...(past.isWhole ? [] : ['masked' as const]), ...(facts === undefined ? ['not-recorded' as const] : [])]);
  if (facts?.partial === true) doubts.add('partial');
  let isVolatile = false;
  const call = callOf(world, past, doubts);
  const lookUps = facts === undefined ? lookUpsToday(world, call.cwd) : recordedLookUps(world, facts, circumstances, call.cwd, doubts);
  const request: Request = {
    call,
    paths: { read: call.paths.read.map(lookUps.resolve), write: call.paths.write.map(lookUps.resolve) },
    domains: call.domains,
    ...lookUps,
    get session() {
      isVolatile = true;
      const { startedAt, interactive } = circumstances;
      return { startedAt: new Date(startedAt), calls: past.calls, tokens: 0, costUsd: 0, interactive };
    },
    get time() {
      isVolatile = true;
      return new Date(facts?.time ?? entry.time);
    },
    workspace: circumstances.workspace,
    user: circumstances.user,
    ...(circumstances.countersignHome === undefined ? {} : { countersignHome: circumstances.countersignHome }),
    ...(circumstances.governor === undefined ? {} : { governor: circumstances.governor }),
  };
  return { request, doubts, isVolatile: () => isVolatile };
}

function callOf(world: ReplayWorld, { entry, circumstances }: Past, doubts: Set<Doubt>): ToolCall {
  const { tool, nativeTool = tool, mcpServer, callId = '', session = '', subagent, agent = '', cwd = '/', arguments: args } = entry;
  const named: NamedCall = { tool, nativeTool, arguments: args, cwd, agent, ...(mcpServer === undefined ? {} : { mcpServer }) };
  const { mode, subagentType } = circumstances;
  return {
    ...describedOr(world, named, doubts),
    id: callId,
    agent: { ...circumstances.agent, name: agent },
    session: { id: session, ...(mode === undefined ? {} : { mode }) },
    ...(subagent === undefined ? {} : { subagent: { id: subagent, ...(subagentType === undefined ? {} : { type: subagentType }) } }),
    tool,
    nativeTool,
    ...(mcpServer === undefined ? {} : { mcpServer }),
    arguments: args,
    cwd,
  };
}

function describedOr(world: ReplayWorld, call: NamedCall, doubts: Set<Doubt>): Described {
  try {
    return world.describe(call);
  } catch {
    doubts.add('masked');
    return namedByArguments(call.arguments);
  }
}

type LookUps = Required<Pick<Request, 'resolve' | 'readText' | 'gitState'>>;

/** The answers that were given then. What nobody asked then is looked up now; of git nothing is known. */
function recordedLookUps(world: ReplayWorld, facts: Facts, { user }: Circumstances, cwd: string, doubts: Set<Doubt>): LookUps {
  const scripts = new Map(Object.entries(facts.scripts ?? {}));
  const git = new Map(Object.entries(facts.git ?? {}));
  return {
    resolve: following(world, { cwd, home: user.home }, facts.links),
    readText: (path) => {
      const script = scripts.get(path);
      if (script === null) return undefined;
      if (script !== undefined) return scriptText(world, path, script, doubts);
      doubts.add('looked-up');
      return world.today.readText(path);
    },
    gitState: (path) => {
      const state = git.get(path);
      if (state === undefined) doubts.add('looked-up');
      return isGitState(state) ? state : 'unknown';
    },
  };
}

/** Rules ask for the same paths again and again. */
function following(world: ReplayWorld, from: { readonly cwd: string; readonly home: string }, links: Facts['links']): LookUps['resolve'] {
  if (links === undefined) return (path) => world.follow(path, from);
  const targets = new Map(Object.entries(links));
  const look = (path: string): string | undefined => {
    const target = targets.get(path);
    if (target === null) throw new Error(`${path} cannot be resolved: it could not be looked at.`);
    return target;
  };
  const reached = new Map<string, string>();
  return (path) => {
    const found = reached.get(path) ?? world.follow(path, from, look);
    reached.set(path, found);
    return found;
  };
}

/** As it was then: kept in this entry or an earlier one, or still the same on the disk. */
function scriptText(world: ReplayWorld, path: string, { digest, text, in: seq }: ScriptFact, doubts: Set<Doubt>): string | undefined {
  const kept = text ?? (seq === undefined ? undefined : keptText(world.factsOf(seq), digest));
  if (kept !== undefined && digestOf(kept) === digest) return kept;
  const now = world.today.readText(path);
  if (now !== undefined && digestOf(now) === digest) return now;
  doubts.add(kept === undefined ? 'looked-up' : 'masked');
  return kept ?? now;
}

function keptText(facts: Facts | undefined, digest: string): string | undefined {
  return Object.values(facts?.scripts ?? {}).find((script) => script?.digest === digest && script.text !== undefined)?.text;
}

function lookUpsToday({ today, follow }: ReplayWorld, cwd: string): LookUps {
  return {
    resolve: (path) => follow(path, { cwd, home: today.user().home }, today.link),
    readText: today.readText,
    gitState: () => 'unknown',
  };
}

const gitStates: readonly GitState[] = ['clean', 'changed', 'untracked', 'ignored', 'outside', 'missing', 'unknown'];

function isGitState(text: string | undefined): text is GitState {
  return gitStates.some((state) => state === text);
}

/** The circumstances of an entry that does not say any: those of now. */
export function circumstancesToday({ today }: ReplayWorld, cwd: string, startedAt: number): Circumstances {
  const { countersignHome } = today;
  return {
    agent: { vendor: '' },
    interactive: true,
    startedAt,
    workspace: today.workspace(cwd),
    user: today.user(),
    ...(countersignHome === undefined ? {} : { countersignHome }),
  };
}
