import type { RuleRef } from '../decision.ts';
import { changeTool } from './pins/change-call.ts';
import { startTool } from './start-call.ts';

/** What asks about a changed server. Documents that we ship are the only ones of this layer, and none has that name. */
export const changedRule: RuleRef = {
  policy: 'mcp-pins',
  rule: 'changed',
  layer: 'built-in',
  digest: '',
  action: 'require_approval',
  mode: 'enforce',
};

interface Asked {
  readonly tool: string;
  readonly nativeTool: string;
  readonly mcpServer?: string;
  readonly rules: readonly RuleRef[];
}

/**
 * Whether an approval is about an MCP server itself, and not about a call. A server may call a tool as we call these questions: such a call
 * accepts nothing, and is not shown as if it were one of them.
 */
export function serverQuestion({ tool, nativeTool, mcpServer, rules }: Asked): 'start' | 'change' | undefined {
  if (mcpServer === undefined || nativeTool !== tool) return undefined;
  if (tool === startTool) return 'start';
  const isOurs = rules.some(({ layer, policy }) => layer === changedRule.layer && policy === changedRule.policy);
  return tool === changeTool && isOurs ? 'change' : undefined;
}
