import { UnreadableMessage, type Agent, type Answer, type HookEvent, type Origin, type Reply } from '../../src/agents/agent.ts';
import type { Decision } from '../../src/engine/decision.ts';
import type { JsonObject } from '../../src/engine/json.ts';
import { Governor, type GovernorOptions } from '../../src/governor/governor.ts';
import type { Decide } from '../../src/governor/office.ts';
import { memoryPorts, type MemoryPorts } from '../storage/memory-ports.ts';

/** An agent whose messages are events already, and whose replies are the answers themselves. */
export const plainAgent: Agent = {
  name: 'plain',
  read: (message) => {
    if (!isEvent(message)) throw new UnreadableMessage('not an event');
    return message;
  },
  reply: (answer) => replyOf(answer),
  refuseUnread: (_, reason) => replyOf({ kind: 'refuse', reason, stop: false }),
  inlineCalls: ({ text }, { id }, from) => [{ ...callEvent(`${id}!${text}`, { command: text }).call, session: from.session }],
};

export function answerIn(reply: Reply): Answer {
  const answer: Answer = JSON.parse(reply.command.stdout);
  return answer;
}

export const rule = {
  policy: 'team',
  rule: 'ask',
  layer: 'user',
  digest: 'sha256:1',
  action: 'require_approval',
  mode: 'enforce',
} as const;

export function decision(over: Partial<Decision> = {}): Decision {
  return { action: 'abstain', reason: '', rules: [], mode: 'enforce', autoApprove: false, observed: [], counted: [], redact: [], ...over };
}

export function asking(over: Partial<Decision> = {}): Decision {
  const approval = { timeoutMs: 60_000, onTimeout: 'deny', approvers: [], reason: 'optional' } as const;
  return decision({ action: 'require_approval', reason: 'A person decides.', rules: [rule], approval, ...over });
}

export const ada = { user: 'ada', surface: 'inbox' };
export const yes = { outcome: 'approved', scope: 'once', reason: '' } as const;
export const no = { outcome: 'denied', scope: 'once', reason: 'not today' } as const;

export interface Bench {
  readonly ports: MemoryPorts;
  readonly governor: Governor;
  readonly faults: unknown[];
  readonly say: (event: HookEvent, signal?: AbortSignal) => Promise<Answer>;
}

export function bench(
  decide: Decide | Decision = decision(),
  over: Partial<GovernorOptions> = {},
  ports: MemoryPorts = memoryPorts(),
): Bench {
  const faults: unknown[] = [];
  const governor = new Governor(ports, new Map([['plain', plainAgent]]), {
    decide: typeof decide === 'function' ? decide : () => decide,
    weakens: () => undefined,
    onFault: (error) => faults.push(error),
    ...over,
  });
  const say = async (event: HookEvent, signal?: AbortSignal): Promise<Answer> =>
    answerIn(await governor.hook('plain', event, { via: 'http', ...(signal === undefined ? {} : { signal }) }));
  return { ports, governor, faults, say };
}

export function origin(event: string, session = 's1'): Origin {
  return { agent: { vendor: 'nobody', name: 'plain' }, session: { id: session, mode: 'default' }, cwd: '/home/ada/project', event };
}

export function callEvent(id: string, args: JsonObject = { command: 'ls' }, session = 's1'): Extract<HookEvent, { kind: 'tool-call' }> {
  const from = origin('before', session);
  const { agent, cwd } = from;
  const call = {
    id,
    agent,
    cwd,
    session: from.session,
    tool: 'shell',
    nativeTool: 'Bash',
    arguments: args,
    paths: { read: [], write: [] },
    domains: [],
  };
  return { kind: 'tool-call', origin: from, call };
}

export function resultEvent(id: string, status: 'ran' | 'failed' = 'ran', args: JsonObject = { command: 'ls' }): HookEvent {
  const { call } = callEvent(id, args);
  return { kind: 'tool-result', origin: origin('after'), call, outcome: { status, durationMs: 12 } };
}

/** Lets everything that can happen now happen. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function isEvent(message: unknown): message is HookEvent {
  return typeof message === 'object' && message !== null && 'kind' in message;
}

function replyOf(answer: Answer): Reply {
  return { http: { status: 200, body: { ...answer } }, command: { stdout: JSON.stringify(answer), stderr: '', exitCode: 0 } };
}
