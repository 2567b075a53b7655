import { cline } from '../../../src/agents/cline/agent.ts';
import { recording, recordings } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const version = '3.0.65';
const base = ['hookName', 'taskId', 'workspaceRoots'];
const nested = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

export const clineSubject: Subject = {
  agent: cline,
  recordings: recordings('cline', version),
  required: {
    'tool-call': [...base, 'tool_call'],
    'tool-result': [...base, 'tool_result'],
    'session-start': base,
    'turn-end': base,
  },
  refusable: ['tool-call'],
  // It reads no exit code, and nothing but one JSON document.
  refuses: (_, { command }) =>
    command.stdout.startsWith('{"cancel":true,"errorMessage":"') && command.stdout.indexOf('\n') === command.stdout.length - 1,
  silence: { stdout: '{}\n', stderr: '', exitCode: 0 },
  hasCallIds: true,
  argumentsOf: ({ tool_call, tool_result }) => nested(tool_call ?? tool_result, 'input'),
  callOf: (input) => ({ ...recording('cline', version, 'tool_call'), tool_call: { id: 'call_1', name: 'tool_of_next_year', input } }),
  forms: [
    ['tool_call', { kind: 'refuse', reason: 'No.', stop: false }, { stdout: '{"cancel":true,"errorMessage":"No."}\n', exitCode: 0 }],
    ['tool_call', { kind: 'pass', input: { commands: ['true'] } }, { stdout: '{"overrideInput":{"commands":["true"]}}\n', exitCode: 0 }],
  ],
};
