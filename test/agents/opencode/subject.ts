import { opencode } from '../../../src/agents/opencode/agent.ts';
import { recording, recordings } from '../fixtures.ts';
import type { Subject } from '../subject.ts';

const version = '1.18.33';
const base = ['hook', 'directory', 'session'];
const nested = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** Answers go to our own plugin: what it makes of them is tried in `plugin.test.ts` and with the real client. */
export const opencodeSubject: Subject = {
  agent: opencode,
  recordings: recordings('opencode', version),
  required: {
    'tool-call': [...base, 'input', 'output'],
    'tool-result': [...base, 'input', 'output'],
    'session-start': base,
    'turn-end': base,
  },
  refusable: ['tool-call', 'tool-result', 'prompt', 'session-start', 'turn-end'],
  refuses: (_, { command }) => command.exitCode !== 0 || !command.stdout.startsWith('{"go":true'),
  silence: { stdout: '{"go":true}\n', stderr: '', exitCode: 0 },
  hasCallIds: true,
  argumentsOf: ({ hook, input, output }) => nested(hook === 'tool.execute.before' ? output : input, 'args'),
  callOf: (args) => {
    const { input, ...message } = recording('opencode', version, 'tool.execute.before.bash');
    return { ...message, input: Object.assign({}, input, { tool: 'toolOfNextYear' }), output: { args } };
  },
  forms: [
    [
      'tool.execute.before.bash',
      { kind: 'refuse', reason: 'No.', stop: false },
      { stdout: '{"refuse":"No."}\n', stderr: 'No.\n', exitCode: 2 },
    ],
    ['tool.execute.before.bash', { kind: 'refuse', reason: 'No.', stop: true }, { stdout: '{"refuse":"No.","stop":true}\n', exitCode: 2 }],
    [
      'tool.execute.before.bash',
      { kind: 'pass', input: { command: 'true' } },
      { stdout: '{"go":true,"args":{"command":"true"}}\n', exitCode: 0 },
    ],
    [
      'tool.execute.after.bash',
      { kind: 'pass', output: { output: '…' } },
      { stdout: '{"go":true,"output":{"output":"…"}}\n', exitCode: 0 },
    ],
  ],
};
