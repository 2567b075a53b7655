import { describe, expect, test } from 'vitest';
import { type Completion, completions } from '../../../../src/engine/policy/language/completion.ts';
import { nearBy } from '../../../../src/engine/policy/language/near.ts';
import { atCursor, known } from './known.ts';

const snippets = [
  { label: 'Deny a command', detail: 'd', kind: 'rule', lines: ['- name: ${1:x}', '  action: deny'] },
  { label: 'Budget', detail: 'd', kind: 'document', lines: ['kind: BudgetPolicy'] },
] as const;

function offered(text: string, isTestFile = false, onlyNames = false): readonly Completion[] {
  const { source, offset } = atCursor(text);
  return completions({ ...nearBy(source, offset), isTestFile, onlyNames, known, snippets });
}

const labels = (found: readonly Completion[]): string => found.map(({ label }) => label).join(' · ');

const rule = (text: string): string => `kind: ToolPolicy\nmetadata: {name: p}\nspec:\n  rules:\n    - name: r\n${text}`;

test.each<[string, string, RegExp]>([
  ['nothing yet', '|', /^new policy · new budget · new guardrail · Budget · kind · metadata · spec · apiVersion · exempt$/],
  ['a first word', 'ki|', /kind · metadata/],
  ['the kind', 'kind: |', /^ToolPolicy · BudgetPolicy · GuardrailPolicy · ArtifactPolicy$/],
  ['fields of a budget', 'kind: BudgetPolicy\nspec:\n  |\n', /^agent · mode · limits · loop/],
  ['fields of a rule, without those that are there, what is needed first', rule('      |\n      tools: x\n'), /^action · commands · paths/],
  ['a field before others', rule('      act|\n      message: x\n'), /^action · tools/],
  ['a name that is written anew', rule('      act|: deny\n'), /^action · tools/],
  ['an action', rule('      action: de|\n      message: x\n'), /^allow · deny · require_approval · abstain$/],
  ['an action, with others in quotes', rule('      action: "|"\n'), /^allow · deny/],
  ['a truth', rule('      autoApprove: |\n'), /^true · false$/],
  ['tools in brackets', rule('      tools: [sh|]\n'), /^shell · edit · github\/create_issue · Bash$/],
  ['tools in brackets that are still open', rule('      tools: [sh|'), /^shell · edit/],
  ['a second tool', rule('      tools: [shell, |]\n'), /^shell · edit/],
  ['tools in quotes', rule('      tools: ["gith|"]\n'), /^shell · edit/],
  ['tools with dashes', rule('      tools:\n        - |\n'), /^shell · edit/],
  ['one tool alone', rule('      tools: |\n'), /^shell · edit/],
  ['fields in braces', rule('      approval: {t|}\n'), /^type · timeout · onTimeout/],
  ['fields in braces that are still open', rule('      approval: {timeout: 1m, |'), /^type · onTimeout/],
  ['a duration', rule('      approval: {timeout: |}\n'), /^30s · 1m/],
  ['paths', rule('      paths:\n        write: ["|"]\n'), /^\${workspace}\/\*\* · ~/],
  ['a condition', rule('      conditions:\n        - |\n'), /^new condition · cel$/],
  ['the first rule', 'kind: ToolPolicy\nspec:\n  rules:\n    |\n', /^new rule · Deny a command$/],
  ['a rule behind a dash', 'kind: ToolPolicy\nspec:\n  rules:\n    - |\n', /^new rule · Deny a command · name · action/],
  ['another rule below', rule('      action: deny\n    |\n'), /^new rule · Deny a command$/],
  ['an exemption', 'kind: ToolPolicy\nexempt:\n  - {rule: |}\nspec: {}\n', /^baseline-git\/force-push · team\/own$/],
  ['packs', 'kind: ToolPolicy\nspec:\n  packs: [|]\n', /^strict · git · kubernetes$/],
  ['agents', 'kind: ToolPolicy\nspec:\n  agent: |\n', /^claude-code$/],
  ['servers', 'kind: ToolPolicy\nspec:\n  mcpServer: [|]\n', /^github$/],
  ['the second document', 'kind: BudgetPolicy\n---\nkind: ToolPolicy\nspec:\n  mo|\n---\nx: 1\n', /^agent · mcpServer · mode/],
  [
    'a document with a fault elsewhere',
    rule('      action: [\n').replace('kind: ToolPolicy', 'kind: ToolPolicy\nexempt: [{ru|}]'),
    /^rule · reason · until$/,
  ],
  ['nothing in a comment', '# ki|', /^$/],
  ['nothing in a sentence', rule('      message: do not | this\n'), /^$/],
])('%s', (_, text, expected) => {
  expect(labels(offered(text))).toMatch(expected);
});

test.each<[string, string, RegExp]>([
  ['a first case', '|', /^new case$/],
  ['fields of a case', '- name: x\n  |', /^expect · call · start$/],
  ['what is expected', '- name: x\n  call: y\n  expect: {action: |}', /^allow · deny/],
  ['by which rule', '- name: x\n  call: y\n  expect: {action: deny, rule: |}', /^baseline-git\/force-push/],
  ['a call', '- name: x\n  call: {t|}', /^tool · nativeTool · mcpServer/],
  ['a tool of a call', '- name: x\n  call: {tool: |}', /^shell · edit · Bash$/],
])('in a test file: %s', (_, text, expected) => {
  expect(labels(offered(text, true))).toMatch(expected);
});

test.each<[string, string, string, string]>([
  ['text', rule('      |'), 'message', 'message: '],
  ['a list of texts', rule('      |'), 'tools', 'tools: [$0]'],
  ['a list of maps', rule('      |'), 'conditions', 'conditions:\n  - $0'],
  ['a list of maps behind a dash', 'kind: ToolPolicy\nspec:\n  rules:\n    - |', 'conditions', 'conditions:\n    - $0'],
  ['a map in braces', 'kind: ToolPolicy\nspec: {rules: [{|}]}', 'paths', 'paths: {$0}'],
  ['text or a map', '- |', 'call', 'call: '],
  ['a tool that needs no quotes', rule('      tools: [|]'), 'github/create_issue', 'github/create_issue'],
  ['a pattern that needs quotes', rule('      paths: {write: [|]}'), '${workspace}/**', '"\\${workspace\\}/**"'],
  ['a pattern in quotes', rule('      paths: {write: ["|"]}'), '${workspace}/**', '\\${workspace\\}/**'],
  ['a snippet behind a dash', 'kind: ToolPolicy\nspec:\n  rules:\n    - |', 'Deny a command', 'name: ${1:x}\n  action: deny'],
])('what is put in: %s', (_, text, label, insert) => {
  const file = text.startsWith('- ');
  expect(offered(text, file).find((one) => one.label === label)?.insert).toBe(insert);
});

test('fields come with what the reference says of them', () => {
  expect(offered(rule('      |')).find(({ label }) => label === 'message')?.help).toBe('Shown to the person and to the model.');
  expect(offered(rule('      action: |')).find(({ label }) => label === 'deny')?.help).toContain('does not run');
});

test('what another YAML extension offers by our JSON Schema is left out, and names are not', () => {
  expect(labels(offered(rule('      |'), false, true))).toBe('');
  expect(labels(offered(rule('      action: |'), false, true))).toBe('');
  expect(labels(offered(rule('      tools: [|]'), false, true))).toContain('shell');
});

test('the whole word is replaced', () => {
  const [first] = offered(rule('      tools: [sh|ow]'));
  expect(first?.replace).toEqual({ start: rule('      tools: [').length, end: rule('      tools: [show').length });
});

describe('of a long policy, only what is around the cursor is read', () => {
  const many = Array.from({ length: 400 }, (_, n) => `    - name: rule-${n}\n      tools: [shell]\n      action: deny\n`).join('');
  const long = (text: string, after = ''): string =>
    `kind: ToolPolicy\nmetadata: {name: p}\nspec:\n  rules:\n${many}${text}${many}${after}`;

  test.each<[string, string, RegExp]>([
    ['a field', long('    - name: mine\n      |\n'), /^action · tools/],
    ['a value', long('    - name: mine\n      action: |\n'), /^allow/],
    ['another rule', long('    |\n'), /^new rule/],
    ['a rule behind a dash', long('    - |\n'), /^new rule · Deny a command · name/],
    ['what stands before the rules', long('').replace('{name: p}', '{na|: p}'), /^name · description/],
    ['what stands behind them', long('', '  mo|\n'), /^agent · mcpServer · mode/],
    ['behind them, in the document', long('', 'ex|\n'), /^apiVersion · exempt/],
    ['an item of a list in a rule', long('    - name: mine\n      tools:\n        - sh|\n'), /^shell · edit/],
  ])('%s', (_, text, expected) => {
    const { source, offset } = atCursor(text);
    const near = nearBy(source, offset);
    expect(labels(offered(text))).toMatch(expected);
    expect(source.slice(near.shift + near.offset - 3, near.shift + near.offset)).toBe(near.source.slice(near.offset - 3, near.offset));
  });

  test('it is short', () => {
    const { source, offset } = atCursor(long('    - name: mine\n      action: |\n'));
    expect(nearBy(source, offset).source.length).toBeLessThan(200);
  });
});
