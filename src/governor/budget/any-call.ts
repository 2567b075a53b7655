import type { ToolCall } from '../../engine/tool-call.ts';

/** A call that says no more than who makes it. */
export function anyCall(agent: string, session: string, cwd: string): ToolCall {
  const nothing = { arguments: {}, paths: { read: [], write: [] }, domains: [] };
  return { id: '', agent: { vendor: '', name: agent }, session: { id: session }, tool: 'other', nativeTool: '', cwd, ...nothing };
}
