import * as z from 'zod/mini';
import { claudeCode } from '../../../src/agents/claude-code/agent.ts';
import { recording, recordings } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const version = '2.1.328';
const base = ['session_id', 'cwd', 'hook_event_name'];

export const claudeSubject: Subject = {
  agent: claudeCode,
  recordings: recordings('claude-code', version),
  required: {
    'tool-call': [...base, 'tool_name', 'tool_input', 'tool_use_id'],
    'tool-result': [...base, 'tool_name', 'tool_input', 'tool_use_id'],
    'permission-request': [...base, 'tool_name', 'tool_input'],
    'config-change': [...base, 'source'],
    'session-start': base,
    'subagent-start': [...base, 'agent_id'],
    other: base,
  },
  refusable: ['tool-call', 'permission-request', 'prompt', 'config-change', 'calls-end'],
  refuses: (event, { http, command }) => refusesOverHttp(event, http) && refusesAsCommand(command),
  silence: { stdout: '', stderr: '', exitCode: 0 },
  hasCallIds: true,
  argumentsOf: ({ tool_input }) => tool_input,
  callOf: (input) => ({ ...recording('claude-code', version, 'PreToolUse.Bash'), tool_name: 'ToolOfNextYear', tool_input: input }),
  forms: [
    [
      'PreToolUse.Bash',
      { kind: 'refuse', reason: 'No.', stop: false },
      {
        stdout: '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"No."}}\n',
        stderr: 'No.\n',
        exitCode: 2,
      },
    ],
    ['UserPromptSubmit', { kind: 'refuse', reason: 'No.', stop: false }, { stdout: '{"decision":"block","reason":"No."}\n', exitCode: 2 }],
  ],
};

/** The client's failure matrix, as far as our replies reach: a failed status blocks (`onFailure`), else the body must say so for that event. */
function refusesOverHttp(event: string, http: unknown): boolean {
  const { status, body } = z.parse(z.object({ status: z.number(), body: z.record(z.string(), z.unknown()) }), http);
  if (status !== 200) return true;
  const output = z.safeParse(hookOutput, body);
  if (!output.success) return false;
  const { decision, hookSpecificOutput: specific } = output.data;
  if (event === 'PreToolUse') return specific?.hookEventName === event && specific.permissionDecision === 'deny';
  if (event === 'PermissionRequest') return specific?.hookEventName === event && specific.decision?.behavior === 'deny';
  return decision === 'block';
}

const hookOutput = z.object({
  decision: z.optional(z.string()),
  hookSpecificOutput: z.optional(
    z.object({
      hookEventName: z.string(),
      permissionDecision: z.optional(z.string()),
      decision: z.optional(z.object({ behavior: z.string() })),
    }),
  ),
});

/** Exit code 2; and something on stdout unless nothing is known, because of the client's guess about missing scripts. */
function refusesAsCommand(command: unknown): boolean {
  const { exitCode, stderr } = z.parse(z.object({ exitCode: z.number(), stderr: z.string() }), command);
  return exitCode === 2 && stderr.trim() !== '';
}
