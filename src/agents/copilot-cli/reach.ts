import type { Reach } from '../reach.ts';

export const copilotCliReach: Reach = {
  agent: 'copilot-cli',
  title: 'GitHub Copilot CLI',
  vendor: 'GitHub',
  version: '1.0.102',
  tried: 'real client',
  hooks: ['~/.copilot/hooks/countersign.json', '/etc/github-copilot/policy.d'],
  blocked: { extent: 'yes', how: 'Every tool call, also those of subagents and MCP servers.' },
  asked: {
    extent: 'yes',
    how: 'The call is held until a person answers, 59 minutes at most; then it is refused, and the same call passes later.',
  },
  rewritten: { extent: 'yes', how: 'Secrets are taken out of arguments, also out of patches.' },
  redacted: { extent: 'yes', how: 'The model gets the result without them; the session’s events.jsonl keeps what the tool printed.' },
  killed: { extent: 'yes', how: 'The process and all that it started.' },
  counted: { extent: 'yes', how: 'From its events.jsonl, to the token: every request, also those of subagents and of compactions.' },
  failing:
    'A hook that is missing, crashes or is killed refuses the tool call. A hook that takes longer than its time, or prints no JSON, lets it run: ours answers before that.',
  machineLevel: { extent: 'yes', how: 'countersign install copilot-cli --managed prints the file for /etc/github-copilot/policy.d' },
  switchedOffBy: ['disableAllHooks in .github/copilot/settings.json of a folder that a person trusted', 'another COPILOT_HOME'],
  outOfReach: [
    { what: 'A prompt, where the hook itself cannot be started', instead: 'What the agent then wants to do is refused.' },
    {
      what: 'Which MCP server a tool belongs to, where the names of both contain hyphens',
      instead: 'The call is judged as one of a server called like the whole, so that no rule about another server allows it.',
    },
    {
      what: 'A subagent’s subagent is told of with its parent, not with the session',
      instead: 'It counts as a session of its own; under a limit in tokens or dollars its calls are refused.',
    },
  ],
};
