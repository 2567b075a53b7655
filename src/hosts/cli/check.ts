import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { claudeCode } from '../../agents/claude-code/agent.ts';
import type { Agent } from '../../agents/agent.ts';
import type { Decision } from '../../engine/decision.ts';
import { explain, type Explanation } from '../../engine/policy/explain.ts';
import { withNameClashes } from '../../engine/policy/name-clashes.ts';
import type { PolicyFile, PolicySet } from '../../engine/policy/policy-set.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { requestOf } from '../../governor/enrich.ts';
import { type Command, type ExitCode, parse, type Terminal } from './command.ts';
import { openLayers, type Layers } from './layers.ts';
import { packFile, packsFolder, policyParser, shippedPolicies } from '../../storage/shipped-policies.ts';

export const check: Command = {
  name: 'check',
  summary: 'what the policies say about a hook message on stdin; exits 2 unless it may run',
  usage:
    'countersign check [--policy PATH]… [--agent NAME] [--cwd DIR] [--explain]\ncountersign check --jsonl …     JSON Lines in and out, exit 0',
  run: async (args, terminal) => {
    const { values } = parse(args, {
      policy: { type: 'string', multiple: true },
      agent: { type: 'string' },
      cwd: { type: 'string' },
      explain: { type: 'boolean' },
      jsonl: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    using layers = openLayers();
    const judge = judgeWith(layers, values.policy ?? [], { cwd: values.cwd, explain: values.explain === true, agent: values.agent });
    if (values.jsonl) return each(terminal, judge);
    const answer = judge(JSON.parse(await text(terminal.stdin)), undefined);
    terminal.out(JSON.stringify(answer));
    return answer.action === 'allow' || answer.action === 'abstain' ? 0 : 2;
  },
};

interface Wish {
  readonly cwd: string | undefined;
  readonly explain: boolean;
  readonly agent: string | undefined;
}

type Answered = Readonly<Record<string, unknown>> & { readonly action: Decision['action'] };
type Judge = (message: unknown, agent: string | undefined) => Answered;

function judgeWith(layers: Layers, paths: readonly string[], wish: Wish): Judge {
  const given = paths.length === 0 ? undefined : readPolicies(paths);
  return (message, agentName) => {
    const name = agentName ?? wish.agent ?? claudeCode.name;
    const agent = agents.get(name) ?? claudeCode;
    const call = callOf(agent, message, wish.cwd);
    if (call === undefined) return { action: 'abstain', reason: 'This message asks for no decision.', rules: [] };
    // A name that is no adapter's is the name that policies see: `--agent dev-assistant`.
    const named = agents.has(name) ? call : { ...call, agent: { ...call.agent, name } };
    const set = given ?? layers.policies.inForce(named.cwd);
    return answerOf(named, explain(set, requestFor(layers, named), { count: () => 0 }), wish.explain);
  };
}

const agents: ReadonlyMap<string, Agent> = new Map([[claudeCode.name, claudeCode]]);

function callOf(agent: Agent, message: unknown, cwd: string | undefined): ToolCall | undefined {
  const event = agent.read(completed(message, cwd === undefined ? {} : { cwd: resolve(cwd) }));
  return event.kind === 'tool-call' || event.kind === 'permission-request' ? event.call : undefined;
}

/** A script that asks what a call would be told need not make up a session around it. What it gives is taken as it is. */
function completed(message: unknown, given: Readonly<Record<string, string>>): unknown {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return message;
  const made = { session_id: 'check', transcript_path: '', cwd: process.cwd(), hook_event_name: 'PreToolUse', tool_use_id: 'check' };
  return { ...made, ...message, ...given };
}

function requestFor({ surroundings }: Layers, call: ToolCall) {
  const now = Date.now();
  const session = {
    agent: call.agent.name,
    id: call.session.id,
    cwd: call.cwd,
    mode: call.session.mode ?? '',
    interactive: false,
    startedAt: now,
    lastSeenAt: now,
    calls: 0,
    denials: 0,
  };
  return requestOf({ surroundings, clock: { now: () => now, after: () => () => undefined } }, call, session);
}

function answerOf(call: ToolCall, { decision, considered }: Explanation, explaining: boolean): Answered {
  const { action, reason, rules, mode } = decision;
  const shown = rules.map(({ policy, rule, layer, digest, parts }) => ({ policy, rule, layer, digest, ...(parts && { parts }) }));
  const called = {
    agent: call.agent.name,
    tool: call.tool,
    nativeTool: call.nativeTool,
    ...(call.mcpServer === undefined ? {} : { mcpServer: call.mcpServer }),
  };
  return {
    action: mode === 'observe' ? 'abstain' : action,
    reason,
    rules: shown,
    call: called,
    mode,
    ...(explaining ? { considered } : {}),
  };
}

/**
 * Only these files, the packs they name, and self-protection: what a file says is not to change with what we ship. A file that cannot
 * be read denies, as in the governor.
 */
function readPolicies(paths: readonly string[]): PolicySet {
  const files = paths.flatMap((path) => (statSync(path).isDirectory() ? yamlIn(path) : [path]));
  const given = withNameClashes(files.map((path) => readPolicy(path, 'user')));
  const named = new Set(given.flatMap(({ documents }) => documents.flatMap(({ packs }) => packs)));
  const packs = [...named].map((name) => join(packsFolder(shippedPolicies()), packFile(name)));
  const shipped = [join(shippedPolicies(), 'self-protection.yaml'), ...packs].map((path) => readPolicy(path, 'built-in'));
  return { files: [...given, ...shipped] };
}

function readPolicy(path: string, layer: PolicyFile['layer']): PolicyFile {
  return policyParser(shippedPolicies())({ path: realpathSync(path), layer, source: readFileSync(path, 'utf8'), trusted: true });
}

function yamlIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name))
    .map((name) => join(folder, name));
}

const wrapped = z.object({ id: z.optional(z.unknown()), agent: z.optional(z.string()), message: z.unknown() });

async function each(terminal: Terminal, judge: Judge): Promise<ExitCode> {
  for await (const line of createInterface({ input: terminal.stdin, crlfDelay: Infinity })) {
    if (line.trim() !== '') terminal.out(JSON.stringify(judgeLine(line, judge)));
  }
  return 0;
}

/** A line that cannot be read is denied, and does not stop the rest. */
function judgeLine(line: string, judge: Judge): Readonly<Record<string, unknown>> {
  let id: unknown;
  try {
    const parsed: unknown = JSON.parse(line);
    const wrapper = z.safeParse(wrapped, parsed);
    const isWrapped = wrapper.success && typeof parsed === 'object' && parsed !== null && 'message' in parsed;
    id = isWrapped ? wrapper.data.id : undefined;
    const answer = isWrapped ? judge(wrapper.data.message, wrapper.data.agent) : judge(parsed, undefined);
    return id === undefined ? answer : { id, ...answer };
  } catch (error) {
    return { ...(id === undefined ? {} : { id }), action: 'deny', error: error instanceof Error ? error.message : String(error) };
  }
}
