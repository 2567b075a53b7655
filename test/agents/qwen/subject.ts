import * as z from 'zod/mini';
import type { Reply } from '../../../src/agents/agent.ts';
import { qwen } from '../../../src/agents/qwen/agent.ts';
import { recording, recordings } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const version = '0.24.4';
const base = ['session_id', 'cwd', 'hook_event_name'];

export const qwenSubject: Subject = {
  agent: qwen,
  recordings: recordings('qwen-code', version),
  required: {
    'tool-call': [...base, 'tool_name', 'tool_input', 'tool_use_id'],
    'tool-result': [...base, 'tool_name', 'tool_input', 'tool_use_id'],
    'session-start': base,
    'subagent-start': [...base, 'agent_id'],
    other: base,
  },
  refusable: ['tool-call', 'prompt'],
  refuses,
  silence: { stdout: '', stderr: '', exitCode: 0 },
  hasCallIds: true,
  argumentsOf: ({ tool_input }) => tool_input,
  callOf: (input) => ({ ...recording('qwen-code', version, 'PreToolUse.glob'), tool_name: 'tool_of_next_year', tool_input: input }),
  forms: [
    [
      'PreToolUse.glob',
      { kind: 'refuse', reason: 'No.', stop: false },
      {
        stdout:
          '{"decision":"deny","reason":"No.","continue":false,"stopReason":"No.","hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"No."}}\n',
        exitCode: 0,
      },
    ],
    ['PostToolUse.glob', { kind: 'pass', output: 'x' }, { stdout: '{"continue":false,"stopReason":"x"}\n', exitCode: 0 }],
    ['UserPromptSubmit', { kind: 'refuse', reason: 'No.', stop: false }, { stdout: '{"decision":"block","reason":"No."}\n', exitCode: 0 }],
  ],
};

const output = z.looseObject({
  decision: z.optional(z.string()),
  continue: z.optional(z.boolean()),
  hookSpecificOutput: z.optional(z.looseObject({ permissionDecision: z.optional(z.string()) })),
});

/** As the client reads it: with exit code 2 only what is said as an error, else what is printed. */
function refuses(event: string, { command }: Reply): boolean {
  if (event !== 'PreToolUse' && event !== 'UserPromptSubmit') return false;
  const isError = command.exitCode === 2;
  const text = isError ? command.stderr.trim() : command.stdout.trim() || command.stderr.trim();
  if (text === '') return false;
  try {
    const { decision, continue: goesOn, hookSpecificOutput } = z.parse(output, JSON.parse(text));
    const said = (event === 'PreToolUse' ? hookSpecificOutput?.permissionDecision : undefined) ?? decision;
    return said === 'deny' || said === 'block' || goesOn === false;
  } catch {
    return isError;
  }
}
