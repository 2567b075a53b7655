import { expect, test } from 'vitest';
import { UnreadableMessage } from '../../../src/agents/agent.ts';
import { cline } from '../../../src/agents/cline/agent.ts';
import type { ToolCall } from '../../../src/engine/tool-call.ts';
import { recording } from '../fixtures.ts';

function call(name: string, input: unknown): ToolCall {
  const event = cline.read({ ...recording('cline', '3.0.65', 'tool_call'), tool_call: { id: 'call_1', name, input } });
  if (event.kind !== 'tool-call') throw new Error(`This is a ${event.kind}`);
  return event.call;
}

test.each<[unknown, string]>([
  [{ commands: ['a', 'b c'] }, 'a\nb c'],
  [{ commands: 'a' }, 'a'],
  [{ commands: [{ command: 'rm', args: ['-rf', 'my files'] }] }, "rm -rf 'my files'"],
  [{ command: 'rm', args: ['x'] }, 'rm x'],
  [{ command: 'rm -rf x' }, 'rm -rf x'],
  [{ cmd: 'rm x' }, 'rm x'],
  ['rm x', 'rm x'],
  [['rm x', 'ls'], 'rm x\nls'],
  [[{ command: 'rm' }], 'rm'],
])('run_commands %j is the command %j', (input, command) => {
  expect(call('run_commands', input)).toMatchObject({ tool: 'shell', command });
});

test.each<[unknown]>([
  [{ files: [{ path: '/a' }, { file_path: '/b' }, '/c'] }],
  [{ paths: ['/a', { filePath: '/b' }, '/c'] }],
  [{ file_paths: ['/a', '/b', '/c'] }],
  [['/a', { path: '/b' }, '/c']],
])('read_files %j reads all three', (input) => {
  expect(call('read_files', input)).toMatchObject({ tool: 'read', paths: { read: ['/a', '/b', '/c'], write: [] } });
});

test.each<[string, unknown, Partial<ToolCall>]>([
  ['editor', { path: '/a', new_text: 'x' }, { tool: 'edit', paths: { read: [], write: ['/a'] }, content: 'x' }],
  ['apply_patch', { input: '*** Add File: a\n+x' }, { tool: 'edit', paths: { read: [], write: ['a'] } }],
  ['apply_patch', '*** Delete File: a', { tool: 'edit', paths: { read: [], write: ['a'] } }],
  ['fetch_web_content', { requests: [{ url: 'https://example.com', prompt: 'x' }] }, { tool: 'fetch', domains: ['example.com'] }],
])('%s %j is told in our words', (tool, input, expected) => {
  expect(call(tool, input)).toMatchObject(expected);
});

test.each<[string, unknown]>([
  ['run_commands', {}],
  ['run_commands', { commands: [] }],
  ['run_commands', { commands: [7] }],
  ['run_commands', { commands: ['ls', {}] }],
  ['read_files', { files: [{}] }],
  ['editor', { new_text: 'x' }],
  ['apply_patch', { input: 'nothing' }],
  ['fetch_web_content', { requests: [] }],
])('%s %j, which names nothing that can be judged, is unreadable', (tool, input) => {
  expect(() => call(tool, input)).toThrow(UnreadableMessage);
});
