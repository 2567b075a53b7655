import type { Reach } from '../reach.ts';

export const cursorReach: Reach = {
  agent: 'cursor',
  title: 'Cursor',
  vendor: 'Cursor',
  version: 'SDK 1.0.32',
  tried: 'its code',
  hooks: ['~/.cursor/hooks.json'],
  blocked: { extent: 'yes', how: 'Every tool call; MCP calls with the name of their server.' },
  asked: { extent: 'yes', how: 'The call is held for ten minutes at most, then refused: approve it, and the next try passes.' },
  rewritten: { extent: 'no', how: 'It drops a part of other arguments, so a call that would need them is refused.' },
  redacted: { extent: 'no', how: 'Only results of MCP tools could be replaced; not tried.' },
  killed: { extent: 'partly', how: 'Its next calls and prompts are refused; no way to end a turn is documented.' },
  counted: { extent: 'no', how: 'Its hooks tell tokens; they are not read yet.' },
  failing: 'A hook that crashes or takes too long lets the call run, unless its entry says failClosed: ours does.',
  machineLevel: { extent: 'partly', how: '/etc/cursor/hooks.json (documented, not tried).' },
  switchedOffBy: ['the hook file, when somebody changes it'],
  outOfReach: [{ what: 'What is typed into a running shell (WriteShellStdin): only its length is told', instead: 'It is refused.' }],
};
