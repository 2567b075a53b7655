import { expect, test } from 'vitest';
import { addRule } from '../../../src/engine/policy/add-rule.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import type { RuleSource } from '../../../src/engine/policy/schema.ts';

const rule: RuleSource = { name: 'deny-git-push', commands: ['git push'], action: 'deny' };
const add = (source: string) => addRule(source, rule, { name: 'more', note: 'From entry 7 of the log.' });
const rulesIn = (source: string) => {
  const { documents, problems } = parsePolicyFile({ path: 'p.yaml', layer: 'user', source, trusted: true });
  return problems.length > 0
    ? problems.map(({ message }) => message)
    : documents.map(({ name, rules }) => [name, ...rules.map((each) => each.name)]);
};
const head = 'kind: ToolPolicy\nmetadata: {name: mine}\nspec:\n';

test.each<[string, string, (readonly string[])[]]>([
  ['an empty file', '', [['more', 'deny-git-push']]],
  ['a list of rules', `${head}  rules:\n    - name: a\n      tools: [read]\n      action: deny\n`, [['mine', 'a', 'deny-git-push']]],
  ['a list without a last line feed', `${head}  rules:\n  - {name: a, tools: [read], action: deny}`, [['mine', 'a', 'deny-git-push']]],
  [
    'a list with a comment behind it',
    `${head}  rules:\n  - {name: a, tools: [read], action: deny} # why\n\n# the end\n`,
    [['mine', 'a', 'deny-git-push']],
  ],
  [
    'a list that something follows',
    `${head}  rules:\n    - {name: a, tools: [read], action: deny}\n  defaultAction: abstain\n`,
    [['mine', 'a', 'deny-git-push']],
  ],
  [
    'a text of several lines at its end',
    `${head}  rules:\n    - name: a\n      tools: [read]\n      action: deny\n      message: |\n        one\n        two\n`,
    [['mine', 'a', 'deny-git-push']],
  ],
  [
    'a name that is taken',
    `${head}  rules:\n    - {name: deny-git-push, tools: [read], action: deny}\n`,
    [['mine', 'deny-git-push', 'deny-git-push-2']],
  ],
  [
    'rules in one line: a policy of its own',
    `${head}  rules: [{name: a, tools: [read], action: deny}]\n`,
    [
      ['mine', 'a'],
      ['more', 'deny-git-push'],
    ],
  ],
  [
    'a policy about one agent: another of its own',
    `${head}  agent: reviewer\n  rules:\n    - {name: a, tools: [read], action: deny}\n`,
    [
      ['mine', 'a'],
      ['more', 'deny-git-push'],
    ],
  ],
  [
    'a policy that only observes: another of its own',
    `${head}  mode: observe\n  rules:\n    - {name: a, tools: [read], action: deny}`,
    [
      ['mine', 'a'],
      ['more', 'deny-git-push'],
    ],
  ],
])('a rule is added to %s', (_, source, names) => {
  const added = add(source);
  expect(rulesIn(added.source)).toEqual(names);
  // What a person wrote is left as it is.
  expect(added.source.slice(0, added.offset) + added.source.slice(added.offset + added.inserted.length)).toBe(source);
  expect(added.source.split('\n')[added.line - 1]?.trim()).toBe('# From entry 7 of the log.');
});

test('a text that YAML would take for more is still only a text', () => {
  const odd: RuleSource = { name: 'deny-x', commands: ['echo "a: b" #c', 'x: - y'], action: 'deny' };
  const { source } = addRule('', odd, { name: 'more', note: 'n' });
  const file = parsePolicyFile({ path: 'p.yaml', layer: 'user', source, trusted: true });
  expect(file.documents[0]?.rules[0]?.source.commands).toEqual(odd.commands);
});
