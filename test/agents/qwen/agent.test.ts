import { describe, expect, test } from 'vitest';
import { UnreadableMessage, type Answer } from '../../../src/agents/agent.ts';
import { qwen } from '../../../src/agents/qwen/agent.ts';
import type { ToolCall } from '../../../src/engine/tool-call.ts';
import { recording } from '../fixtures.ts';

const version = '0.24.4';

function read(name: string, change: Readonly<Record<string, unknown>> = {}) {
  return qwen.read({ ...recording('qwen-code', version, name), ...change });
}

function call(tool_name: string, tool_input: Readonly<Record<string, unknown>>): ToolCall {
  const event = read('PreToolUse.read_file', { tool_name, tool_input });
  if (event.kind !== 'tool-call') throw new Error(`It is read as ${event.kind}`);
  return event.call;
}

function printed(name: string, answer: Answer): unknown {
  const { stdout, stderr, exitCode } = qwen.reply(answer, read(name)).command;
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout === '' ? '' : JSON.parse(stdout);
}

test.each<[string, Readonly<Record<string, unknown>>, Partial<ToolCall>]>([
  ['run_shell_command', { command: 'npm test', is_background: false }, { tool: 'shell', command: 'npm test' }],
  ['run_shell_command', { command: 'rm x', directory: '/srv/b' }, { command: 'cd /srv/b &&\nrm x' }],
  ['monitor', { command: 'tail -f log' }, { tool: 'shell', command: 'tail -f log' }],
  ['read_file', { file_path: '/a' }, { tool: 'read', paths: { read: ['/a'], write: [] } }],
  ['edit', { file_path: '/a', old_string: 'x', new_string: 'y' }, { tool: 'edit', content: 'y', paths: { read: [], write: ['/a'] } }],
  ['notebook_edit', { notebook_path: '/n', new_source: 's' }, { tool: 'notebook_edit', content: 's' }],
  ['grep_search', { pattern: 'x', path: '/srv' }, { tool: 'grep', paths: { read: ['/srv'], write: [] } }],
  ['web_fetch', { url: 'https://A.example/x', prompt: 'p' }, { tool: 'fetch', domains: ['a.example'] }],
  ['mcp__echo__say', { path: '/x' }, { tool: 'say', mcpServer: 'echo', paths: { read: ['/x'], write: ['/x'] } }],
  ['agent', { prompt: 'p' }, { tool: 'agent' }],
  ['exec', { source: 'x' }, { tool: 'other' }],
])('%s %j', (tool, input, meaning) => {
  expect(call(tool, input)).toMatchObject(meaning);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['run_shell_command', {}],
  ['monitor', { command: 7 }],
  ['read_file', {}],
  ['edit', { file_path: '/a' }],
  ['web_fetch', { url: 'https://' }],
])('%s %j cannot be read', (tool, input) => {
  expect(() => call(tool, input)).toThrow(UnreadableMessage);
});

test('a call of a subagent is its own, in the session that it works for', () => {
  expect(read('PreToolUse.in-subagent')).toMatchObject({
    call: { session: { id: '6adf01aa-2260-491b-8161-de03a57007f3' }, subagent: { id: 'general-purpose-call_12_0' } },
  });
});

test('a prompt with nothing in it carries results to the model', () => {
  expect(read('UserPromptSubmit')).toMatchObject({ kind: 'prompt', text: 'do the test' });
  expect(read('UserPromptSubmit', { prompt: '' }).kind).toBe('model-request');
});

describe('answers, as the client was seen to honour them', () => {
  const no = { kind: 'refuse', reason: 'Not here.', stop: false } as const;
  const end = { kind: 'refuse', reason: 'Ended.', stop: true } as const;

  test.each<[string, Answer, unknown]>([
    [
      'PreToolUse.edit',
      no,
      {
        decision: 'deny',
        reason: 'Not here.',
        continue: false,
        stopReason: 'Not here.',
        hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: 'Not here.' },
      },
    ],
    ['PreToolUse.edit', { kind: 'approve', reason: 'ada' }, ''],
    ['PostToolUse.read_file', { kind: 'pass', output: '[removed]' }, { continue: false, stopReason: '[removed]' }],
    ['PostToolUse.mcp__echo__echo', { kind: 'pass', output: [{ text: 'a' }] }, { continue: false, stopReason: 'a' }],
    ['UserPromptSubmit', no, { decision: 'block', reason: 'Not here.' }],
    ['UserPromptSubmit', end, { decision: 'block', reason: 'Ended.', continue: false, stopReason: 'Ended.' }],
    ['Stop', no, ''],
    ['SessionStart', end, ''],
  ])('%s %j', (name, answer, form) => {
    expect(printed(name, answer)).toEqual(form);
  });

  test('other arguments are refused: the client would run its own', () => {
    expect(printed('PreToolUse.edit', { kind: 'pass', input: { file_path: '/b' } })).toMatchObject({ decision: 'deny', continue: false });
  });

  test('what is too long for the client to take is not given to it in part', () => {
    const output = 'x'.repeat(1_100_000);
    const { stdout } = qwen.reply({ kind: 'pass', output }, read('PostToolUse.read_file')).command;
    expect(stdout.length).toBeLessThan(1_000);
    expect(JSON.parse(stdout)).toMatchObject({ continue: false });
  });

  test('at the end of a turn, nothing that cannot be read makes it go on', () => {
    expect(qwen.refuseUnread(recording('qwen-code', version, 'Stop'), 'odd').command.stdout).toBe('');
  });
});
