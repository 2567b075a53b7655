import { windsurf } from '../../../src/agents/windsurf/agent.ts';
import { recordings } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const base = ['agent_action_name', 'trajectory_id', 'tool_info'];

/** Messages as its documentation has them: none was recorded. */
export const windsurfSubject: Subject = {
  agent: windsurf,
  recordings: recordings('windsurf', 'documented'),
  required: { 'tool-call': base, prompt: base },
  refusable: ['tool-call', 'prompt'],
  refuses: (_, { command }) => command.exitCode === 2 && command.stderr.trim() !== '',
  silence: { stdout: '', stderr: '', exitCode: 0 },
  hasCallIds: false,
  argumentsOf: ({ tool_info }) => tool_info,
  callOf: (input) => ({ agent_action_name: 'pre_next_year', trajectory_id: 't-1', tool_info: input }),
  forms: [['pre_run_command', { kind: 'refuse', reason: 'No.', stop: true }, { stdout: '', stderr: 'No.\n', exitCode: 2 }]],
};
