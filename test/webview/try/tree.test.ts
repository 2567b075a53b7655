import { expect, test } from 'vitest';
import type { DocumentSteps, RuleSteps } from '../../../src/engine/policy/steps.ts';
import type { RuleInSight, ShownExplanation } from '../../../src/webview/try/messages.ts';
import { linesOf, moveFor, type Openings, type TreeMove } from '../../../src/webview/try/tree-lines.ts';
import { treeOf } from '../../../src/webview/try/tree.ts';

const rule = (name: string, given: Partial<RuleSteps> = {}): RuleSteps => ({
  rule: name,
  action: 'deny',
  matched: false,
  why: 'no command is like it',
  steps: [{ field: 'commands', wants: 'git push', result: 'fails' }],
  line: 5,
  ...given,
});
const document = (policy: string, given: Partial<DocumentSteps> = {}): DocumentSteps => ({
  policy,
  file: `/p/${policy}.yaml`,
  layer: 'user',
  mode: 'enforce',
  inScope: true,
  scope: [],
  rules: [rule('quiet')],
  ...given,
});
const explained = (...documents: readonly DocumentSteps[]): ShownExplanation => ({
  decision: { action: 'deny', reason: '', mode: 'enforce' },
  call: { tools: [], commands: [], reads: [], writes: [], domains: [], unknown: [] },
  broken: [],
  documents,
  doubts: [],
});
const speaking = document('speaking', { rules: [rule('quiet'), rule('loud', { matched: true, why: 'No.' })] });
const other = document('other', { inScope: false, scope: [{ field: 'agent', wants: 'codex', result: 'fails' }], rules: [] });
const sightOf = (policy: string, name: string): RuleInSight => ({ policy, rule: name, file: `/p/${policy}.yaml` });

test('documents that have a say come first, those about other calls last; within one, the rules that apply come first', () => {
  const tree = treeOf(explained(other, document('silent'), document('default', { byDefault: 'deny' }), speaking), undefined);
  expect(tree.map(({ text, word }) => [text, word])).toEqual([
    ['speaking', '1 rule applies'],
    ['default', 'no rule applies, so its default denies'],
    ['silent', 'no rule applies'],
    ['other', 'is not about this call'],
  ]);
  expect(tree[0]?.children.map(({ text, word, note }) => [text, word, note])).toEqual([
    ['loud', 'applies and denies', 'No. · line 5'],
    ['quiet', 'does not apply (it would deny)', 'line 5'],
  ]);
});

test.each<[string, RuleInSight, string, readonly string[]]>([
  ['which applies', sightOf('speaking', 'loud'), 'applies and denies', ['no']],
  ['which is quiet', sightOf('speaking', 'quiet'), 'does not apply (it would deny)', ['no']],
  ['that is not there any more', sightOf('speaking', 'gone'), 'is not there', []],
  ['of a policy about other calls', sightOf('other', 'any'), 'is not asked', ['no']],
  ['of a policy that is not in force', sightOf('nowhere', 'any'), 'is not in force', []],
  ['of a namesake in another file', { ...sightOf('speaking', 'loud'), file: '/q/speaking.yaml' }, 'is not in force', []],
])('the rule in sight is on top and open: one %s', (_, sight, word, steps) => {
  const [first] = treeOf(explained(document('silent'), other, speaking), sight);
  expect([first?.id, first?.text, first?.word]).toEqual(['sight', `${sight.policy}/${sight.rule}`, word]);
  expect(first?.children.map((step) => step.word)).toEqual(steps);
  expect(first?.isOpen).toBe(steps.length > 0);
});

test('a step says yes, no, or that it could not be evaluated, and why', () => {
  const steps: RuleSteps['steps'] = [
    { field: 'tools', wants: 'shell', result: 'holds' },
    { field: 'unless', wants: 'x.y', result: 'fault', note: 'no such field' },
    { field: 'mcpServer', wants: '', result: 'fails' },
  ];
  const [top] = treeOf(explained(document('a', { rules: [rule('b', { steps })] })), sightOf('a', 'b'));
  expect(top?.children.map(({ word, text, note }) => [word, text, note])).toEqual([
    ['yes', 'tools: shell', ''],
    ['could not be evaluated', 'unless: x.y', 'no such field'],
    ['no', 'mcpServer', ''],
  ]);
});

const tree = treeOf(explained(speaking, document('silent')), undefined);
const seen = (openings: Openings): readonly string[] =>
  linesOf(tree, openings).map(({ node, level, place, of }) => `${level} ${node.text} ${place}/${of}`);

test('a person opens and closes lines; what is closed hides what is below it', () => {
  expect(seen({})).toEqual(['1 speaking 1/2', '2 loud 1/2', '2 quiet 2/2', '1 silent 2/2']);
  const [id = '', loud = ''] = [tree[0]?.id, tree[0]?.children[0]?.id];
  expect(seen({ [id]: false })).toEqual(['1 speaking 1/2', '1 silent 2/2']);
  expect(seen({ [loud]: true })[2]).toBe('3 commands: git push 1/1');
});

const [speakingId = '', silentId = '', loudId = ''] = [tree[0]?.id, tree[1]?.id, tree[0]?.children[0]?.id];
test.each<[string, string, string | undefined]>([
  ['ArrowDown', speakingId, `go ${loudId}`],
  ['ArrowUp', speakingId, `go ${speakingId}`],
  ['End', speakingId, `go ${silentId}`],
  ['Home', silentId, `go ${speakingId}`],
  ['ArrowRight', speakingId, `go ${loudId}`],
  ['ArrowRight', silentId, `toggle ${silentId}`],
  ['ArrowLeft', loudId, `go ${speakingId}`],
  ['ArrowLeft', speakingId, `toggle ${speakingId}`],
  ['ArrowLeft', silentId, undefined],
  ['Enter', loudId, `open-place ${loudId}`],
  [' ', loudId, `toggle ${loudId}`],
  ['Escape', loudId, 'leave'],
  ['constructor', loudId, undefined],
])('%s on %s', (key, id, expected) => {
  expect(said(moveFor(key, linesOf(tree, {}), id))).toBe(expected);
});

test('a rule’s place is its line in its file', () => {
  expect(tree[0]?.children[0]?.place).toEqual({ file: '/p/speaking.yaml', line: 5 });
});

function said(move: TreeMove | undefined): string | undefined {
  if (move === undefined || move.do === 'leave') return move?.do;
  return `${move.do} ${'id' in move ? move.id : move.line.node.id}`;
}
