import { expect, test } from 'vitest';
import { codex } from '../../../src/agents/codex/agent.ts';
import type { ToolCall } from '../../../src/engine/tool-call.ts';
import { recorded } from '../fixtures.ts';

const messages = new Map(recorded('codex', '0.169.0').map(({ name, message }) => [name, message]));

function call(tool: string, input: Readonly<Record<string, unknown>>): ToolCall {
  const event = codex.read({ ...messages.get('PreToolUse.Bash'), tool_name: tool, tool_input: input });
  if (event.kind !== 'tool-call') throw new Error('not a tool call');
  return event.call;
}

const patch = `*** Begin Patch
*** Add File: new.txt
+hello
*** Update File: src/a.ts
*** Move to: src/b.ts
@@
-old
+fresh
  *** delete file: /etc/gone.conf
*** End Patch`;

test.each<[string, Readonly<Record<string, unknown>>, Partial<ToolCall>]>([
  ['Bash', { command: 'git push' }, { tool: 'shell', command: 'git push' }],
  ['exec_command', { cmd: 'ls' }, { tool: 'shell', command: 'ls' }],
  ['write_stdin', { session_id: 1, chars: 'rm -rf /\n' }, { tool: 'shell', command: 'rm -rf /\n' }],
  ['write_stdin', { session_id: 1 }, { tool: 'shell_output' }],
  [
    'apply_patch',
    { command: patch },
    { tool: 'edit', paths: { read: [], write: ['new.txt', 'src/a.ts', 'src/b.ts', '/etc/gone.conf'] }, content: 'hello\nfresh' },
  ],
  [
    'apply_patch',
    { command: '*** Begin Patch\r\n*** Add File: a b.txt\r\n+x\r\n*** End Patch' },
    { tool: 'write', paths: { read: [], write: ['a b.txt'] } },
  ],
  ['view_image', { path: 'img.png' }, { tool: 'read', paths: { read: ['img.png'], write: [] } }],
  ['mcp__github__merge_pull_request', { base: 'main' }, { tool: 'merge_pull_request', mcpServer: 'github' }],
  ['read_mcp_resource', { server: 'docs', uri: 'x://y' }, { tool: 'other', mcpServer: 'docs' }],
  ['list_mcp_resources', {}, { tool: 'other' }],
  ['spawn_agent', { message: 'go' }, { tool: 'agent' }],
  ['collaborationspawn_agent', { message: 'go' }, { tool: 'agent' }],
  ['multi_agent_v1wait_agent', { targets: [] }, { tool: 'other' }],
  ['constructor', {}, { tool: 'other' }],
])('%s(%j) in our words', (tool, input, expected) => {
  expect(call(tool, input)).toMatchObject({ ...expected, nativeTool: tool, arguments: input });
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['Bash', {}],
  ['Bash', { command: ['rm', '-rf'] }],
  ['apply_patch', { command: 'nothing that is a patch' }],
  ['apply_patch', { input: patch }],
  ['view_image', { path: 7 }],
])('%s(%j), without what decides, is unreadable', (tool, input) => {
  expect(() => call(tool, input)).toThrow(/readable|no file/);
});

test('a subagent has its own identity beside the session that began it', () => {
  const { origin } = codex.read(messages.get('PreToolUse.Bash.subagent'));
  expect(origin.subagent).toEqual({ id: '01a1f822-d64e-7112-9e6c-8bec0db8917a', type: 'default' });
  expect(origin.session.id).toBe('01a1f822-d095-7a31-871c-602c8011144e');
});

test('an unreadable end of a turn does not keep the agent working', () => {
  expect(codex.refuseUnread({ hook_event_name: 'Stop' }, 'x').command.exitCode).toBe(1);
  expect(codex.refuseUnread('garbage', 'x', 'Stop').command.exitCode).toBe(1);
});
