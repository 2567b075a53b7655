import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import type { Decision } from '../../engine/decision.ts';
import { explainGuarded } from '../../engine/guardrail/policy/explain-call.ts';
import { effectOf } from '../../engine/guardrail/policy/verdict.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { findingsDetail } from '../../governor/guard/findings.ts';
import { callOfMessage, readPolicies, requestFor } from './asked-call.ts';
import { type Command, type ExitCode, parse, type Terminal } from './command.ts';
import { openLayers, type Layers } from './layers.ts';

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
    const call = callOfMessage(message, { cwd: wish.cwd, agent: agentName ?? wish.agent });
    if (call === undefined) return { action: 'abstain', reason: 'This message asks for no decision.', rules: [] };
    const set = given ?? layers.policies.inForce(call.cwd);
    return answerOf(call, explainGuarded(set, requestFor(layers, call), { count: () => 0 }, layers.fingerprint), wish.explain);
  };
}

function answerOf(call: ToolCall, { decision, considered, hits }: ReturnType<typeof explainGuarded>, explaining: boolean): Answered {
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
    ...findingsDetail(hits, (hit) => effectOf(hit, 'input', true)),
    ...(explaining ? { considered } : {}),
  };
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
