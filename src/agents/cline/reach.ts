import type { Reach } from '../reach.ts';

export const clineReach: Reach = {
  agent: 'cline',
  title: 'Cline (command line)',
  vendor: 'Cline',
  version: '3.0.65',
  tried: 'real client',
  hooks: ['~/.cline/hooks/PreToolUse and its siblings, small programs of ours'],
  blocked: { extent: 'partly', how: 'A refusal ends the whole run (it says "aborted"): it knows none for one call.' },
  asked: { extent: 'yes', how: 'The call is held until a person answers; it was seen to wait 75 s.' },
  rewritten: { extent: 'yes', how: 'Secrets are taken out of arguments.' },
  redacted: { extent: 'no', how: 'A result cannot be replaced.' },
  killed: { extent: 'partly', how: 'The next call ends the run; its daemon works for other sessions, too.' },
  counted: {
    extent: 'partly',
    how: 'From its session files, held against an endpoint of the OpenAI kind; other vendors’ figures are not tried, and nothing counts for a workspace.',
  },
  failing: 'Whatever a hook does but print "cancel" lets the call run. Ours prints it as soon as anything is wrong.',
  machineLevel: { extent: 'no', how: '' },
  switchedOffBy: ['the hook file, when somebody changes or removes it', 'an interpreter that is missing'],
  outOfReach: [
    { what: 'A session whose hooks were taken away', instead: 'It, and what it ran, is found in its own record.' },
    { what: 'Which MCP server a tool belongs to', instead: 'Such a call is judged by its own name and what its arguments name.' },
    { what: 'A machine without /bin/sh', instead: 'Nothing: the hook does not start, and the call runs.' },
  ],
};
