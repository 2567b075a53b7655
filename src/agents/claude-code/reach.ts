import type { Reach } from '../reach.ts';

export const claudeCodeReach: Reach = {
  agent: 'claude-code',
  title: 'Claude Code',
  vendor: 'Anthropic',
  version: '2.1.329',
  tried: 'real client',
  hooks: ['a plugin of ours, enabled in ~/.claude/settings.json', 'managed settings'],
  blocked: { extent: 'yes', how: 'Every tool call, also those of subagents and MCP servers.' },
  asked: { extent: 'yes', how: 'The call is held until a person answers, a day at most.' },
  rewritten: { extent: 'yes', how: 'Secrets are taken out of arguments.' },
  redacted: { extent: 'yes', how: 'The model gets the result without them; the transcript keeps what the tool printed.' },
  killed: { extent: 'yes', how: 'The process and all that it started.' },
  counted: { extent: 'yes', how: 'From its transcripts, to the token.' },
  failing: 'Since 2.1.295 a hook with onFailure: "block" that fails blocks the call. Older versions are refused.',
  machineLevel: { extent: 'yes', how: 'countersign install claude-code --managed' },
  switchedOffBy: ['disableAllHooks in settings of a project or a person', '--bare and --safe-mode', 'another CLAUDE_CONFIG_DIR'],
  outOfReach: [
    {
      what: 'Shell commands that skills and slash commands run by themselves',
      instead: 'They are judged with the prompt that expands them.',
    },
    { what: 'Commands that a person types after "!"', instead: 'They are recorded as the person’s own.' },
  ],
};
