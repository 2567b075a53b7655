import { expect, test } from 'vitest';
import type { HookEvent } from '../../../src/agents/agent.ts';
import { UnreadableMessage } from '../../../src/agents/agent.ts';
import { opencode } from '../../../src/agents/opencode/agent.ts';
import type { ToolCall } from '../../../src/engine/tool-call.ts';
import { recording } from '../fixtures.ts';

const version = '1.18.33';

function call(tool: string, args: Readonly<Record<string, unknown>>, servers: readonly string[] = []): ToolCall {
  const message = recording('opencode', version, 'tool.execute.before.bash');
  const input = { tool, sessionID: 'ses_1', callID: 'call_1' };
  const event: HookEvent = opencode.read({ ...message, input, output: { args }, servers });
  if (event.kind !== 'tool-call') throw new Error(`This is a ${event.kind}`);
  return event.call;
}

test.each<[string, Readonly<Record<string, unknown>>, Partial<ToolCall>]>([
  ['bash', { command: 'npm test' }, { tool: 'shell', command: 'npm test' }],
  ['bash', { command: 'rm -rf x', workdir: "/srv/it's" }, { tool: 'shell', command: String.raw`cd '/srv/it'\''s' &&` + '\nrm -rf x' }],
  ['read', { filePath: 'a.txt' }, { tool: 'read', paths: { read: ['a.txt'], write: [] } }],
  ['write', { filePath: 'a.txt', content: 'x' }, { tool: 'write', paths: { read: [], write: ['a.txt'] }, content: 'x' }],
  ['edit', { filePath: 'a.txt', oldString: 'x', newString: 'y' }, { tool: 'edit', paths: { read: [], write: ['a.txt'] }, content: 'y' }],
  ['glob', { pattern: '/etc/**' }, { tool: 'glob', paths: { read: ['/home/dev/repo', '/etc/'], write: [] } }],
  ['grep', { pattern: 'x' }, { tool: 'grep', paths: { read: ['/home/dev/repo'], write: [] } }],
  ['webfetch', { url: 'https://example.com/x' }, { tool: 'fetch', domains: ['example.com'] }],
  ['task', { prompt: 'x' }, { tool: 'agent' }],
  ['read_mcp_resource', { server: 'tracker', uri: 'x://y' }, { tool: 'other', mcpServer: 'tracker' }],
  ['toolOfAPlugin', { path: '/etc/passwd' }, { tool: 'other', paths: { read: ['/etc/passwd'], write: ['/etc/passwd'] } }],
])('%s %j is told in our words', (tool, args, expected) => {
  expect(call(tool, args)).toMatchObject(expected);
});

test('a patch names every file that it writes, deletes and moves', () => {
  const patchText = '*** Begin Patch\n*** Add File: a\n+x\n*** Update File: b\n*** Move to: c\n*** Delete File: d\n*** End Patch';
  expect(call('apply_patch', { patchText }).paths.write).toEqual(['a', 'b', 'c', 'd']);
});

test.each<[string, readonly string[], string | undefined, string]>([
  ['my-echo_echo', ['my-echo', 'other'], 'my-echo', 'echo'],
  ['a_b_c', ['a_b'], 'a_b', 'c'],
  ['a_b_c', ['a'], 'a', 'b_c'],
  ['my_server_run', ['my server'], 'my server', 'run'],
  ['apply_patch', ['other'], undefined, 'edit'],
])('%s with the servers %j belongs to %s', (tool, servers, mcpServer, name) => {
  const args = tool === 'apply_patch' ? { patchText: '*** Begin Patch\n*** Add File: a\n*** End Patch' } : {};
  const { mcpServer: found, tool: canonical } = call(tool, args, servers);
  expect([found, canonical]).toEqual([mcpServer, name]);
});

test.each<[string, readonly string[]]>([
  ['a_b_c', ['a', 'a_b']],
  ['apply_patch', ['apply']],
])('%s, which may be a tool of more than one of %j, is not judged by a guess', (tool, servers) => {
  expect(() => call(tool, { patchText: 'x' }, servers)).toThrow(UnreadableMessage);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['bash', {}],
  ['read', { filePath: 7 }],
  ['apply_patch', { patchText: 'nothing in here' }],
  ['webfetch', { url: '//' }],
])('%s %j is unreadable', (tool, args) => {
  expect(() => call(tool, args)).toThrow(UnreadableMessage);
});

test('what a subagent does belongs to the session that a person began', () => {
  const message = recording('opencode', version, 'tool.execute.before.bash');
  const event = opencode.read({ ...message, session: { id: 'ses_child', root: 'ses_root', agent: 'general' } });
  expect(event.origin).toMatchObject({ session: { id: 'ses_root' }, subagent: { id: 'ses_child', type: 'general' } });
  expect(event.kind === 'tool-call' && event.call.id).toMatch(/^ses_child\/call_/);
});
