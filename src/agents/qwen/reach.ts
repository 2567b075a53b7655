import type { Reach } from '../reach.ts';

export const qwenReach: Reach = {
  agent: 'qwen-code',
  title: 'Qwen Code',
  vendor: 'Alibaba',
  version: '0.24.4',
  tried: 'real client',
  hooks: ['~/.qwen/settings.json'],
  blocked: { extent: 'yes', how: 'Every tool call, also those of subagents and MCP servers; prompts as well.' },
  asked: {
    extent: 'partly',
    how: 'The client waits for a minute and runs the call then, so that a question is refused after 50 seconds; once approved, the retry passes.',
  },
  rewritten: { extent: 'no', how: 'It ignores other arguments. A call that would need them is refused.' },
  redacted: { extent: 'partly', how: 'Results of calls that succeeded; the text of a failed one reaches the model as it is.' },
  killed: { extent: 'yes', how: 'The process and all that it started.' },
  counted: { extent: 'yes', how: 'From its chats: every response, also those of subagents and those that nobody sees.' },
  failing: 'A hook that fails, or is killed, lets the call run; the command line that we install makes a refusal of it.',
  machineLevel: { extent: 'partly', how: '/etc/qwen-code/settings.json; read in its code, not tried.' },
  switchedOffBy: ['disableAllHooks: true in settings of a trusted folder or a person', '--bare and its safe mode', 'another HOME'],
  outOfReach: [
    {
      what: 'A hook that is stopped, not ended, for a minute',
      instead: 'The client goes on then. A governor that hangs is noticed after ten seconds.',
    },
    {
      what: 'Another hook that asks, where a person sits in front of it',
      instead: 'Their yes runs the call without asking us again; the result is reported as an incident.',
    },
    { what: 'Commands that a person types after "!"', instead: 'They are the person’s own.' },
  ],
};
