import { expect, test } from 'vitest';
import type { Layer } from '../../../src/engine/decision.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';

function problemsOf(source: string, layer: Layer = 'user'): readonly string[] {
  const file = parsePolicyFile({ path: 'f.yaml', layer, source, trusted: true });
  expect(file.problems.length > 0 && file.documents.length > 0).toBe(false);
  return file.problems.map(
    ({ position: { line, column, endLine, endColumn }, message }) => `${line}:${column}-${endLine}:${endColumn} ${message}`,
  );
}

const head = 'kind: ToolPolicy\nmetadata: {name: p}\nspec:\n';
const rule = (text: string): string => `${head}  rules:\n    - name: r\n      action: deny\n      ${text}\n`;

test.each<[string, string, readonly string[]]>([
  ['an empty file is fine', '', []],
  ['comments alone are fine', '# nothing yet\n---\n# nor here\n', []],
  ['a policy without rules is fine', `${head}  mode: observe\n`, []],
  ['a syntax error', 'kind: [ToolPolicy\n', ['1:7-1:8 YAML: this [ has no ]']],
  ['a key twice', `${head}  mode: observe\n  mode: enforce\n`, ['5:3-5:7 YAML: Map keys must be unique']],
  [
    'an unknown tag',
    `${head}  mode: !!js x\n`,
    ['4:9-4:13 YAML: Unresolved tag: tag:yaml.org,2002:js; a text that begins with "!" needs quotes'],
  ],
  ['an unknown kind', 'kind: ToolPolcy\n', ['1:7-1:16 Unknown kind "ToolPolcy", did you mean "ToolPolicy"?']],
  [
    'a kind that is not enforced yet',
    'kind: Team\nmetadata: {name: x}\n',
    ['1:7-1:11 Team is not enforced by this version; remove the document, or move it to a file that is not loaded'],
  ],
  [
    'no kind',
    'metadata: {name: p}\nspec: {}\n',
    ['1:1-1:20 Missing; "kind" must be one of ToolPolicy, BudgetPolicy, GuardrailPolicy, ArtifactPolicy'],
  ],
  ['another version', `apiVersion: v2\n${head}  mode: enforce\n`, ['1:13-1:15 "v2" is not valid here; it must be "countersign.dev/v1"']],
  ['not a map', '- a\n', ['1:1-1:4 Expected a map, found a list']],
  ['an unknown field', rule('tool: [x]'), ['7:7-7:11 Unknown field "tool", did you mean "tools"?']],
  ['an unknown field that resembles nothing', rule('frobnicate: 1'), ['7:7-7:17 Unknown field "frobnicate"']],
  ['an unknown field deep inside', rule('paths: {reads: [x]}'), ['7:15-7:20 Unknown field "reads", did you mean "read"?']],
  ['a missing field', `${head}  rules:\n    - action: deny\n`, ['5:7-5:19 The field "name" is missing; it is text']],
  [
    'a wrong value',
    `${head}  mode: enforced\n`,
    ['4:9-4:17 "enforced" is not valid here; it must be one of enforce, observe, did you mean "enforce"?'],
  ],
  ['a wrong type', `${head}  rules: deny\n`, ['4:10-4:14 Expected a list, found "deny"']],
  ['a wrong type in a choice', rule('tools: 3'), ['7:14-7:15 Expected text or a list, found 3']],
  ['a wrong type in a list', rule('tools: [x, 3]'), ['7:18-7:19 Expected text, found 3; put it in quotes']],
  ['an empty list', rule('tools: []'), ['7:14-7:16 A list of patterns cannot be empty']],
  [
    'a bad name',
    'kind: ToolPolicy\nmetadata: {name: a/b}\nspec: {}\n',
    ['2:18-2:21 A name is 1 to 128 letters, digits, ".", "_" or "-", and begins with a letter or digit'],
  ],
  [
    'two rules of one name',
    `${head}  rules:\n    - {name: r, action: deny}\n    - {name: r, action: allow}\n`,
    ['6:14-6:15 A rule named "r" stands above already; names are unique within a document'],
  ],
  [
    'two policies of one name',
    `${head}  rules: []\n---\n${head}  rules: []\n`,
    ['7:18-7:19 A policy named "p" stands above already; names are unique within a layer'],
  ],
  ['a bad glob', rule('tools: [x, "a[b"]'), ['7:18-7:23 Bad pattern: "a[b" has "[" without "]"']],
  ['a bad command', rule('commands: "--force"'), ['7:17-7:26 Bad pattern: "--force" must begin with a program']],
  [
    'a bad path',
    rule('paths: {read: ["${hom}/x"]}'),
    ['7:22-7:32 Bad pattern: "${hom}/x": unknown variable "${hom}", did you mean "home"?'],
  ],
  ['no path at all', rule('paths: {}'), ['7:7-7:12 "paths" needs at least one of read, write, any']],
  [
    'a bad duration',
    rule('rateLimit: {calls: 3, per: 1 hour}'),
    ['7:34-7:40 A duration is a whole number with ms, s, m, h or d, such as 30m'],
  ],
  [
    'too long a wait',
    `${head}  rules: [{name: r, action: require_approval, approval: {timeout: 2d}}]\n`,
    ['4:67-4:69 An approval can wait at most 24h'],
  ],
  ['an approval of nothing', rule('approval: {timeout: 1h}'), ['7:7-7:15 "approval" belongs to the action "require_approval"']],
  ['autoApprove of a denial', rule('autoApprove: true'), ['7:7-7:18 "autoApprove" belongs to the action "allow"']],
  ['onLimit without a limit', rule('onLimit: deny'), ['7:7-7:14 "onLimit" needs a "rateLimit"']],
  ['a bad JSONPath', rule('redact: [token]'), ["7:16-7:21 A JSONPath begins with $ and uses .name, ..name, [0], [*] or ['name']"]],
  ['an exemption without a reason', `exempt: [{rule: a/b}]\n${head}  rules: []\n`, ['1:10-1:21 The field "reason" is missing; it is text']],
  ['an exemption of no rule', `exempt: [{rule: ab, reason: r}]\n${head}  rules: []\n`, ['1:17-1:19 An exemption names "policy/rule"']],
  [
    'an exemption until no date',
    `exempt: [{rule: a/b, reason: r, until: soon}]\n${head}  rules: []\n`,
    ['1:40-1:44 A date is written like 2026-12-31 or 2026-12-31T12:00:00Z'],
  ],
  [
    'a merge key',
    `x: &a {b: 1}\n${head}  <<: *a\n`,
    ['5:3-5:5 YAML: merge keys ("<<") are not supported; repeat the fields or use an alias for the whole value'],
  ],
  [
    'an alias to nothing',
    `${head}  rules: *a\n`,
    ['4:10-4:12 YAML: this alias has no anchor before it; a pattern that begins with "*" needs quotes'],
  ],
  ['a CEL error in plain text', rule('conditions: [{cel: request.tol == "x"}]'), ['7:34-7:37 CEL: No such key: tol, did you mean "tool"?']],
  [
    'a CEL error in single quotes',
    rule(`conditions: [{cel: 'request.arguments["it''s"] == nope'}]`),
    ['7:57-7:61 CEL: Unknown variable: nope'],
  ],
  ['a CEL error after an escape', rule('conditions: [{cel: "\\u0020request.tool == nope"}]'), ['7:49-7:53 CEL: Unknown variable: nope']],
  [
    'a CEL error in a folded block',
    rule('conditions:\n        - cel: >-\n            request.tool == "x"\n            && nope == 1\n'),
    ['10:16-10:20 CEL: Unknown variable: nope'],
  ],
  [
    'a CEL error in a literal block',
    rule('unless:\n        - cel: |\n            true\n            && nope\n'),
    ['10:16-10:20 CEL: Unknown variable: nope'],
  ],
  [
    'a condition that is no boolean',
    rule('conditions: [{cel: request.tool}]'),
    ['7:26-7:38 CEL: a condition must be true or false, this is a string'],
  ],
  [
    'a bad expression in a pattern',
    rule(`conditions: [{cel: 'request.tool.matches("[")'}]`),
    ['7:48-7:51 CEL: error parsing regexp: missing closing ]: `[`'],
  ],
  [
    'two errors, in their order',
    rule('tool: 1\n      paths: {}\n      mesage: x'),
    ['7:7-7:11 Unknown field "tool", did you mean "tools"?', '9:7-9:13 Unknown field "mesage", did you mean "message"?'],
  ],
])('%s', (_, source, expected) => {
  expect(problemsOf(source)).toEqual(expected);
});

test('the places are the same with carriage returns', () => {
  const source = rule('conditions:\n        - cel: >-\n            request.tool == "x"\n            && nope == 1\n');
  expect(problemsOf(source.replaceAll('\n', '\r\n'))).toEqual(problemsOf(source));
});

test.each<[Layer, number]>([
  ['organisation', 0],
  ['user', 0],
  ['workspace', 1],
  ['built-in', 1],
])('exemptions in the %s layer: %i problems', (layer, count) => {
  expect(problemsOf(`exempt: [{rule: a/b, reason: r}]\n${head}  rules: []\n`, layer)).toHaveLength(count);
});

test('an alias stands for a whole value', () => {
  expect(
    problemsOf(`${head}  rules:\n    - {name: a, action: deny, tools: &t [x, y]}\n    - {name: b, action: deny, tools: *t}\n`),
  ).toEqual([]);
});

test.each<[string, string]>([
  [
    'a bomb of aliases',
    `a: &a [${'x,'.repeat(9)}x]\n${Array.from({ length: 20 }, (_, i) => `b${i}: &b${i} [${`*${i === 0 ? 'a' : `b${i - 1}`},`.repeat(9)}x]`).join('\n')}\n`,
  ],
  ['an alias of itself', 'a: &a [*a]\n'],
  ['deep nesting', `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`],
  ['deep nesting without an end', `a: ${'{a: ['.repeat(20_000)}\n`],
  ['more than a mebibyte', `# ${'x'.repeat(1_048_576)}\n`],
  ['a huge list', `a: [${'x,'.repeat(300_000)}]\n`],
])('%s is a problem, soon', (_, source) => {
  const started = performance.now();
  expect(problemsOf(source).length).toBeGreaterThan(0);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test.each([
  '\0',
  '%YAML 1.1\n---\na: b',
  '---\n---\n---',
  '? [a]\n: b',
  '__proto__: {x: 1}',
  'constructor: 1',
  '\ufeffkind: x',
  '!!binary aGVsbG8=',
  '2026-01-01',
  '~',
  '"\\uD800"',
  `${'- '.repeat(2_000)}x`,
])('whatever the text, there is an answer: %j', (source) => {
  expect(() => problemsOf(source)).not.toThrow();
});

test('the digest is that of the bytes', () => {
  expect(parsePolicyFile({ path: 'f', layer: 'user', source: 'é', trusted: false })).toMatchObject({
    digest: 'sha256:4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c',
    trusted: true,
  });
  expect(parsePolicyFile({ path: 'f', layer: 'workspace', source: '', trusted: false }).trusted).toBe(false);
});
