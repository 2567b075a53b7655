import type { Reach } from '../reach.ts';

export const kiroReach: Reach = {
  agent: 'kiro',
  title: 'Kiro',
  vendor: 'Amazon',
  version: 'editor 1, command line 3',
  tried: 'its documentation',
  hooks: ['~/.kiro/hooks/countersign.json'],
  blocked: { extent: 'yes', how: 'Every tool call and prompt that its hooks are told of.' },
  asked: { extent: 'partly', how: 'The call is held for ten minutes at most, then refused: approve it, and the next try passes.' },
  rewritten: { extent: 'no', how: 'Not documented.' },
  redacted: { extent: 'no', how: 'Not documented.' },
  killed: { extent: 'partly', how: 'Its next calls and prompts are refused.' },
  counted: { extent: 'no', how: 'It tells no figures.' },
  failing:
    'Only exit code 2 refuses; the command line of our hooks turns everything else that goes wrong into it. A timeout lets the call run.',
  machineLevel: { extent: 'no', how: '' },
  switchedOffBy: ['the hook file, when somebody changes it'],
  outOfReach: [
    { what: 'Older editors, whose hooks are told nothing about the tool', instead: 'Their calls are refused: nothing can be judged.' },
    { what: 'Sessions: older versions do not name them', instead: 'All that happens in a folder counts as one.' },
  ],
};
