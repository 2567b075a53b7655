import type { Seed } from './seed.ts';

const one = (text: string): string => `- name: it is denied\n  call: rm -rf /\n  expect: {action: deny}\n- ${text}\n`;

/** Files of tests, `*.test.yaml`. */
export const testFiles: readonly Seed[] = [
  [
    'a field of a case',
    one('name: n\n  «calls»: ls\n  call: ls\n  expect: {action: allow}'),
    ['  calls: ls\n', ''],
    'Unknown field "calls", did you mean "call"?',
  ],
  [
    'a field of what is expected',
    one('name: n\n  call: ls\n  expect: {action: allow, «rules»: x}'),
    'rule',
    'Unknown field "rules", did you mean "rule"?',
  ],
  [
    'a field of a call',
    one('{name: n, call: {«comand»: ls}, expect: {action: allow}}'),
    'command',
    'Unknown field "comand", did you mean "command"?',
  ],
  [
    'a field deep inside of a call',
    one('{name: n, call: {workspace: {«brach»: x}}, expect: {action: allow}}'),
    'branch',
    'Unknown field "brach", did you mean "branch"?',
  ],
  ['a case without a name', one('«call: ls»\n  expect: {action: allow}'), 'name: n\n  call: ls', 'The field "name" is missing; it is text'],
  ['a case without a call', one('name: «n»\n  expect: {action: allow}'), 'n\n  call: ls', 'A case is about exactly one of call, start'],
  [
    'a case that expects nothing',
    one('«name: n»\n  call: ls'),
    'name: n\n  expect: {action: allow}',
    'The field "expect" is missing; it is a map',
  ],
  [
    'an action, misspelt',
    one('{name: n, call: ls, expect: {action: «alow»}}'),
    'allow',
    '"alow" is not valid here; it must be one of allow, deny, require_approval, abstain, did you mean "allow"?',
  ],
  [
    'pass, which belongs beside rules',
    one('{name: n, call: ls, expect: {action: «pass»}}'),
    'abstain',
    '"pass" is not valid here; it must be one of allow, deny, require_approval, abstain',
  ],
  ['an action alone', one('{name: n, call: ls, expect: «allow»}'), '{action: allow}', 'Expected a map, found "allow"'],
  ['a number as a call', one('{name: n, call: «3», expect: {action: allow}}'), 'ls', 'Expected text or a map, found 3'],
  ['a nameless case', one('{name: «""», call: ls, expect: {action: allow}}'), 'n', 'It cannot be empty'],
  [
    'a map of cases',
    '«it is denied:»\n  call: ls\n  expect: {action: deny}\n',
    ['it is denied:\n ', '- name: n\n '],
    'Expected a list, found a map',
  ],
  [
    'a list without its end',
    one('name: n\n  expect: {action: allow}\n  call:\n    paths:\n      read: «[»a'),
    ['[a', '[a]'],
    'YAML: this [ has no ]',
  ],
  ['a tab', one('name: n\n«\t»call: ls\n  expect: {action: allow}'), '  ', 'YAML: Tabs are not allowed as indentation'],
];
