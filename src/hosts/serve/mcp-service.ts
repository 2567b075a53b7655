import { callOf, describe, originOf } from '../../agents/mcp/call.ts';
import { startEvent } from '../../agents/mcp/start.ts';
import type { McpAsk, McpFrom, McpMethods, McpTold } from '../../channel/mcp-messages.ts';
import type { Peer, Service } from '../../channel/operations.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { Governor } from '../../governor/governor.ts';
import type { CallOf } from '../../governor/gateway/server-views.ts';
import type { HookContext } from '../../governor/office.ts';
import { pidSpace } from '../../storage/pid-space.ts';

/** What the governor does for gateways before MCP servers. */
export function mcpService({ gateway }: Governor, user: () => string): Pick<Service, keyof McpMethods> {
  const held = new WeakMap<Peer, Map<string, AbortController>>();
  // The same for as long as we run: the system need not be asked at every call.
  const here = pidSpace().pidSpace;
  return {
    mcpCall: async (ask, peer) => {
      const calls = held.get(peer) ?? new Map<string, AbortController>();
      held.set(peer, calls);
      const gone = new AbortController();
      calls.set(ask.ask, gone);
      try {
        const context = { ...contextOf(ask, here), signal: AbortSignal.any([peer.closed, gone.signal]) };
        const session = ask.distant === true ? gateway.sessionOf(callEvent(ask).call) : undefined;
        const found = session === undefined ? ask : { ...ask, session };
        const verdict = await gateway.call(callEvent(found), context, { rewriting, waits: ask.waits }, ask.definition);
        return session === undefined ? verdict : { ...verdict, session };
      } finally {
        calls.delete(ask.ask);
      }
    },
    // Whoever hangs up has lost patience: the question stays, and its answer counts for the next start.
    mcpStart: (ask) => gateway.start(startEvent(ask), ask, { ...contextOf(ask, here), signal: new AbortController().signal }),
    mcpContinue: ({ answers, ...told }) => gateway.continue(originOf(told, 'tools/call'), toldCall(told), answers),
    mcpResult: ({ failed, joined, durationMs, output, ...told }) =>
      gateway.result(
        {
          kind: 'tool-result',
          origin: originOf(told, 'result'),
          call: toldCall(told),
          outcome: { status: failed ? 'failed' : 'ran', durationMs },
          ...(output === undefined ? {} : { output }),
        },
        joined,
      ),
    mcpList: async ({ kind, names, ...from }) => {
      const { revision } = gateway;
      const calls = names.map((name) => callOf({ ...from, kind, name, arguments: {} }, ''));
      const hidden = new Set(await gateway.hidden(originOf(from, 'list'), from.server, calls));
      return { hidden: names.filter((_, index) => hidden.has(calls[index]?.tool ?? '')), revision };
    },
    mcpShown: async ({ shown, ...from }) => ({ verdicts: await gateway.shown(originOf(from, 'list'), from.server, shown) }),
    mcpChanged: async ({ since }, peer) => ({ revision: await gateway.changed(since, peer.closed) }),
    mcpServers: (question) => gateway.servers(question, itemCall),
    answerPins: async ({ surface, ...choice }) => ({ answered: await gateway.answerPins(choice, { user: user(), surface }) }),
    mcpSecrets: ({ names, ...from }) => gateway.secrets(originOf(from, 'secrets'), from.server, names),
    mcpLetGo: ({ ask }, peer) => {
      held.get(peer)?.get(ask)?.abort();
      return true;
    },
  };
}

/** `agent` is a name that clients are known by. */
const itemCall: CallOf = ({ agent, cwd, server }, { kind, name }) =>
  callOf({ client: agent, session: 'none', cwd, server, kind: kind === 'prompt' ? kind : 'tool', name, arguments: {} }, '');

function rewriting(call: ToolCall, input: JsonObject): ToolCall {
  return { ...call, arguments: input, ...describe({ ...call, arguments: input }) };
}

function callEvent(ask: McpAsk) {
  return { kind: 'tool-call', origin: originOf(ask, 'tools/call'), call: callOf(ask, ask.hint ?? '') } as const;
}

function toldCall(told: McpTold) {
  return callOf(told, told.callId);
}

function contextOf({ pid, pidSpace: space }: McpFrom, here: string | undefined): HookContext {
  const isOwn = pid !== undefined && (space === undefined || space === here);
  return { via: 'command', ...(isOwn ? { pid } : {}) };
}
