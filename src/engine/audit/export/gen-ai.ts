import type { AuditEntry } from '../entry.ts';
import type { SparseObject } from './sparse.ts';

/** The version of OpenTelemetry's GenAI conventions that these names are taken from. They are still in development: names change. */
export const genAiConventions = '0.1.0';

/** What the conventions say about an entry: everything of a tool call, and in which conversation something happened. */
export function genAiAttributes(entry: AuditEntry): SparseObject {
  return {
    'gen_ai.agent.name': entry.agent,
    'gen_ai.conversation.id': entry.session,
    ...(entry.nativeTool === undefined ? {} : toolAttributes(entry, entry.nativeTool)),
  };
}

function toolAttributes(entry: AuditEntry, nativeTool: string): SparseObject {
  return {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': nativeTool,
    'gen_ai.tool.call.id': entry.callId,
    'gen_ai.tool.type': entry.mcpServer === undefined ? 'function' : 'extension',
  };
}
