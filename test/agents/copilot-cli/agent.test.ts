import { expect, test } from 'vitest';
import { copilotCli } from '../../../src/agents/copilot-cli/agent.ts';
import { UnreadableMessage } from '../../../src/agents/agent.ts';
import type { ToolCall } from '../../../src/engine/tool-call.ts';
import { recording } from '../fixtures.ts';

const version = '1.0.102';

function call(tool: string, input: unknown): ToolCall {
  const event = copilotCli.read({ ...recording('copilot-cli', version, 'PreToolUse.Bash'), tool_name: tool, tool_input: input });
  if (event.kind !== 'tool-call') throw new Error('not a tool call');
  return event.call;
}

const patch =
  '*** Begin Patch\n*** Add File: a.txt\n+one\n  *** Delete File: ../b.txt\n*** Update File: c\n*** Move to: d\n+two\n*** End Patch\n';

test.each<[string, unknown, Partial<ToolCall>]>([
  ['Bash', { command: 'git push', description: 'x' }, { tool: 'shell', command: 'git push' }],
  ['bash', { command: 'git push', mode: 'async' }, { tool: 'shell', command: 'git push' }],
  ['powershell', { command: 'ls' }, { tool: 'shell', command: 'ls', shell: 'powershell' }],
  ['write_bash', { shellId: 's', input: 'rm -rf /{enter}' }, { tool: 'shell', command: 'rm -rf /{enter}' }],
  ['read_bash', { shellId: 's' }, { tool: 'shell_output' }],
  ['stop_bash', { shellId: 's' }, { tool: 'shell_kill' }],
  ['Read', { path: '/a' }, { tool: 'read', paths: { read: ['/a'], write: [] } }],
  ['Write', { path: '/a', file_text: 'x' }, { tool: 'write', paths: { read: [], write: ['/a'] }, content: 'x' }],
  ['Edit', { path: '/a', old_str: 'x', new_str: 'y' }, { tool: 'edit', paths: { read: [], write: ['/a'] }, content: 'y' }],
  ['Edit', patch, { tool: 'edit', arguments: { patch }, content: 'one\ntwo' }],
  ['Glob', { pattern: '*.md' }, { tool: 'glob', paths: { read: ['.'], write: [] } }],
  ['Glob', { pattern: '/etc/*.conf' }, { tool: 'glob', paths: { read: ['.', '/etc/'], write: [] } }],
  ['Grep', { pattern: 'x', path: '/srv' }, { tool: 'grep', paths: { read: ['/srv'], write: [] } }],
  ['WebFetch', { url: 'https://Example.com./x' }, { tool: 'fetch', domains: ['example.com'] }],
  ['Agent', { prompt: 'x' }, { tool: 'agent' }],
  ['echo-echo', { text: 'x' }, { tool: 'echo', mcpServer: 'echo' }],
  ['github-mcp-server-create_issue', {}, { tool: 'create_issue', mcpServer: 'github-mcp-server' }],
  // Where the server's name ends, nobody can tell.
  ['a-b-c', {}, { tool: 'a-b-c', mcpServer: 'a-b-c' }],
  ['tool_of_next_year', { target: '/etc/passwd' }, { tool: 'other', paths: { read: ['/etc/passwd'], write: ['/etc/passwd'] } }],
  ['constructor', {}, { tool: 'other' }],
])('%s %j is told in our words', (tool, input, expected) => {
  expect(call(tool, input)).toMatchObject(expected);
});

test('a patch is about every file in it, also those whose header is indented', () => {
  expect(call('Edit', patch).paths.write.toSorted()).toEqual(['../b.txt', 'a.txt', 'c', 'd']);
});

test.each<[string, unknown]>([
  ['Bash', {}],
  ['Bash', { command: ['ls'] }],
  ['Write', { path: '/a' }],
  ['Edit', { old_str: 'x' }],
  ['Edit', 'no patch at all'],
  ['WebFetch', { url: 'https://' }],
])('%s %j, in which what decides is missing, is unreadable', (tool, input) => {
  expect(() => call(tool, input)).toThrow(UnreadableMessage);
});

test("a subagent's calls belong to its parent's session", () => {
  const { origin } = copilotCli.read(recording('copilot-cli', version, 'PreToolUse.Bash.subagent'));
  expect(origin).toMatchObject({
    session: { id: '267f2005-5198-4913-9483-9c25afa2d552' },
    subagent: { id: '358d9b69-d2ac-4ab0-b07a-7f2f6cbc5d14', type: 'general-purpose' },
  });
});

test('a subagent that is done does not end the turn', () => {
  expect(copilotCli.read(recording('copilot-cli', version, 'Stop.subagent')).kind).toBe('subagent-end');
  expect(copilotCli.read(recording('copilot-cli', version, 'Stop')).kind).toBe('turn-end');
});

test('an event that does not name itself is the one that the hook was called with', () => {
  const message = { sessionId: 's', cwd: '/x', message: 'm' };
  expect(() => copilotCli.read(message)).toThrow(UnreadableMessage);
  expect(copilotCli.read(message, 'Notification')).toMatchObject({ kind: 'other', origin: { event: 'Notification' } });
});
