import { expect, test } from 'vitest';
import type { Layer } from '../../../../src/engine/decision.ts';
import { lintFile } from '../../../../src/engine/policy/lint/lint-file.ts';
import { parsePolicyFile } from '../../../../src/engine/policy/parse-file.ts';

function lint(spec: string, layer: Layer) {
  const source = `kind: ToolPolicy\nmetadata: {name: t}\nspec: {}\n---\nkind: GuardrailPolicy\nmetadata: {name: g}\nspec: ${spec}\n`;
  const file = parsePolicyFile({ path: 'g.yaml', layer, source, trusted: true });
  expect(file.problems).toEqual([]);
  return lintFile(file, { now: new Date(0), files: [] }).map(({ check, severity, position }) => [check, severity, position.line]);
}

const known = '{fingerprint: "0123456789abcdef", reason: made up}';
const looking = 'detect: [{type: secret, action: deny}]';

test.each<[string, Layer, string, ReturnType<typeof lint>]>([
  ['a fingerprint that others share', 'workspace', `{${looking}, allow: [a, ${known}]}`, [['known-here-only', 'hint', 7]]],
  ['a fingerprint of one’s own', 'user', `{${looking}, allow: [${known}]}`, []],
  ['a text that others share', 'workspace', `{${looking}, allow: [a]}`, []],
  ['what only allows, in a repository', 'workspace', '{allow: [a]}', [['never-matches', 'warning', 7]]],
  ['what only allows, and only observes', 'user', '{mode: observe, allow: [a]}', [['never-matches', 'warning', 7]]],
  ['what only allows, of one’s own', 'user', '{allow: [a]}', []],
])('%s', (_, layer, spec, found) => expect(lint(spec, layer)).toEqual(found));
