import * as z from 'zod/mini';
import { vscodeChat } from '../../../src/agents/vscode/agent.ts';
import { recordings, type Recording } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const base = {
  timestamp: '2026-11-20T09:07:31.284Z',
  session_id: '3c0a0c5e-52f3-4d0c-9f1e-1f2f6f0f4a11',
  transcript_path: '/home/dev/.vscode/transcripts/3c0a0c5e.jsonl',
  cwd: '/home/dev/repo',
};

function message(name: string, more: Readonly<Record<string, unknown>>): Recording {
  return { name, message: { ...base, hook_event_name: name.split('.')[0], ...more } };
}

const bash = {
  tool_name: 'run_in_terminal',
  tool_input: { command: 'ls', explanation: 'List.', isBackground: false },
  tool_use_id: 'call_1',
};
const file = { tool_name: 'create_file', tool_input: { filePath: '/home/dev/repo/a', content: 'x' }, tool_use_id: 'call_2' };

/** What the real one sent; the rest is built as the code of the Copilot extension 0.67.0 builds it. */
export const vscodeMessages: readonly Recording[] = [
  ...recordings('vscode', '1.139.1'),
  message('PreToolUse.create_file', file),
  message('PreToolUse.mcp_echo_echo', { tool_name: 'mcp_echo_echo', tool_input: { text: 'hi' }, tool_use_id: 'call_3' }),
  message('PostToolUse.run_in_terminal', { ...bash, tool_response: 'a b c' }),
  message('SubagentStart', { agent_id: 'sub-1', agent_type: 'Plan' }),
  message('SubagentStop', { agent_id: 'sub-1', agent_type: 'Plan', stop_hook_active: false }),
  message('Stop', { stop_hook_active: false }),
  message('PreCompact', { trigger: 'auto' }),
];

const calls = ['session_id', 'cwd', 'hook_event_name', 'tool_name', 'tool_input', 'tool_use_id'];

export const vscodeSubject: Subject = {
  agent: vscodeChat,
  recordings: vscodeMessages,
  required: {
    'tool-call': calls,
    'tool-result': calls,
    'session-start': ['session_id', 'cwd', 'hook_event_name'],
    'subagent-start': ['agent_id'],
  },
  refusable: ['tool-call', 'prompt'],
  refuses: (event, { command }) => refuses(event, command),
  silence: { stdout: '', stderr: '', exitCode: 0 },
  hasCallIds: true,
  argumentsOf: ({ tool_input }) => tool_input,
  callOf: (input) => ({ ...base, hook_event_name: 'PreToolUse', ...bash, tool_name: 'tool_of_next_year', tool_input: input }),
  forms: [
    ['PreToolUse.run_in_terminal', { kind: 'refuse', reason: 'No.', stop: false }, { stdout: '', stderr: 'No.\n', exitCode: 2 }],
    [
      'PreToolUse.run_in_terminal',
      { kind: 'refuse', reason: 'No.', stop: true },
      {
        stdout:
          '{"continue":false,"stopReason":"No.","hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"No."}}\n',
        exitCode: 0,
      },
    ],
    [
      'PreToolUse.run_in_terminal',
      { kind: 'approve', reason: 'ada approved this call.' },
      {
        stdout:
          '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow","permissionDecisionReason":"ada approved this call."}}\n',
        exitCode: 0,
      },
    ],
    [
      'PreToolUse.run_in_terminal',
      { kind: 'pass', input: { command: 'ls' } },
      { stdout: '{"hookSpecificOutput":{"hookEventName":"PreToolUse","updatedInput":{"command":"ls"}}}\n', exitCode: 0 },
    ],
    ['UserPromptSubmit', { kind: 'refuse', reason: 'No.', stop: false }, { stdout: '{"decision":"block","reason":"No."}\n', exitCode: 0 }],
    ['Stop', { kind: 'refuse', reason: 'No.', stop: true }, { stdout: '', stderr: '', exitCode: 0 }],
  ],
};

const said = z.object({
  decision: z.optional(z.string()),
  stopReason: z.optional(z.string()),
  hookSpecificOutput: z.optional(z.object({ hookEventName: z.string(), permissionDecision: z.optional(z.string()) })),
});

/** Exit code 2 refuses a call and a prompt; the JSON is read where it is 0; with any other code, or what is no JSON, the client goes on. */
function refuses(event: string, { stdout, exitCode }: { readonly stdout: string; readonly exitCode: number }): boolean {
  if (event !== 'PreToolUse' && event !== 'UserPromptSubmit') return false;
  if (exitCode !== 0) return exitCode === 2;
  const { decision, stopReason, hookSpecificOutput: specific } = stdout === '' ? {} : z.parse(said, JSON.parse(stdout));
  if (stopReason !== undefined) return true;
  if (event === 'UserPromptSubmit') return decision === 'block';
  return specific?.hookEventName === event && specific.permissionDecision === 'deny';
}
