import type { JsonObject, JsonValue } from '../../engine/json.ts';
import type { McpKind } from '../../channel/mcp-messages.ts';

/** What we say to the client in the server's place, as a line. `id` as the request has it written. */
export function resultLine(id: string, result: JsonValue): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}\n`);
}

export function errorLine(id: string, code: number, message: string): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}\n`);
}

/** A tool that refuses says so in its result, where every client lets the model read it; anything else has no such place. */
export function refusalLine(id: string, kind: McpKind, reason: string): Buffer {
  return kind === 'tool' ? resultLine(id, refusedResult(reason)) : errorLine(id, refusedCode, reason);
}

export function progressLine(progressToken: JsonValue, progress: number, message: string): Buffer {
  return Buffer.from(
    `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress, message } })}\n`,
  );
}

/** `resultType` is what the newest revision asks for, and nothing to those before it. */
function refusedResult(text: string): JsonObject {
  return { content: [{ type: 'text', text }], isError: true, resultType: 'complete' };
}

export const refusedCode = -32_001;
/** A server over the network that does not answer. */
export const unreached = -32_002;
export const unreadable = -32_700;
export const invalid = -32_600;
export const invalidParams = -32_602;
