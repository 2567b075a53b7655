import { describe, expect, test } from 'vitest';
import { folds } from '../../../../src/engine/policy/language/folding.ts';
import { hoverAt } from '../../../../src/engine/policy/language/hover.ts';
import { outline, type OutlineItem } from '../../../../src/engine/policy/language/outline.ts';
import { readParts } from '../../../../src/engine/policy/language/part.ts';
import { atCursor, known } from './known.ts';

const file = `# What we want
# of agents
kind: ToolPolicy
metadata: {name: team}
exempt:
  - {rule: baseline-git/force-push, reason: r}
spec:
  rules:
    - name: one
      tools: [shell, "github/create_issue"]
      action: deny
      conditions:
        - cel: >-
            request.command.network
            && request.tool == "x"
---
kind: BudgetPolicy
metadata:
  name: money
spec:
  limits: [{per: day, calls: 5}]
`;

describe('help', () => {
  test.each<[string, string, string, string]>([
    ['a field', 'acti|on: deny', 'action:  # required', 'What the rule says when it matches.'],
    ['a value', 'action: de|ny', 'deny', 'does not run'],
    ['a tool, in what is known of it', 'tools: [sh|ell', 'shell\nabout shell', ''],
    ['a tool in quotes', '"github/cre|ate_issue"', 'github/create_issue\nabout github/create_issue', ''],
    ['an exempted rule', 'baseline-git/fo|rce-push', 'baseline-git/force-push\nabout baseline-git/force-push', ''],
    ['a field in a folded condition', 'net|work', 'network: bool', 'contact a host'],
    ['its next line', 'request.to|ol', 'tool: string', 'canonical name'],
    ['another document', 'limi|ts:', 'limits:', 'strictest'],
  ])('%s', (_, cursor, code, text) => {
    const [before = ''] = cursor.split('|');
    const { source, offset } = atCursor(file.replace(cursor.replace('|', ''), cursor));
    const found = hoverAt({ source, roots: readParts(source), offset, isTestFile: false, onlyNames: false, known });
    expect(found?.code).toBe(code);
    expect(found?.text).toContain(text);
    expect(source.slice(found?.span.start, found?.span.end)).toContain(before.slice(-2));
  });

  test('a field in a condition of a server', () => {
    const { source, offset } = atCursor('kind: ArtifactPolicy\nspec: {servers: [{name: s, conditions: [{cel: artifact.pack|ages < 9}]}]}');
    const found = hoverAt({ source, roots: readParts(source), offset, isTestFile: false, onlyNames: false, known });
    expect(found).toMatchObject({ code: 'packages: double', text: 'Of npm: how many packages that is.' });
  });

  test('what another YAML extension says by our JSON Schema is left out', () => {
    const ask = (offset: number) => hoverAt({ source: file, roots: readParts(file), offset, isTestFile: false, onlyNames: true, known });
    expect(ask(file.indexOf('action') + 1)).toBeUndefined();
    expect(ask(file.indexOf('network') + 1)?.code).toBe('network: bool');
  });
});

test('the outline names policies, rules, exemptions and limits', () => {
  const show = (item: OutlineItem): string =>
    `${item.kind} ${item.name} ${item.detail}${item.items.map((inner) => `\n  ${show(inner)}`).join('')}`;
  expect(outline(readParts(file)).map(show)).toEqual([
    'policy team ToolPolicy\n  exemption baseline-git/force-push \n  rule one deny',
    'budget money BudgetPolicy\n  limit day ',
  ]);
});

test('in the outline, what is chosen lies within its item: editors refuse it otherwise', () => {
  const check = ({ start, end, chosen, items }: OutlineItem): boolean => start <= chosen.start && chosen.end <= end && items.every(check);
  for (const source of [file, 'kind: ToolPolicy\n', 'metadata: {name: x}', '- name: a\n  call: x\n', 'spec: {rules: [{name: a}]}', ''])
    expect(outline(readParts(source)).every(check)).toBe(true);
});

test('documents, lists and maps can be folded, and comments', () => {
  const lines = file.split('\n');
  const shown = folds(file, readParts(file)).map(
    ({ first, last, isComment }) => `${lines[first]?.trim()} … ${lines[last]?.trim()}${isComment ? ' #' : ''}`,
  );
  expect(shown).toEqual([
    '# What we want … # of agents #',
    'kind: ToolPolicy … && request.tool == "x"',
    'exempt: … - {rule: baseline-git/force-push, reason: r}',
    'spec: … && request.tool == "x"',
    'rules: … && request.tool == "x"',
    '- name: one … && request.tool == "x"',
    'conditions: … && request.tool == "x"',
    '- cel: >- … && request.tool == "x"',
    'kind: BudgetPolicy … limits: [{per: day, calls: 5}]',
    'metadata: … name: money',
    'spec: … limits: [{per: day, calls: 5}]',
  ]);
});

test('a broken or hostile file is read as far as it goes', () => {
  const deep = '['.repeat(3000);
  for (const source of [deep, 'a: *x', 'a: &a [*a]', '{', ': :', '\t', '- - - -', '%YAML 3', 'a: !!js/function x', '? [a]: b'])
    expect(() => folds(source, readParts(source))).not.toThrow();
});
