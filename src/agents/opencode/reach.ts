import type { Reach } from '../reach.ts';

export const opencodeReach: Reach = {
  agent: 'opencode',
  title: 'opencode',
  vendor: 'opencode',
  version: '1.18.33',
  tried: 'real client',
  hooks: ['~/.config/opencode/plugin/countersign.js, a plugin of ours'],
  blocked: { extent: 'yes', how: 'Every tool call, also those of subagents and MCP servers, and prompts.' },
  asked: { extent: 'yes', how: 'The call is held until a person answers: opencode waits as long as it takes.' },
  rewritten: { extent: 'yes', how: 'Secrets are taken out of arguments.' },
  redacted: {
    extent: 'partly',
    how: 'The model, the window and the database get the result without them; what a failed call says is not told to plugins.',
  },
  killed: { extent: 'yes', how: 'The process and all that it started; other sessions of the same window end with it.' },
  counted: {
    extent: 'partly',
    how: 'What our plugin is told, to the token; sessions without it, and the requests for titles, are not counted. A limit in tokens or dollars stops a session one response late.',
  },
  failing:
    'What a plugin throws refuses the call, so whatever breaks in ours refuses. A plugin that cannot be loaded is left out without a word.',
  machineLevel: { extent: 'no', how: '/etc/opencode/opencode.json can name a plugin, which --pure leaves out as well.' },
  switchedOffBy: ['--pure and OPENCODE_PURE', 'another XDG_CONFIG_HOME', 'the plugin file, when somebody changes it'],
  outOfReach: [
    {
      what: 'A session whose plugin was left out (--pure, a file that cannot be loaded)',
      instead:
        'It is shown as not governed, and can be killed; what it ran is found in its own record. Agents may not write to the plugin folders.',
    },
    {
      what: 'Plugins and tools that a project brings (.opencode): they run inside opencode and can change a call after us',
      instead:
        'Agents may not write plugins there, and a person is asked about all else in .opencode; a changed call is found in its own record.',
    },
    { what: 'Commands that a person types after "!"', instead: 'They are recorded as the person’s own.' },
    { what: 'Commands in custom commands', instead: 'Nothing: no plugin hears of them.' },
    { what: 'MCP tools in its experimental code mode', instead: 'Nothing: leave that mode off.' },
  ],
};
