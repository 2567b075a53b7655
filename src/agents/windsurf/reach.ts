import type { Reach } from '../reach.ts';

export const windsurfReach: Reach = {
  agent: 'windsurf',
  title: 'Windsurf',
  vendor: 'Windsurf',
  version: 'November 2026',
  tried: 'its documentation',
  hooks: ['~/.codeium/windsurf/hooks.json'],
  blocked: { extent: 'yes', how: 'Commands, reads, writes, MCP calls and prompts; for other tools no hook is documented.' },
  asked: { extent: 'partly', how: 'The call is held; how long it waits is not documented.' },
  rewritten: { extent: 'no', how: 'Not documented.' },
  redacted: { extent: 'no', how: 'Not documented.' },
  killed: { extent: 'partly', how: 'Its next calls and prompts are refused.' },
  counted: { extent: 'no', how: 'It tells no figures.' },
  failing: 'Only exit code 2 refuses; the command line of our hooks turns everything else that goes wrong into it.',
  machineLevel: { extent: 'partly', how: '/etc/windsurf/hooks.json (documented, not tried).' },
  switchedOffBy: ['the hook file, when somebody changes it'],
  outOfReach: [{ what: 'Web search and other tools without a hook', instead: 'Nothing.' }],
};
