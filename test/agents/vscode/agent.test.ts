import { expect, test } from 'vitest';
import { UnreadableMessage } from '../../../src/agents/agent.ts';
import { vscodeChat } from '../../../src/agents/vscode/agent.ts';
import type { ToolCall } from '../../../src/engine/tool-call.ts';
import { vscodeMessages } from './subject.ts';

function call(tool: string, input: unknown): ToolCall {
  const recorded = vscodeMessages.find(({ name }) => name === 'PreToolUse.run_in_terminal')?.message;
  const event = vscodeChat.read({ ...recorded, tool_name: tool, tool_input: input });
  if (event.kind !== 'tool-call') throw new Error('not a tool call');
  return event.call;
}

const patch = '*** Begin Patch\n*** Update File: /w/a.txt\n+one\n*** Delete File: /w/b.txt\n*** End Patch\n';

test.each<[string, unknown, Partial<ToolCall>]>([
  ['run_in_terminal', { command: 'git push' }, { tool: 'shell', command: 'git push' }],
  ['send_to_terminal', { id: 't', command: 'rm -rf /' }, { tool: 'shell', command: 'rm -rf /' }],
  ['create_and_run_task', { task: { label: 'x', command: 'npm', args: ['run', 'x'] } }, { tool: 'shell', command: 'npm run x' }],
  ['create_and_run_task', { task: { command: 'rm', args: ['#', '-rf', '~'] } }, { tool: 'shell', command: "rm # -rf ~\nrm '#' -rf '~'" }],
  ['get_terminal_output', { id: 't' }, { tool: 'shell_output' }],
  ['read_file', { filePath: '/w/a' }, { tool: 'read', paths: { read: ['/w/a'], write: [] } }],
  ['read_file', { filePath: 'file:///w/a%20b' }, { tool: 'read', paths: { read: ['/w/a b'], write: [] } }],
  ['create_file', { filePath: '/w/a', content: 'x' }, { tool: 'write', paths: { read: [], write: ['/w/a'] }, content: 'x' }],
  ['replace_string_in_file', { filePath: '/w/a', oldString: 'x', newString: 'y' }, { tool: 'edit', content: 'y' }],
  [
    'multi_replace_string_in_file',
    {
      replacements: [
        { filePath: '/w/a', newString: '1' },
        { filePath: '/w/b', newString: '2' },
      ],
    },
    { tool: 'edit', paths: { read: [], write: ['/w/a', '/w/b'] }, content: '1\n2' },
  ],
  ['apply_patch', { input: patch }, { tool: 'edit', paths: { read: [], write: ['/w/a.txt', '/w/b.txt'] }, content: 'one' }],
  ['fetch_webpage', { urls: ['https://a.example/x', 'b.example'], query: 'q' }, { tool: 'fetch', domains: ['a.example', 'b.example'] }],
  ['runSubagent', { prompt: 'x' }, { tool: 'agent' }],
  ['mcp_echo_echo', {}, { tool: 'echo', mcpServer: 'echo' }],
  ['mcp_git_hub_issues', {}, { tool: 'mcp_git_hub_issues', mcpServer: 'mcp_git_hub_issues' }],
  ['tool_of_next_year', { filePath: '/etc/passwd' }, { tool: 'other', paths: { read: ['/etc/passwd'], write: ['/etc/passwd'] } }],
])('%s %j is told in our words', (tool, input, expected) => {
  expect(call(tool, input)).toMatchObject(expected);
});

test.each<[string, unknown]>([
  ['run_in_terminal', {}],
  ['create_and_run_task', {}],
  ['create_file', { filePath: '/w/a' }],
  ['multi_replace_string_in_file', { replacements: [{ newString: 'x' }] }],
  ['apply_patch', { input: 'nothing' }],
  ['fetch_webpage', { urls: [7] }],
])('%s %j, in which what decides is missing, is unreadable', (tool, input) => {
  expect(() => call(tool, input)).toThrow(UnreadableMessage);
});
