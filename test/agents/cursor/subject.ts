import { cursor } from '../../../src/agents/cursor/agent.ts';
import { recording, recordings } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const base = ['conversation_id', 'hook_event_name'];

/** Messages as its SDK's code and its documentation have them: none was recorded. */
export const cursorSubject: Subject = {
  agent: cursor,
  recordings: recordings('cursor', 'documented').filter(({ name }) => !name.startsWith('before')),
  required: {
    'tool-call': [...base, 'tool_name', 'tool_input'],
    'tool-result': [...base, 'tool_name', 'tool_input'],
    'session-start': base,
    'turn-end': base,
  },
  refusable: ['tool-call'],
  refuses: (_, { command }) => command.exitCode === 2 && command.stderr.trim() !== '',
  silence: { stdout: '{}\n', stderr: '', exitCode: 0 },
  silenceAt: { 'tool-call': { stdout: '{"permission":"allow"}\n', stderr: '', exitCode: 0 } },
  hasCallIds: true,
  argumentsOf: ({ tool_input }) => tool_input,
  callOf: (input) => ({ ...recording('cursor', 'documented', 'preToolUse.Shell'), tool_name: 'ToolOfNextYear', tool_input: input }),
  forms: [
    [
      'preToolUse.Shell',
      { kind: 'refuse', reason: 'No.', stop: false },
      { stdout: '{"permission":"deny","user_message":"No.","agent_message":"No."}\n', stderr: 'No.\n', exitCode: 2 },
    ],
    // It would drop a part of other arguments: what it was asked about is what it is told to run.
    ['preToolUse.Write', { kind: 'approve', reason: 'Yes.' }, { stdout: '{"permission":"allow"}\n', exitCode: 0 }],
  ],
};
