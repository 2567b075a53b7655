import { asking, exempting, head, rule, spec, type Seed } from './seed.ts';

const duration = 'A duration is a whole number with ms, s, m, h or d, such as 30m';
const name = 'A name is 1 to 128 letters, digits, ".", "_" or "-", and begins with a letter or digit';
const date = 'A date is written like 2026-12-31 or 2026-12-31T12:00:00Z';
const actions = 'it must be one of allow, deny, require_approval, abstain';

/** Values that have the right type: words, names, durations, dates, numbers. */
export const values: readonly Seed[] = [
  [
    'an action, misspelt',
    spec('rules: [{name: r, action: «denied»}]'),
    'deny',
    `"denied" is not valid here; ${actions}, did you mean "deny"?`,
  ],
  ['an action of another product', spec('rules: [{name: r, action: «block»}]'), 'deny', `"block" is not valid here; ${actions}`],
  ['an action in another case', spec('defaultAction: «Deny»'), 'deny', `"Deny" is not valid here; ${actions}, did you mean "deny"?`],
  [
    'an action with a hyphen',
    spec('defaultAction: «require-approval»'),
    'require_approval',
    `"require-approval" is not valid here; ${actions}, did you mean "require_approval"?`,
  ],
  [
    'an action past the limit',
    rule('rateLimit: {calls: 1, per: 1m}\n      onLimit: «kill»'),
    'deny',
    `"kill" is not valid here; ${actions}`,
  ],
  [
    'a mode, misspelt',
    spec('mode: «enforced»'),
    'enforce',
    '"enforced" is not valid here; it must be one of enforce, observe, did you mean "enforce"?',
  ],
  ['a mode of another product', spec('mode: «audit»'), 'observe', '"audit" is not valid here; it must be one of enforce, observe'],
  [
    'what becomes of unknown programs',
    spec('unknownPrograms: «ignored»'),
    'ignore',
    '"ignored" is not valid here; it must be one of match, ignore, did you mean "ignore"?',
  ],
  ['what becomes of the ungoverned', spec('onUngoverned: «deny»'), 'kill', '"deny" is not valid here; it must be one of alert, kill'],
  [
    'the type of an approval',
    asking('approval: {type: «human»}'),
    'human-in-the-loop',
    '"human" is not valid here; it must be "human-in-the-loop"',
  ],
  [
    'an approval that allows by itself',
    asking('approval: {onTimeout: «allow»}'),
    'abstain',
    '"allow" is not valid here; it must be one of deny, abstain',
  ],
  [
    'whether a reason is needed',
    asking('approval: {reason: «require»}'),
    'required',
    '"require" is not valid here; it must be one of required, optional, did you mean "required"?',
  ],
  ['a nameless approver', asking('approval: {approvers: [«""»]}'), 'lead', 'It cannot be empty'],
  [
    'the version',
    `apiVersion: «v1»\n${head}  mode: enforce\n`,
    'countersign.dev/v1',
    '"v1" is not valid here; it must be "countersign.dev/v1"',
  ],
  [
    'another version',
    `apiVersion: «countersign.dev/v2»\n${head}  mode: enforce\n`,
    'countersign.dev/v1',
    '"countersign.dev/v2" is not valid here; it must be "countersign.dev/v1", did you mean "countersign.dev/v1"?',
  ],
  [
    'the kind, misspelt',
    'kind: «ToolPolcy»\nmetadata: {name: p}\nspec: {}\n',
    'ToolPolicy',
    'Unknown kind "ToolPolcy", did you mean "ToolPolicy"?',
  ],
  [
    'the kind in another case',
    'kind: «toolpolicy»\nmetadata: {name: p}\nspec: {}\n',
    'ToolPolicy',
    'Unknown kind "toolpolicy", did you mean "ToolPolicy"?',
  ],
  ['a kind of another product', 'kind: «ClusterPolicy»\nmetadata: {name: p}\nspec: {}\n', 'ToolPolicy', 'Unknown kind "ClusterPolicy"'],
  [
    'a kind that is not enforced',
    'kind: «Team»\nmetadata: {name: p}\nspec: {}\n',
    'ToolPolicy',
    'Team is not enforced by this version; remove the document, or move it to a file that is not loaded',
  ],

  ['a name with a blank', 'kind: ToolPolicy\nmetadata: {name: «my policy»}\nspec: {}\n', 'my-policy', name],
  ['a name with a slash', spec('rules: [{name: «a/b», action: deny}]'), 'a-b', name],
  ['a name that begins with a hyphen', spec('rules: [{name: «-x», action: deny}]'), 'x', name],
  ['an empty name', spec('rules: [{name: «""», action: deny}]'), 'x', name],
  ['a name that is too long', spec(`rules: [{name: «${'n'.repeat(129)}», action: deny}]`), 'n', name],

  ['a duration in words', rule('rateLimit: {calls: 3, per: «1 hour»}'), '1h', duration],
  ['a duration without a unit', rule('rateLimit: {calls: 3, per: «"60"»}'), '60s', duration],
  ['a duration as a number', rule('rateLimit: {calls: 3, per: «60»}'), '60s', 'Expected text, found 60; put it in quotes'],
  ['a duration with a fraction', asking('approval: {timeout: «1.5h»}'), '90m', duration],
  ['a duration in another case', asking('approval: {timeout: «30M»}'), '30m', duration],
  ['a duration of two units', asking('approval: {timeout: «1h30m»}'), '90m', duration],
  ['a duration in ISO 8601', asking('approval: {timeout: «PT30M»}'), '30m', duration],
  ['no duration at all', asking('approval: {timeout: «0m»}'), '1m', duration],
  ['a duration below nothing', asking('approval: {timeout: «-5m»}'), '5m', duration],
  ['a wait that is too long', asking('approval: {timeout: «25h»}'), '24h', 'An approval can wait at most 24h'],
  [
    'a wait of days, in a block',
    asking('approval:\n        timeout: «2d»\n        reason: required'),
    '1d',
    'An approval can wait at most 24h',
  ],

  ['a limit of no calls', rule('rateLimit: {calls: «0», per: 1m}'), '1', 'It must be at least 1'],
  ['a limit that limits nothing', rule('rateLimit: {calls: «1000001», per: 1m}'), '1000000', 'It must be at most 1000000'],
  [
    'a JSONPath without its root',
    rule('redact: [«token»]'),
    '$.token',
    "A JSONPath begins with $ and uses .name, ..name, [0], [*] or ['name']",
  ],
  [
    'a JSONPath with a filter',
    rule('redact: [$.a, «"$.b[?(@.c)]"»]'),
    '"$.b[*]"',
    "A JSONPath begins with $ and uses .name, ..name, [0], [*] or ['name']",
  ],
  ['a message without an end', rule(`message: «${'m'.repeat(2001)}»`), 'm', 'It has at most 2000 characters'],
  ['a time that is none', rule('tests: {deny: [{time: «noon»}]}'), '2026-01-31T12:00:00Z', 'A time is written like 2026-01-31T12:00:00Z'],
  [
    'what git never says',
    rule('tests: {deny: [{command: rm x, git: {x: «dirty»}}]}'),
    'changed',
    '"dirty" is not valid here; it must be one of clean, changed, untracked, ignored, outside, missing, unknown',
  ],
  [
    'a pack that does not exist',
    spec('packs: [git, «kubernets»]'),
    'kubernetes',
    'There is no pack "kubernets", did you mean "kubernetes"?',
  ],
  ['a nameless pack', spec('packs: [«""»]'), 'git', 'A pack has a name'],

  [
    'an exemption of a policy',
    exempting('- {rule: «baseline-git», reason: r}'),
    'baseline-git/force-push',
    'An exemption names "policy/rule"',
  ],
  ['an exemption with two slashes', exempting('- {rule: «a/b/c», reason: r}'), 'a/b', 'An exemption names "policy/rule"'],
  ['an exemption for no reason', exempting('- {rule: a/b, reason: «""»}'), 'it is rebased weekly', 'An exemption needs a reason'],
  ['an exemption until no date', exempting('- {rule: a/b, reason: r, until: «soon»}'), '2030-01-01', date],
  ['an exemption until a day that is not in the calendar', exempting('- {rule: a/b, reason: r, until: «2030-13-01»}'), '2030-12-01', date],
  ['an exemption until a date as Americans write it', exempting('- {rule: a/b, reason: r, until: «12/31/2030»}'), '2030-12-31', date],
  [
    'an exemption until a year',
    exempting('- {rule: a/b, reason: r, until: «2030»}'),
    '2030-12-31',
    'Expected text, found 2030; put it in quotes',
  ],
  ['an exemption with a bad glob', exempting('- {rule: «"a[/b"», reason: r}'), 'a/b', 'Bad pattern: "a[" has "[" without "]"'],
];
