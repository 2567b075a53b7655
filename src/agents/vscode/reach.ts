import type { Reach } from '../reach.ts';

export const vscodeReach: Reach = {
  agent: 'vscode',
  title: 'VS Code’s own chat agent',
  vendor: 'Microsoft',
  version: '1.139',
  tried: 'real client',
  hooks: [
    'a chat plugin of our extension, while countersign.governVsCodeChat is on',
    'or ~/.copilot/hooks/countersign.json, which "countersign install copilot-cli" writes for both',
  ],
  blocked: { extent: 'yes', how: 'Every tool call, also those of subagents and MCP servers.' },
  asked: {
    extent: 'yes',
    how: 'The call is held until a person answers, 59 minutes at most; then it is refused, and the same call passes later.',
  },
  rewritten: { extent: 'partly', how: 'Where the arguments still fit the tool’s schema.' },
  redacted: { extent: 'no', how: 'A hook can add to a result, and take nothing away.' },
  killed: {
    extent: 'partly',
    how: 'The chat’s turn ends with its next tool call. Its process is the window’s extension host, which is left alone.',
  },
  counted: { extent: 'no', how: '' },
  failing:
    'Only exit code 2 refuses. A hook that is missing, crashes or takes too long is a warning, and VS Code goes on to its own question: the command line turns each of these into 2.',
  machineLevel: { extent: 'no', how: 'An organisation’s policy can switch hooks off (ChatHooks, chat.hooks.allowManagedOnly).' },
  switchedOffBy: [
    'chat.useHooks',
    'chat.plugins.enabled, or the plugin disabled among VS Code’s agent plugins (the plugin)',
    'chat.hookFilesLocations (the file)',
    'the organisation’s policies of the same names',
  ],
  outOfReach: [
    {
      what: 'The chat’s Copilot target is another program, with processes and hooks of its own',
      instead: 'The plugin and the file govern it as GitHub Copilot CLI. The plugin was tried with that program alone, not inside VS Code.',
    },
    {
      what: 'The plugin on Windows',
      instead: 'With the setting on, every prompt and call is refused there; the file is for Windows, too.',
    },
    {
      what: 'A chat in a window without a folder',
      instead: 'Its calls are refused: nobody can tell which policies hold there.',
    },
    {
      what: 'Which MCP server a tool belongs to, where the names of both contain underscores',
      instead: 'The call is judged as one of a server called like the whole, so that no rule about another server allows it.',
    },
  ],
};
