import { callOf, describe, originOf } from '../../agents/mcp/call.ts';
import type { McpAsk, McpFrom, McpMethods, McpTold } from '../../channel/mcp-messages.ts';
import type { Peer, Service } from '../../channel/operations.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { Governor } from '../../governor/governor.ts';
import type { HookContext } from '../../governor/office.ts';
import { pidSpace } from '../../storage/pid-space.ts';

/** What the governor does for gateways before MCP servers. */
export function mcpService({ gateway }: Governor): Pick<Service, keyof McpMethods> {
  const held = new WeakMap<Peer, Map<string, AbortController>>();
  return {
    mcpCall: async (ask, peer) => {
      const calls = held.get(peer) ?? new Map<string, AbortController>();
      held.set(peer, calls);
      const gone = new AbortController();
      calls.set(ask.ask, gone);
      try {
        const context = { ...contextOf(ask), signal: AbortSignal.any([peer.closed, gone.signal]) };
        return await gateway.call(callEvent(ask), context, { rewriting, waits: ask.waits });
      } finally {
        calls.delete(ask.ask);
      }
    },
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
      const calls = names.map((name) => callOf({ ...from, kind, name, arguments: {} }, ''));
      const hidden = new Set(await gateway.hidden(originOf(from, 'list'), from.server, calls));
      return { hidden: names.filter((_, index) => hidden.has(calls[index]?.tool ?? '')) };
    },
    mcpLetGo: ({ ask }, peer) => {
      held.get(peer)?.get(ask)?.abort();
      return true;
    },
  };
}

function rewriting(call: ToolCall, input: JsonObject): ToolCall {
  return { ...call, arguments: input, ...describe({ ...call, arguments: input }) };
}

function callEvent(ask: McpAsk) {
  return { kind: 'tool-call', origin: originOf(ask, 'tools/call'), call: callOf(ask, ask.hint ?? '') } as const;
}

function toldCall(told: McpTold) {
  return callOf(told, told.callId);
}

function contextOf({ pid, pidSpace: space }: McpFrom): HookContext {
  const isOwn = pid !== undefined && (space === undefined || space === pidSpace().pidSpace);
  return { via: 'command', ...(isOwn ? { pid } : {}) };
}
