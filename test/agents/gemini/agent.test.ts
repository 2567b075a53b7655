import { describe, expect, test } from 'vitest';
import { UnreadableMessage, type Answer } from '../../../src/agents/agent.ts';
import { gemini } from '../../../src/agents/gemini/agent.ts';
import type { ToolCall } from '../../../src/engine/tool-call.ts';
import { recording } from '../fixtures.ts';

const version = '0.61.0';
const cwd = '/home/dev/repo';

function read(name: string, change: Readonly<Record<string, unknown>> = {}) {
  return gemini.read({ ...recording('gemini-cli', version, name), ...change });
}

function call(tool_name: string, tool_input: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): ToolCall {
  const event = read('BeforeTool.read_file', { tool_name, tool_input, ...more });
  if (event.kind !== 'tool-call') throw new Error(`It is read as ${event.kind}`);
  return event.call;
}

function printed(name: string, answer: Answer): unknown {
  const { stdout, stderr, exitCode } = gemini.reply(answer, read(name)).command;
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout === '' ? '' : JSON.parse(stdout);
}

describe('what a call means', () => {
  test.each<[string, Readonly<Record<string, unknown>>, Partial<ToolCall>]>([
    ['run_shell_command', { command: 'npm test' }, { tool: 'shell', command: 'npm test' }],
    ['run_shell_command', { command: 'rm x', dir_path: '../b' }, { command: 'cd ../b &&\nrm x', paths: { read: ['../b'], write: [] } }],
    ['run_shell_command', { command: 'ls', dir_path: "it's; rm -rf /" }, { command: `${String.raw`cd 'it'\''s; rm -rf /' &&`}\nls` }],
    ['read_file', { file_path: 'README.md' }, { tool: 'read', paths: { read: ['README.md'], write: [] } }],
    ['write_file', { file_path: 'a', content: 'x' }, { tool: 'write', content: 'x', paths: { read: [], write: ['a'] } }],
    ['replace', { file_path: 'a', old_string: 'x', new_string: 'y' }, { tool: 'edit', content: 'y', paths: { read: [], write: ['a'] } }],
    ['read_many_files', { include: ['src/*.ts', '/etc/**'] }, { tool: 'read', paths: { read: [cwd, cwd, '/etc/'], write: [] } }],
    ['glob', { pattern: '/etc/*' }, { tool: 'glob', paths: { read: [cwd, '/etc/'], write: [] } }],
    ['grep_search', { pattern: 'x', dir_path: '/srv' }, { tool: 'grep', paths: { read: ['/srv'], write: [] } }],
    ['list_directory', { dir_path: '.' }, { tool: 'glob', paths: { read: ['.'], write: [] } }],
    [
      'web_fetch',
      { prompt: 'compare https://a.example/x, and (HTTP://B.example:8080/y)' },
      { tool: 'fetch', domains: ['a.example', 'b.example'] },
    ],
    ['web_fetch', { prompt: 'read https://good.example"@evil.example/x' }, { domains: ['evil.example'] }],
    ['google_web_search', { query: 'q' }, { tool: 'web_search' }],
    ['invoke_agent', { agent_name: 'generalist', prompt: 'p' }, { tool: 'agent' }],
    ['tool_of_next_year', { file: '/etc/passwd' }, { tool: 'other', paths: { read: ['/etc/passwd'], write: ['/etc/passwd'] } }],
    ['constructor', {}, { tool: 'other' }],
  ])('%s %j', (tool, input, meaning) => {
    expect(call(tool, input)).toMatchObject(meaning);
  });

  test('whose MCP tool it is, the client says; a name with several underscores decides nothing', () => {
    const mcp = { mcp_context: { server_name: 'a_b', tool_name: 'c_d', command: 'node' } };
    expect(call('mcp_a_b_c_d', { path: '/srv/x' }, mcp)).toMatchObject({ mcpServer: 'a_b', tool: 'c_d', paths: { write: ['/srv/x'] } });
    expect(() => call('mcp_a_b_c_d', {})).toThrow(UnreadableMessage);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['run_shell_command', {}],
    ['run_shell_command', { command: ['rm'] }],
    ['run_shell_command', { command: 'ls', dir_path: 7 }],
    ['read_file', {}],
    ['write_file', { file_path: 'a' }],
    ['replace', { file_path: 'a' }],
    ['read_many_files', { include: [7] }],
    ['glob', {}],
  ])('%s %j cannot be read', (tool, input) => {
    expect(() => call(tool, input)).toThrow(UnreadableMessage);
  });

  test('another call with new arguments means the same as one that came with them', () => {
    const made = call('run_shell_command', { command: 'ls', dir_path: 'a' });
    const input = { command: 'ls', dir_path: 'b' };
    expect(gemini.describe?.({ ...made, arguments: input })).toMatchObject({ command: 'cd b &&\nls' });
  });
});

describe('what became of it', () => {
  test('a failed call says why, and its text may hold secrets as well', () => {
    expect(read('AfterTool.web_fetch')).toMatchObject({
      kind: 'tool-result',
      outcome: { status: 'failed', error: 'All requested URLs were skipped: [Blocked Host] http://127.0.0.1:9/x' },
      output: 'Error: All requested URLs were skipped: [Blocked Host] http://127.0.0.1:9/x',
    });
  });

  test('what the model gets is what may be replaced', () => {
    expect(read('AfterTool.read_file')).toMatchObject({ outcome: { status: 'ran' }, output: 'hello line\n' });
  });
});

describe('answers, as the client was seen to honour them', () => {
  const no = { kind: 'refuse', reason: 'Not here.', stop: false } as const;
  const end = { kind: 'refuse', reason: 'Ended by ada.', stop: true } as const;
  const refused = { decision: 'deny', reason: 'Not here.' };
  const ended = { decision: 'deny', reason: 'Ended by ada.', continue: false, stopReason: 'Ended by ada.' };

  test.each<[string, Answer, unknown]>([
    ['BeforeTool.run_shell_command', no, refused],
    ['BeforeTool.run_shell_command', end, ended],
    ['BeforeTool.run_shell_command', { kind: 'approve', reason: 'ada' }, ''],
    [
      'BeforeTool.run_shell_command',
      { kind: 'pass', input: { command: 'ls' } },
      { hookSpecificOutput: { hookEventName: 'BeforeTool', tool_input: { command: 'ls' } } },
    ],
    ['AfterTool.read_file', { kind: 'pass', output: '[removed]' }, { decision: 'deny', reason: '[removed]' }],
    [
      'AfterTool.mcp_echo_echo',
      { kind: 'pass', output: [{ text: 'a' }, { inlineData: 'x' }] },
      { decision: 'deny', reason: 'a\n{"inlineData":"x"}' },
    ],
    ['AfterTool.read_file', end, ended],
    ['BeforeAgent', no, refused],
    ['BeforeModel', no, refused],
    ['BeforeModel', end, ended],
    ['SessionStart', end, ''],
    ['AfterAgent', no, ''],
  ])('%s %j', (name, answer, form) => {
    expect(printed(name, answer)).toEqual(form);
  });

  test('after a turn, nothing that cannot be read makes it go on', () => {
    expect(gemini.refuseUnread(recording('gemini-cli', version, 'AfterAgent'), 'odd').command.stdout).toBe('');
  });
});
