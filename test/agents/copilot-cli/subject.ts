import * as z from 'zod/mini';
import { copilotCli } from '../../../src/agents/copilot-cli/agent.ts';
import { recording, recordings } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const version = '1.0.102';

export const copilotSubject: Subject = {
  agent: copilotCli,
  recordings: recordings('copilot-cli', version),
  required: {
    'tool-call': ['session_id', 'cwd', 'hook_event_name', 'tool_name', 'tool_input'],
    'tool-result': ['session_id', 'cwd', 'hook_event_name', 'tool_name', 'tool_input'],
    'permission-request': ['sessionId', 'cwd', 'toolName', 'toolInput'],
    'session-start': ['session_id', 'cwd', 'hook_event_name'],
    'subagent-start': ['sessionId', 'cwd', 'agent_id', 'parent_agent_id'],
  },
  refusable: ['tool-call', 'permission-request', 'prompt'],
  refuses: (event, { command }) => refuses(event, command),
  silence: { stdout: '', stderr: '', exitCode: 0 },
  hasCallIds: false,
  argumentsOf: ({ tool_input, toolInput }) => (typeof tool_input === 'string' ? { patch: tool_input } : (tool_input ?? toolInput)),
  callOf: (input) => ({ ...recording('copilot-cli', version, 'PreToolUse.Bash'), tool_name: 'tool_of_next_year', tool_input: input }),
  forms: [
    [
      'PreToolUse.Bash',
      { kind: 'refuse', reason: 'No.', stop: true },
      { stdout: '{"permissionDecision":"deny","permissionDecisionReason":"No."}\n', stderr: 'No.\n', exitCode: 2 },
    ],
    [
      'PreToolUse.Bash',
      { kind: 'approve', reason: 'ada approved this call.' },
      { stdout: '{"permissionDecision":"allow","permissionDecisionReason":"ada approved this call."}\n', exitCode: 0 },
    ],
    ['PreToolUse.Bash', { kind: 'pass', input: { command: 'ls' } }, { stdout: '{"modifiedArgs":{"command":"ls"}}\n', exitCode: 0 }],
    // The client takes an object here for a broken patch.
    ['PreToolUse.Edit.patch', { kind: 'pass', input: { patch: '*** x' } }, { stdout: '{"modifiedArgs":"*** x"}\n', exitCode: 0 }],
    [
      'PostToolUse.Bash',
      { kind: 'pass', output: { result_type: 'success', text_result_for_llm: '[removed]' } },
      { stdout: '{"modifiedResult":{"resultType":"success","textResultForLlm":"[removed]"}}\n', exitCode: 0 },
    ],
    ['PostToolUse.Bash', { kind: 'refuse', reason: 'No.', stop: true }, { stdout: '{"decision":"block","reason":"No."}\n', exitCode: 0 }],
    ['UserPromptSubmit', { kind: 'refuse', reason: 'No.', stop: true }, { stdout: '{"decision":"block","reason":"No."}\n', exitCode: 0 }],
    [
      'PermissionRequest.bash',
      { kind: 'refuse', reason: 'No.', stop: true },
      { stdout: '{"behavior":"deny","message":"No.","interrupt":true}\n', exitCode: 0 },
    ],
    ['PermissionRequest.bash', { kind: 'approve', reason: 'yes' }, { stdout: '{"behavior":"allow"}\n', exitCode: 0 }],
  ],
};

const said = z.object({
  permissionDecision: z.optional(z.string()),
  decision: z.optional(z.string()),
  behavior: z.optional(z.string()),
});

/** As 1.0.102 did: any exit code but 0 refuses a tool call and nothing else; what else refuses stands in the JSON, whatever the code. */
function refuses(event: string, { stdout, exitCode }: { readonly stdout: string; readonly exitCode: number }): boolean {
  const { permissionDecision, decision, behavior } = stdout === '' ? {} : z.parse(said, JSON.parse(stdout));
  if (event === 'PreToolUse') return exitCode !== 0 || permissionDecision === 'deny';
  if (event === 'PermissionRequest') return exitCode !== 0 || behavior === 'deny';
  return event === 'UserPromptSubmit' && decision === 'block';
}
