import { expect, test } from 'vitest';
import { addPack, listsPacks } from '../../../src/engine/policy/add-pack.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { placeForRule } from '../../../src/engine/policy/rule-place.ts';

const head = 'kind: ToolPolicy\nmetadata: {name: team}\nspec:\n';
const own = 'apiVersion: countersign.dev/v1\nkind: ToolPolicy\nmetadata:\n  name: packs\nspec:\n  packs: [aws]\n';

test.each<[string, string, string, number]>([
  ['an empty file gets a policy', '', own, 1],
  ['a list in one line grows', `${head}  packs: [git, strict] # ours\n`, `${head}  packs: [git, strict, aws] # ours\n`, 4],
  ['a quoted last name is not cut', `${head}  packs: ["git"]\n`, `${head}  packs: ["git", aws]\n`, 4],
  ['a list of lines grows', `${head}  packs:\n    - git\n  rules: []\n`, `${head}  packs:\n    - git\n    - aws\n  rules: []\n`, 6],
  ['a list of lines without a last line end grows', `${head}  packs:\n  - git`, `${head}  packs:\n  - git\n  - aws\n`, 6],
  ['a policy that only observes cannot name one', `${head}  mode: observe\n`, `${head}  mode: observe\n---\n${own}`, 6],
  ['a policy for one agent cannot, either', `${head}  agent: x\n`, `${head}  agent: x\n---\n${own}`, 6],
  ['a policy of rules stays as it is', `${head}  rules: []`, `${head}  rules: []\n---\n${own}`, 6],
])('%s', (_, before, after, line) => {
  const added = addPack(before, 'aws', 'packs');
  expect(added.source).toBe(after);
  expect(added.line).toBe(line);
  expect(before.slice(0, added.offset) + added.inserted + before.slice(added.offset)).toBe(after);
  expect(listsPacks(after)).toBe(true);
  const file = parsePolicyFile({ path: 'p.yaml', layer: 'workspace', source: after, trusted: true });
  expect(file.documents.flatMap(({ packs }) => packs)).toContain('aws');
});

const rules = `${head}  rules:
    - name: one
      action: deny
      commands: ls
    - {name: two, action: deny, commands: ls}
---
${head.replace('team', 'more')}  rules: [{name: three, action: deny, commands: ls}]
---
${head.replace('team', 'last')}  rules:
  - name: four
    action: deny
    commands: ls`;

test.each<[string, string, string | undefined]>([
  ['in a rule: below it', 'commands: ls\n    - {', '    - {name: two'],
  ['in the last rule: below that', 'name: two', '---'],
  ['above all rules: at the end of the list', 'metadata', '---'],
  ['in a policy whose rules stand in one line: in the first other one', 'name: three', '---'],
  ['in the last policy, which has no line end', 'name: four', ''],
])('a new rule written %s', (_, at, followedBy) => {
  const place = placeForRule(rules, rules.indexOf(at));
  expect(rules.slice(place?.offset).startsWith(followedBy ?? '')).toBe(true);
  expect(place?.before).toBe(followedBy === '' ? '\n' : '');
  const added = `${rules.slice(0, place?.offset)}${place?.before ?? ''}${place?.indent ?? ''}- {name: new, action: deny, commands: pwd}\n${rules.slice(place?.offset)}`;
  expect(parsePolicyFile({ path: 'p.yaml', layer: 'user', source: added, trusted: true }).problems).toEqual([]);
});

test('where there is no list of lines, there is no place', () => {
  expect(placeForRule('', 0)).toBeUndefined();
  expect(placeForRule(`${head}  rules: [{name: a, action: deny}]\n`, 0)).toBeUndefined();
});
