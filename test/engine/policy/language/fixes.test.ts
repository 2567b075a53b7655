import { describe, expect, test } from 'vitest';
import { fixesFor } from '../../../../src/engine/policy/language/fixes.ts';
import { riskyArguments } from '../../../../src/engine/policy/language/hints.ts';
import { readParts, type Span } from '../../../../src/engine/policy/language/part.ts';
import { parsePolicyFile } from '../../../../src/engine/policy/parse-file.ts';
import { parsePolicyTestFile } from '../../../../src/engine/policy/policy-test-file.ts';
import type { Position } from '../../../../src/engine/policy/policy-set.ts';
import { budgets } from '../seeded/budgets.ts';
import { cel } from '../seeded/cel.ts';
import { fields } from '../seeded/fields.ts';
import { condition, rule, type Seed } from '../seeded/seed.ts';
import { testFiles } from '../seeded/test-files.ts';
import { values } from '../seeded/values.ts';
import { known } from './known.ts';

const problemsOf = (source: string, isTestFile: boolean) =>
  isTestFile
    ? parsePolicyTestFile({ path: 'f.test.yaml', source }).problems
    : parsePolicyFile({ path: 'f.yaml', layer: 'user', source, trusted: true, packs: ['strict', 'git', 'kubernetes'] }).problems;

function fixed(source: string, problem: Span, isTestFile = false): readonly (readonly [title: string, text: string])[] {
  const found = fixesFor({ source, roots: readParts(source), isTestFile, problem, known });
  return found.map(({ title, edits }) => {
    const ordered = edits.toSorted((a, b) => b.span.start - a.span.start);
    return [title, ordered.reduce((text, { span, text: put }) => text.slice(0, span.start) + put + text.slice(span.end), source)];
  });
}

function spanOf(source: string, { line, column, endLine, endColumn }: Position): Span {
  const starts = source.split('\n').reduce<readonly number[]>((all, text) => [...all, (all.at(-1) ?? 0) + text.length + 1], [0]);
  return { start: (starts[line - 1] ?? 0) + column - 1, end: (starts[endLine - 1] ?? 0) + endColumn - 1 };
}

const guessed = (seeds: readonly Seed[]) => seeds.filter(([, , , says]) => says.includes('did you mean'));

describe.each<[string, readonly Seed[], boolean]>([
  ['fields', fields, false],
  ['values', values, false],
  ['expressions', cel, false],
  ['budgets', budgets, false],
  ['test files', testFiles, true],
])('%s', (_, seeds, isTestFile) => {
  test.each(guessed(seeds))('the name that a message guesses is put with one press: %s', (_mistake, marked, _right, says) => {
    const source = marked.replaceAll(/[«»]/g, '');
    const [problem] = problemsOf(source, isTestFile);
    const [, guess = ''] = /did you mean "(.+)"\?/.exec(says) ?? [];
    // Beside the right one it is only a field too many.
    const wanted = [`Change to "${guess}"`, `Remove "${marked.slice(marked.indexOf('«') + 1, marked.indexOf('»'))}"`];
    const [, text] = fixed(source, spanOf(source, problem!.position), isTestFile).find(([title]) => wanted.includes(title)) ?? [];
    expect(text).toBeDefined();
    expect(problemsOf(text ?? '', isTestFile)).toEqual([]);
  });
});

test.each<[string, string, string, string, string]>([
  [
    'an action that is missing',
    'kind: ToolPolicy\nmetadata: {name: p}\nspec:\n  rules:\n    - name: r\n',
    'name: r',
    'Add "action"',
    '- action: deny\n      name: r',
  ],
  [
    'a name in braces',
    'kind: ToolPolicy\nmetadata: {name: p}\nspec: {rules: [{action: deny}]}\n',
    '{action',
    'Add "name"',
    '{name: new-name, action: deny}',
  ],
  ['a duration in words', rule('rateLimit: {calls: 1, per: 30 minutes}'), '30 minutes', 'Change to "30m"', 'per: 30m}'],
  ['a duration without a unit', rule('rateLimit: {calls: 1, per: 30}'), '30}', 'Change to "30m"', 'per: 30m}'],
  ['a truth in YAML 1.1', rule('autoApprove: yes'), 'yes', 'Change to "true"', 'autoApprove: true'],
  [
    'a rule twice',
    'kind: ToolPolicy\nmetadata: {name: p}\nspec:\n  rules:\n    - {name: r, action: deny}\n    - {name: "r", action: allow}\n',
    '"r"',
    'Change to "r-2"',
    '{name: "r-2", action: allow}',
  ],
  ['a tool, misspelt', rule('tools: [shel]'), 'shel', 'Change to "shell"', 'tools: [shell]'],
  ['a place, misspelt', condition(`'place("/x") == "hom"'`), '"hom"', 'Change to "home"', '== "home"'],
  [
    'what starts, misspelt',
    'kind: ArtifactPolicy\nmetadata: {name: p}\nspec: {servers: [{name: s, source: {url: "https://x"}, conditions: [{cel: artefact.packages < 9}]}]}\n',
    'artefact',
    'Change to "artifact"',
    'cel: artifact.packages',
  ],
  ['tabs', 'kind: ToolPolicy\nmetadata:\n\tname: p\n', '\tname', 'Indent with spaces', '\n  name: p'],
  [
    'an argument that is no truth',
    condition('request.arguments.force'),
    'request.arguments.force',
    'Compare with true',
    'cel: request.arguments.force == true',
  ],
  ['a field in a literal block', condition('|\n            request.tol == "x"'), 'tol', 'Change to "tool"', 'request.tool == "x"'],
])('%s', (_, source, at, title, becomes) => {
  const start = source.indexOf(at);
  const found = fixed(source, { start, end: start + at.length });
  expect(Object.fromEntries(found)[title]).toContain(becomes);
});

const styles: readonly (readonly [string, string, string])[] = [
  ['plain', 'request.arguments.base == "main"', 'cel: has(request.arguments.base) && request.arguments.base == "main"'],
  ['single quotes', `'!request.arguments.base.matches("^x")'`, `'has(request.arguments.base) && !request.arguments.base`],
  ['double quotes', '"request.arguments[\\"base\\"] == \\"m\\""', '"(\\"base\\" in request.arguments) && request.arguments['],
  [
    'a literal block',
    '|\n            request.arguments.base == "x"\n            || request.tool == "y"',
    '|\n            has(request.arguments.base) && (request.arguments.base == "x"\n            || request.tool == "y")',
  ],
  [
    'a folded block',
    '>-\n            request.arguments.a.b == 1',
    '>-\n            has(request.arguments.a) && request.arguments.a.b == 1',
  ],
];

test.each(styles)('a condition that relies on an argument is guarded where it begins: %s', (_, scalar, becomes) => {
  const source = condition(scalar);
  const [risk] = riskyArguments(source, readParts(source));
  const [, text = ''] = fixed(source, risk!.span).find(([title]) => title.startsWith('Apply only where')) ?? [];
  expect(text).toContain(becomes);
  expect(problemsOf(text, false)).toEqual([]);
});

test('where nothing resembles it, nothing is offered', () => {
  const source = rule('frobnicate: x');
  const start = source.indexOf('frobnicate');
  expect(fixed(source, { start, end: start + 10 })).toEqual([]);
});
