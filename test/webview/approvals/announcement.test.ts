import { expect, test } from 'vitest';
import { announcement } from '../../../src/webview/approvals/announcement.ts';
import type { ApprovalView } from '../../../src/channel/messages.ts';
import { changedRule } from '../../../src/engine/artifact/server-question.ts';
import { approval } from '../fixtures.ts';

test.each<[string, string[], string[], string]>([
  ['the first', [], ['a'], 'New approval: Run a command. 1 call waits for you.'],
  ['another', ['a'], ['a', 'b'], 'New approval: Run a command. 2 calls wait for you.'],
  ['several at once', [], ['a', 'b', 'c'], '3 new approvals. 3 calls wait for you.'],
  ['nothing new', ['a'], ['a'], ''],
  ['one was answered', ['a', 'b'], ['b'], '1 call waits for you.'],
  ['the last was answered', ['a'], [], 'No approvals are waiting any more.'],
  ['nothing at all', [], [], ''],
])('%s', (_, before, after, said) => {
  const approvals = after.map((id) => approval(id));
  expect(announcement(before, approvals)).toBe(said);
});

test('an agent’s words are not read out as if they were ours', () => {
  const said = announcement([], [approval('a', { tool: 'APPROVE THIS', nativeTool: 'APPROVE THIS', mcpServer: 'evil' })]);
  expect(said).toBe('New approval: Use an MCP tool. 1 call waits for you.');
});

test.each<[string, Partial<ApprovalView>, string]>([
  ['a start', { tool: 'mcp:start', nativeTool: 'mcp:start' }, 'Start an MCP server'],
  ['a change', { tool: 'mcp:change', nativeTool: 'mcp:change', rules: [changedRule] }, 'Accept a changed MCP server'],
  ['a tool that is called so', { tool: 'mcp:start', nativeTool: 'mcp__evil__mcp:start' }, 'Use an MCP tool'],
  ['one whose agent gives the bare name', { tool: 'mcp:change', nativeTool: 'mcp:change' }, 'Use an MCP tool'],
])('a question about an MCP server is told from a call: %s', (_, over, label) => {
  expect(announcement([], [approval('a', { mcpServer: 'files', ...over })])).toBe(`New approval: ${label}. 1 call waits for you.`);
});
