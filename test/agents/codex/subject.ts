import { codex } from '../../../src/agents/codex/agent.ts';
import { recorded } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const version = '0.169.0';
const base = ['session_id', 'cwd', 'hook_event_name'];
const call = [...base, 'tool_name', 'tool_input', 'tool_use_id'];
const messages = recorded('codex', version);
const no = { kind: 'refuse', reason: 'No.', stop: false } as const;
const silence = { stdout: '', stderr: '', exitCode: 0 };

export const codexSubject: Subject = {
  agent: codex,
  recordings: messages,
  required: {
    'tool-call': call,
    'tool-result': call,
    'permission-request': [...base, 'tool_name', 'tool_input'],
    prompt: base,
    'session-start': base,
    'subagent-start': [...base, 'agent_id'],
    other: base,
  },
  refusable: ['tool-call', 'prompt', 'tool-result'],
  // Seen with 0.169 and 0.171: exit code 2 refuses where it comes with a reason; without one, and at any other exit code, the call runs.
  refuses: (event, { command: { exitCode, stderr } }) =>
    ['PreToolUse', 'PostToolUse', 'UserPromptSubmit'].includes(event) && exitCode === 2 && stderr.trim() !== '',
  silence,
  hasCallIds: true,
  argumentsOf: ({ tool_input }) => tool_input,
  callOf: (input) => ({
    ...messages.find(({ name }) => name === 'PreToolUse.Bash')?.message,
    tool_name: 'tool_of_next_year',
    tool_input: input,
  }),
  forms: [
    ['PreToolUse.Bash', no, { stdout: '', stderr: 'No.\n', exitCode: 2 }],
    ['PreToolUse.Bash', { kind: 'approve', reason: 'ada' }, silence],
    [
      'PreToolUse.Bash',
      { kind: 'pass', input: { command: 'true' } },
      {
        stdout: '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow","updatedInput":{"command":"true"}}}\n',
        stderr: '',
        exitCode: 0,
      },
    ],
    ['PreToolUse.apply_patch', { kind: 'pass', input: { command: 'x' } }, { stdout: '', exitCode: 2 }],
    ['PostToolUse.Bash', { kind: 'pass', output: 'a\nb\n' }, { stdout: '', stderr: 'a\nb\n', exitCode: 2 }],
    ['PostToolUse.mcp__echo__echo', { kind: 'pass', output: { a: 1 } }, { stderr: '{"a":1}\n', exitCode: 2 }],
    ['PostToolUse.Bash', { kind: 'pass', output: '' }, { stderr: 'Countersign does not allow this.\n', exitCode: 2 }],
    ['UserPromptSubmit', no, { stdout: '', stderr: 'No.\n', exitCode: 2 }],
    [
      'PermissionRequest.Bash',
      no,
      {
        stdout: '{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"deny","message":"No."}}}\n',
        exitCode: 0,
      },
    ],
    [
      'PermissionRequest.Bash',
      { kind: 'approve', reason: 'ada' },
      { stdout: '{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"allow"}}}\n' },
    ],
    ['Stop', no, silence],
    ['SessionStart', no, silence],
  ],
};
