import { kiro } from '../../../src/agents/kiro/agent.ts';
import { recordings } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const base = ['hook_event_name', 'cwd'];

/** Messages as its documentation has them: none was recorded. */
export const kiroSubject: Subject = {
  agent: kiro,
  recordings: recordings('kiro', 'documented'),
  required: {
    'tool-call': [...base, 'tool_name', 'tool_input'],
    'tool-result': [...base, 'tool_name', 'tool_input'],
    'session-start': base,
    'turn-end': base,
  },
  refusable: ['tool-call', 'prompt'],
  refuses: (_, { command }) => command.exitCode === 2 && command.stderr.trim() !== '',
  silence: { stdout: '', stderr: '', exitCode: 0 },
  hasCallIds: false,
  argumentsOf: ({ tool_input }) => tool_input,
  callOf: (input) => ({ hook_event_name: 'preToolUse', cwd: '/home/dev/repo', tool_name: 'tool_of_next_year', tool_input: input }),
  forms: [['preToolUse.execute_bash', { kind: 'refuse', reason: 'No.', stop: true }, { stdout: '', stderr: 'No.\n', exitCode: 2 }]],
};
