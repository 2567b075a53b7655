import type { Reach } from '../reach.ts';

export const codexReach: Reach = {
  agent: 'codex',
  title: 'Codex CLI',
  vendor: 'OpenAI',
  version: '0.171.0',
  tried: 'real client',
  hooks: ['~/.codex/hooks.json (or $CODEX_HOME)', '/etc/codex/requirements.toml'],
  blocked: { extent: 'partly', how: 'Every command, patch, image, MCP call and subagent that has a hook: see what is out of reach.' },
  asked: { extent: 'yes', how: 'The call is held for 59 minutes; then it is refused, and the same call passes once it was approved.' },
  rewritten: { extent: 'partly', how: 'Commands. A call of another tool that would have to be rewritten is refused.' },
  redacted: { extent: 'yes', how: 'The model gets the result without them; Codex’s own rollout file keeps what the tool printed.' },
  killed: {
    extent: 'yes',
    how: 'The process of codex exec with all that it started. The server that terminals share ends the session’s turn and what that runs, and goes on; its further calls and prompts are refused.',
  },
  counted: { extent: 'yes', how: 'From its rollout files, to the token.' },
  failing:
    'Codex runs the tool when a hook crashes, hangs for longer than its timeout, or answers a single unknown field. Our line of shell turns a missing or crashed hook into a refusal, and we answer a minute before the timeout of an hour.',
  machineLevel: {
    extent: 'yes',
    how: 'countersign install codex --managed prints /etc/codex/requirements.toml, which needs no trust and no project can overrule.',
  },
  switchedOffBy: [
    '[features] hooks = false in .codex/config.toml of a trusted project',
    '--disable hooks',
    'another CODEX_HOME',
    'hooks that a person has not trusted: Codex leaves them out without a word',
  ],
  outOfReach: [
    {
      what: 'write_stdin: what is typed into a command that still runs',
      instead: 'countersign install codex --with no-tty sets features.unified_exec_tty = false, so that a command reads nothing.',
    },
    {
      what: 'Hosted web search, which runs at OpenAI',
      instead: 'countersign install codex --with no-web-search sets web_search = "disabled".',
    },
    {
      what: 'The folder that a command runs in, where the model chooses another one than the session’s',
      instead: 'Relative paths are judged as in the session’s folder.',
    },
    { what: 'The outer JavaScript of models that call tools from code', instead: 'Each tool that it calls is judged.' },
  ],
};
