import { describe, expect, test } from 'vitest';
import { claudeCode } from '../../../src/agents/claude-code/agent.ts';
import type { Answer, HookEvent } from '../../../src/agents/agent.ts';
import type { ToolCall } from '../../../src/engine/tool-call.ts';
import { recording } from '../fixtures.ts';

const version = '2.1.328';
function read(name: string, change: Readonly<Record<string, unknown>> = {}): HookEvent {
  return claudeCode.read({ ...recording('claude-code', version, name), ...change });
}

function call(tool: string, input: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): ToolCall {
  const event = read('PreToolUse.Bash', { tool_name: tool, tool_input: input, ...more });
  if (event.kind !== 'tool-call') throw new Error('not a tool call');
  return event.call;
}

const cwd = '/home/dev/proj';

test.each<[string, Readonly<Record<string, unknown>>, Partial<ToolCall>]>([
  ['Bash', { command: 'git push' }, { tool: 'shell', command: 'git push' }],
  ['PowerShell', { command: 'ls' }, { tool: 'shell', command: 'ls', shell: 'powershell' }],
  ['Monitor', { command: 'tail -f x' }, { tool: 'shell', command: 'tail -f x' }],
  ['Monitor', { ws: { url: 'wss://feed.example.com/x' } }, { tool: 'shell', domains: ['feed.example.com'] }],
  ['BashOutput', { bash_id: '1' }, { tool: 'shell_output' }],
  ['KillShell', { shell_id: '1' }, { tool: 'shell_kill' }],
  ['Read', { file_path: '/a' }, { tool: 'read', paths: { read: ['/a'], write: [] } }],
  ['Write', { file_path: '/a', content: 'x' }, { tool: 'write', paths: { read: [], write: ['/a'] }, content: 'x' }],
  ['Edit', { file_path: '/a', old_string: 'x', new_string: 'y' }, { tool: 'edit', paths: { read: [], write: ['/a'] }, content: 'y' }],
  [
    'MultiEdit',
    { file_path: '/a', edits: [{ new_string: 'y' }, { new_string: 'z' }] },
    { tool: 'edit', paths: { read: [], write: ['/a'] }, content: 'y\nz' },
  ],
  [
    'NotebookEdit',
    { notebook_path: '/n.ipynb', new_source: 'p' },
    { tool: 'notebook_edit', paths: { read: [], write: ['/n.ipynb'] }, content: 'p' },
  ],
  ['Glob', { pattern: '**/*.ts' }, { tool: 'glob', paths: { read: [cwd], write: [] } }],
  ['Glob', { pattern: '*.ts', path: '/src' }, { tool: 'glob', paths: { read: ['/src'], write: [] } }],
  ['Glob', { pattern: '/etc/ssl/*.key' }, { tool: 'glob', paths: { read: [cwd, '/etc/ssl/'], write: [] } }],
  ['Glob', { pattern: '~/.ssh/*' }, { tool: 'glob', paths: { read: [cwd, '~/.ssh/'], write: [] } }],
  ['Glob', { pattern: '../other/*' }, { tool: 'glob', paths: { read: [cwd, `${cwd}/../other/`], write: [] } }],
  ['Grep', { pattern: 'x' }, { tool: 'grep', paths: { read: [cwd], write: [] } }],
  ['Grep', { pattern: 'x', path: '/etc/passwd' }, { tool: 'grep', paths: { read: ['/etc/passwd'], write: [] } }],
  ['WebFetch', { url: 'https://Docs.Example.com./a?b' }, { tool: 'fetch', domains: ['docs.example.com'] }],
  ['WebFetch', { url: 'example.com/x' }, { tool: 'fetch', domains: ['example.com'] }],
  ['WebSearch', { query: 'q' }, { tool: 'web_search', domains: [] }],
  ['Agent', { prompt: 'p' }, { tool: 'agent' }],
  ['Task', { prompt: 'p' }, { tool: 'agent' }],
  ['Skill', { skill: 's' }, { tool: 'skill' }],
  ['TodoWrite', { todos: [] }, { tool: 'task' }],
  ['AskUserQuestion', { questions: [] }, { tool: 'question' }],
  ['ExitPlanMode', { plan: '' }, { tool: 'plan' }],
  ['EnterWorktree', { path: '/w' }, { tool: 'worktree', paths: { read: ['/w'], write: [] } }],
  ['ToolSearch', { query: 'q' }, { tool: 'tool_search' }],
  ['ReadMcpResourceTool', { server: 'docs', uri: 'x://y' }, { tool: 'other', mcpServer: 'docs' }],
  ['Artifact', { file_path: '/a.html' }, { tool: 'other', paths: { read: ['/a.html'], write: [] } }],
  ['ToolOfNextYear', { a: 1 }, { tool: 'other', paths: { read: [], write: [] } }],
  ['constructor', {}, { tool: 'other' }],
  ['mcp__github__merge_pull_request', { base: 'main' }, { tool: 'merge_pull_request', mcpServer: 'github', domains: [] }],
  [
    'mcp__fs__write_file',
    { path: 'src/a.ts', from: 'https://X.com/y' },
    { tool: 'write_file', mcpServer: 'fs', paths: { read: ['src/a.ts'], write: ['src/a.ts'] }, domains: ['x.com'] },
  ],
  ['SomethingNew', { file_path: '/etc/x' }, { tool: 'other', paths: { read: ['/etc/x'], write: ['/etc/x'] }, domains: [] }],
  ['mcp__a__b__c', {}, { tool: 'b__c', mcpServer: 'a' }],
])('%s(%j) in our words', (tool, input, expected) => {
  expect(call(tool, input)).toMatchObject({ ...expected, nativeTool: tool, arguments: input });
});

test("an MCP server's own name counts, not the one made fit for the tool's name", () => {
  const { tool, mcpServer } = call('mcp__claude_ai_Git__x__y', {}, { mcp_server: { name: 'claude.ai Git', source: 'user' } });
  expect({ tool, mcpServer }).toEqual({ tool: 'x__y', mcpServer: 'claude.ai Git' });
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['Bash', {}],
  ['Bash', { command: ['rm', '-rf'] }],
  ['Monitor', { command: 7 }],
  ['Monitor', { ws: 'wss://x' }],
  ['Read', { path: '/a' }],
  ['Write', { file_path: '/a' }],
  ['Edit', { file_path: null, new_string: 'x' }],
  ['MultiEdit', { file_path: '/a', edits: [{}] }],
  ['Grep', { pattern: 'x', path: ['/etc'] }],
  ['WebFetch', { url: 'http://' }],
])('%s(%j), without what decides, is unreadable', (tool, input) => {
  expect(() => call(tool, input)).toThrow(/readable|host/);
});

describe('where it comes from', () => {
  test('a subagent has its own identity beside the session', () => {
    const { origin } = read('PreToolUse.Bash.subagent');
    expect(origin.subagent).toEqual({ id: 'a5f14ca432d598b9c', type: 'general-purpose' });
    expect(origin.agent.type).toBe('general-purpose');
    expect(origin.session.mode).toBe('bypassPermissions');
  });

  test('a session that runs as an agent of the user is not a subagent', () => {
    const { origin } = read('PreToolUse.Bash', { agent_type: 'reviewer' });
    expect(origin.agent.type).toBe('reviewer');
    expect(origin.subagent).toBeUndefined();
  });
});

test('what became of a call', () => {
  expect(read('PostToolUse.Bash')).toMatchObject({ kind: 'tool-result', outcome: { status: 'ran', durationMs: 20 } });
  expect(read('PostToolUseFailure.Bash')).toMatchObject({ kind: 'tool-result', outcome: { status: 'failed', error: 'Exit code 3' } });
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['UserPromptSubmit', { kind: 'prompt', promptId: '7edb9641-993c-48d8-8cb8-c1cd0c8ec04d', text: 'go' }],
  ['UserPromptExpansion', { kind: 'prompt', expansion: { name: 'greet', arguments: 'bob' } }],
  ['SessionStart.resume', { kind: 'session-start', source: 'resume' }],
  ['SessionEnd.clear', { kind: 'session-end', reason: 'clear' }],
  ['Stop', { kind: 'turn-end' }],
  ['SubagentStop.subagent', { kind: 'subagent-end' }],
  ['ConfigChange.project_settings', { kind: 'config-change', source: 'project_settings', file: '/home/dev/proj/.claude/settings.json' }],
  ['PermissionRequest.Bash', { kind: 'permission-request', call: { id: '' } }],
  ['Notification.permission_prompt', { kind: 'other' }],
  ['PostToolBatch', { kind: 'calls-end', results: [{ callId: 'toolu_Lx96g9bxYXxdlH0N', text: 'OUT' }, { text: '1\talpha\n2\t' }] }],
])('%s', (name, expected) => {
  expect(read(name)).toMatchObject(expected);
});

test.each([['EventOfNextYear'], ['constructor'], ['__proto__'], ['toString']])('an event called "%s" asks for no decision', (name) => {
  expect(read('PreToolUse.Bash', { hook_event_name: name })).toEqual({ kind: 'other', origin: expect.objectContaining({ event: name }) });
});

describe('the exact form', () => {
  test('a killed session: the call is refused and the turn ends', () => {
    expect(claudeCode.reply({ kind: 'refuse', reason: 'killed', stop: true }, read('PreToolUse.Bash')).http.body).toEqual({
      hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: 'killed' },
      continue: false,
      stopReason: 'killed',
    });
  });

  test('an approved call skips the client’s own question', () => {
    expect(claudeCode.reply({ kind: 'approve', reason: 'ada' }, read('PreToolUse.Bash')).http.body).toEqual({
      hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'allow', permissionDecisionReason: 'ada' },
    });
    expect(claudeCode.reply({ kind: 'approve', reason: 'ada' }, read('PermissionRequest.Bash')).http.body).toEqual({
      hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } },
    });
  });

  test('a refused prompt says so on stdout too, whatever its reason looks like', () => {
    const { command } = claudeCode.reply({ kind: 'refuse', reason: "can't open: no such file", stop: false }, read('UserPromptSubmit'));
    expect(JSON.parse(command.stdout)).toEqual({ decision: 'block', reason: "can't open: no such file" });
    expect(command.exitCode).toBe(2);
  });

  test('an unreadable end of a turn does not keep the agent working', () => {
    expect(claudeCode.refuseUnread({ hook_event_name: 'Stop' }, 'x').command.exitCode).toBe(1);
  });
});

const input = { command: 'echo' };
const output = { stdout: '', stderr: '' };

test.each<[string, Answer, unknown]>([
  ['PreToolUse.Bash', { kind: 'pass', input }, { hookEventName: 'PreToolUse', updatedInput: input }],
  [
    'PreToolUse.Bash',
    { kind: 'approve', reason: 'ada', input },
    { hookEventName: 'PreToolUse', permissionDecision: 'allow', permissionDecisionReason: 'ada', updatedInput: input },
  ],
  ['PostToolUse.Bash', { kind: 'pass', output }, { hookEventName: 'PostToolUse', updatedToolOutput: output }],
  ['PostToolUseFailure.Bash', { kind: 'pass', output }, undefined],
  ['PostToolUse.Bash', { kind: 'pass', input }, undefined],
])('%s is told what to use instead: %j', (name, answer, specific) => {
  expect(claudeCode.reply(answer, read(name)).http.body['hookSpecificOutput']).toEqual(specific);
});

test('what a tool gave is there as it came', () => {
  expect(read('PostToolUse.mcp__tiny__echo')).toMatchObject({ output: [{ type: 'text', text: 'echo:hi' }] });
});
