import * as z from 'zod/mini';
import type { Reply } from '../../../src/agents/agent.ts';
import { gemini } from '../../../src/agents/gemini/agent.ts';
import { recording, recordings } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const version = '0.61.0';
const base = ['session_id', 'cwd', 'hook_event_name'];

export const geminiSubject: Subject = {
  agent: gemini,
  recordings: recordings('gemini-cli', version),
  required: {
    'tool-call': [...base, 'tool_name', 'tool_input'],
    'tool-result': [...base, 'tool_name', 'tool_input'],
    'model-request': base,
    'session-start': base,
    other: base,
  },
  refusable: ['tool-call', 'tool-result', 'prompt', 'model-request'],
  refuses,
  silence: { stdout: '', stderr: '', exitCode: 0 },
  hasCallIds: false,
  argumentsOf: ({ tool_input }) => tool_input,
  callOf: (input) => ({ ...recording('gemini-cli', version, 'BeforeTool.glob'), tool_name: 'tool_of_next_year', tool_input: input }),
  forms: [
    ['BeforeTool.glob', { kind: 'refuse', reason: 'No.', stop: false }, { stdout: '{"decision":"deny","reason":"No."}\n', exitCode: 0 }],
    [
      'BeforeTool.glob',
      { kind: 'refuse', reason: 'No.', stop: true },
      { stdout: '{"decision":"deny","reason":"No.","continue":false,"stopReason":"No."}\n', exitCode: 0 },
    ],
    [
      'BeforeTool.glob',
      { kind: 'pass', input: { pattern: 'x' } },
      { stdout: '{"hookSpecificOutput":{"hookEventName":"BeforeTool","tool_input":{"pattern":"x"}}}\n' },
    ],
    ['BeforeModel', { kind: 'refuse', reason: 'No.', stop: false }, { stdout: '{"decision":"deny","reason":"No."}\n' }],
  ],
};

const output = z.looseObject({ decision: z.optional(z.string()), continue: z.optional(z.boolean()) });
const stoppable = ['BeforeTool', 'AfterTool', 'BeforeAgent', 'BeforeModel'];

/** As the client reads it: what is printed, else what is said as an error; JSON counts whatever the exit code, text from 2 on. */
function refuses(event: string, { command }: Reply): boolean {
  const text = command.stdout.trim() || command.stderr.trim();
  if (!stoppable.includes(event) || text === '') return false;
  try {
    const said = z.parse(output, JSON.parse(text));
    return said.decision === 'deny' || said.decision === 'block' || said.continue === false;
  } catch {
    return command.exitCode >= 2;
  }
}
