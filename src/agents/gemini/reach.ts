import type { Reach } from '../reach.ts';

export const geminiReach: Reach = {
  agent: 'gemini-cli',
  title: 'Gemini CLI',
  vendor: 'Google',
  version: '0.61.0',
  tried: 'real client',
  hooks: ['~/.gemini/settings.json'],
  blocked: { extent: 'yes', how: 'Every tool call, also those of subagents and MCP servers; prompts and requests to the model as well.' },
  asked: { extent: 'yes', how: 'The call is held until a person answers, an hour at most; after that the approval lets the retry pass.' },
  rewritten: { extent: 'yes', how: 'The model is told which arguments were changed.' },
  redacted: { extent: 'yes', how: 'The model gets the rest as a text; the terminal and the chat’s own record keep what the tool printed.' },
  killed: { extent: 'yes', how: 'The process and all that it started; a run that comes to a hook first ends there.' },
  counted: {
    extent: 'partly',
    how: 'From its chats, subagents included. Requests that it makes by the way (web search, summaries) stand in no record.',
  },
  failing: 'A hook that fails, or is killed, lets the call run unless it says something; the command line that we install says it.',
  machineLevel: { extent: 'yes', how: '/etc/gemini-cli/settings.json, owned by root. A project can still switch a hook off by its name.' },
  switchedOffBy: [
    'hooksConfig.enabled: false, or our name in hooksConfig.disabled, in settings of a trusted folder or a person',
    'another GEMINI_CLI_HOME',
  ],
  outOfReach: [
    { what: 'Commands that a person types after "!"', instead: 'They are the person’s own.' },
    {
      what: 'A hook that is stopped, not ended, for an hour',
      instead: 'The client goes on then. A governor that hangs is noticed after ten seconds.',
    },
    { what: 'Another hook that changes arguments after ours', instead: 'The result shows it, and it is reported as an incident.' },
  ],
};
