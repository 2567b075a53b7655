import { asking, condition, head, rule, spec, type Seed } from './seed.ts';

const merge = 'YAML: merge keys ("<<") are not supported; repeat the fields or use an alias for the whole value';
const dangling = 'YAML: this alias has no anchor before it; a pattern that begins with "*" needs quotes';
const item = 'YAML: an item of a list begins with "- ", and its fields in one column';
const field = 'YAML: a field is followed by ": "';
const colon = 'YAML: a text with ": " in it needs quotes, and the fields of a map begin in one column';

/** YAML itself: quotes, brackets, tabs, indentation, anchors, merges, several documents. */
export const yaml: readonly Seed[] = [
  ['a list without its end', rule('tools: «[»read, write'), ['write', 'write]'], 'YAML: this [ has no ]'],
  ['a map without its end', rule('paths: «{»read: x'), ['{read: x', '{read: x}'], 'YAML: this { has no }'],
  [
    'a list without its end, and lines behind it',
    rule('tools: «[»read, write\n      message: no'),
    ['write', 'write]'],
    'YAML: this [ has no ]',
  ],
  ['a text in double quotes without its end', rule('message: «"»no'), '', 'YAML: this " has no "'],
  ['a text in single quotes without its end', rule("message: «'»no"), '', "YAML: this ' has no '"],
  ['a bracket too many', rule('tools: [a, b]«]»'), '', 'YAML: Unexpected flow-seq-end token in YAML stream: "]"'],
  ['a comma too many', rule('tools: [a,«,» b]'), '', 'YAML: Unexpected , in flow sequence'],
  ['a text behind a text in quotes', rule('message: "no" «really»'), ['"no" really', 'no really'], 'YAML: Unexpected scalar at node end'],
  ['an escape that does not exist', rule('message: "a «\\d»"'), '\\\\d', 'YAML: Invalid escape sequence \\d'],
  ['a pattern that begins with an asterisk', rule('tools: «*»'), '"*"', 'YAML: a pattern that begins with "*" needs quotes'],
  ['an asterisk in a list', rule('tools: [«*», x]'), '"*"', 'YAML: a pattern that begins with "*" needs quotes'],
  ['a file pattern without quotes', rule('paths: {read: «*.pem»}'), '"*.pem"', dangling],
  ['a path pattern without quotes', rule('paths:\n        read:\n          - «**/secrets/**»'), '"**/secrets/**"', dangling],
  [
    'a negation without quotes',
    rule('paths: {read: [x, «!y»]}'),
    '"!y"',
    'YAML: Unresolved tag: !y; a text that begins with "!" needs quotes',
  ],
  ['an at sign', rule('tools: «@»scope/x'), ['@scope/x', '"@scope/x"'], 'YAML: Plain value cannot start with reserved character @'],
  ['a backquote', rule('message: «`»no`'), ['`no`', 'no'], 'YAML: Plain value cannot start with reserved character `'],
  ['a percent sign', rule('message: «%»no'), ['%no', 'no'], 'YAML: Plain value cannot start with directive indicator character %'],
  ['a colon in a text', rule('message: «no»: never'), ['no: never', '"no: never"'], colon],
  ['a colon that is missing', rule('«message no»'), 'message: no', field],
  ['a blank that is missing', rule('«message:no»'), 'message: no', field],

  ['a tab before a field', `${head}«\t»mode: observe\n`, '  ', 'YAML: Tabs are not allowed as indentation'],
  [
    'a tab before an item',
    spec('rules:\n«\t»- name: r\n\t  action: deny').replaceAll('\n\t  ', '\n    '),
    ['\t- name', '  - name'],
    'YAML: Tabs are not allowed as indentation',
  ],
  [
    'a tab before a field of a rule',
    spec('rules:\n    - name: r\n«\t»action: deny'),
    '      ',
    'YAML: Tabs are not allowed as indentation',
  ],
  ['a tab behind blanks', spec('rules:\n    - name: r\n    «\t»action: deny'), '  ', 'YAML: Tabs are not allowed as indentation'],
  ['a field that is indented too little', rule('tools: x\n     «message»: no'), ['     message', '      message'], item],
  ['a field that is indented too far', spec('rules:\n    - name: «r»\n       action: deny'), ['       action', '      action'], colon],
  [
    'an item that is indented too little',
    spec('rules:\n    - name: r\n      action: deny\n   «-» name: s\n     action: deny').replace('\n     action', '\n     action'),
    ['   - name: s\n     action', '    - name: s\n      action'],
    'YAML: the items of a list begin in one column',
  ],
  ['a block that is indented too little', rule('message: |\n     «less»'), ['     less', '        less'], item],
  ['a block with words behind its mark', rule('message: |«x»\n        no'), '', 'YAML: Block scalar header includes extra characters: |x'],
  [
    'a folded block with a number of blanks that is zero',
    rule('message: >«0»\n        no'),
    '',
    'YAML: Block scalar header includes extra characters: >0',
  ],

  ['an anchor that comes later', rule('tools: «*t»\n      domains: &t x'), 'x', dangling],
  [
    'an anchor, misspelt',
    spec('rules:\n    - {name: a, action: deny, tools: &tools [x]}\n    - {name: b, action: deny, tools: «*tool»}'),
    '*tools',
    dangling,
  ],
  [
    'an anchor that holds another type',
    spec('rules:\n    - {name: a, action: deny, message: &m no}\n    - {name: b, action: deny, conditions: «*m»}'),
    '[]',
    'Expected a list, found "no"',
  ],
  [
    'an anchor that holds another word',
    spec('mode: &m observe\n  defaultAction: «*m»'),
    'deny',
    '"observe" is not valid here; it must be one of allow, deny, require_approval, abstain',
  ],
  [
    'an anchor of a whole rule',
    spec('rules:\n    - &r {name: a, action: deny}\n    - «*r»'),
    '{name: b, action: deny}',
    'A rule named "a" stands above already; names are unique within a document',
  ],
  [
    'a mistake behind an anchor',
    spec('rules:\n    - {name: a, action: deny, conditions: &c [{cel: «nope»}]}\n    - {name: b, action: deny, conditions: *c}'),
    '"true"',
    'CEL: Unknown variable: nope',
  ],
  [
    'an anchor in another document',
    `${head}  mode: &m enforce\n---\nkind: ToolPolicy\nmetadata: {name: q}\nspec: {mode: «*m»}\n`,
    'enforce',
    dangling,
  ],
  ['an anchor without a name', rule('tools: «&» [x]'), '&t', 'YAML: Anchor cannot be an empty string'],
  [
    'an alias with a tag',
    spec('rules:\n    - {name: a, action: deny, tools: &t [x]}\n    - {name: b, action: deny, tools: !!seq «*t»}'),
    ['!!seq ', ''],
    'YAML: An alias node must not specify any properties',
  ],
  ['a merge', spec('rules:\n    - &r {name: a, action: deny}\n    - {«<<»: *r, name: b}'), ['<<: *r', 'action: deny'], merge],
  ['a merge in a block', asking('approval:\n        «<<»: {timeout: 1h}'), ['<<: {timeout: 1h}', 'timeout: 1h'], merge],
  ['a merge of several', spec('«<<»: [{mode: observe}]'), ['<<: [{mode: observe}]', 'mode: observe'], merge],

  [
    'a tag that does not exist',
    rule('message: «!!js/function» no'),
    ['!!js/function ', ''],
    'YAML: Unresolved tag: tag:yaml.org,2002:js/function; a text that begins with "!" needs quotes',
  ],
  [
    'a tag of our own',
    rule('message: «!secret» no'),
    ['!secret ', ''],
    'YAML: Unresolved tag: !secret; a text that begins with "!" needs quotes',
  ],
  ['a key that is a list', rule('? «[»x]\n      : no'), ['? [x]\n      :', 'message:'], 'YAML: With stringKeys, all keys must be strings'],
  [
    'a directive without a document',
    `%YAML 1.2\n«kind»: ToolPolicy\nmetadata: {name: p}\nspec: {}\n`,
    '---\nkind',
    'YAML: a document after a directive begins with "---"',
  ],
  [
    'a mistake in the second document',
    `${head}  mode: observe\n---\nkind: ToolPolicy\nmetadata: {name: q}\nspec: {mode: «obsrve»}\n`,
    'observe',
    '"obsrve" is not valid here; it must be one of enforce, observe, did you mean "observe"?',
  ],
  [
    'a mistake in the third document',
    `---\n${head}  mode: observe\n---\n# nothing\n---\nkind: ToolPolicy\nmetadata: {name: q}\nspec: {«modes»: observe}\n`,
    'mode',
    'Unknown field "modes", did you mean "mode"?',
  ],
  [
    'a mistake behind the end of a document',
    `${head}  mode: observe\n...\n---\nkind: «Tool»\nmetadata: {name: q}\nspec: {}\n`,
    'ToolPolicy',
    'Unknown kind "Tool"',
  ],
  [
    'a mark of documents that is too short',
    `${head}  mode: observe\n«--»\nkind: ToolPolicy\nmetadata: {name: q}\nspec: {}\n`,
    '---',
    'YAML: a field is followed by ":"',
  ],
  ['a text behind the mark of a document', `${head}  mode: observe\n--- «deny»\n`, '', 'Expected a map, found "deny"'],
  ['a mistake after a comment with marks', condition('"true" # [ { \' "\n        - cel: «nope»'), '"true"', 'CEL: Unknown variable: nope'],
];
