import { expect, test } from 'vitest';
import type { Mode } from '../../../src/engine/decision.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { setMode } from '../../../src/engine/policy/set-mode.ts';

const head = 'kind: ToolPolicy\nmetadata: {name: team}\n';
const other = 'kind: ToolPolicy\nmetadata: {name: other}\nspec: {}\n---\n';

test.each<[string, string, Mode, string]>([
  ['a block without one', `${head}spec:\n  # why\n  rules: []\n`, 'observe', `${head}spec:\n  # why\n  mode: observe\n  rules: []\n`],
  ['a block with one', `${head}spec:\n  mode: "observe" # for now\n`, 'enforce', `${head}spec:\n  mode: enforce # for now\n`],
  ['a flow', `${head}spec: {rules: []}`, 'observe', `${head}spec: {mode: observe, rules: []}`],
  ['an empty flow', `${head}spec: {}`, 'observe', `${head}spec: {mode: observe}`],
  ['the second document', `${other}${head}spec: {}`, 'observe', `${other}${head}spec: {mode: observe}`],
  ['lines that end as on Windows', `${head}spec:\r\n  rules: []\r\n`, 'observe', `${head}spec:\r\n  mode: observe\n  rules: []\r\n`],
])('%s', (_, source, mode, expected) => {
  expect(setMode(source, 'team', mode)?.source).toBe(expected);
  const { documents, problems } = parsePolicyFile({ path: 'p.yaml', layer: 'user', source: expected, trusted: true });
  expect([problems, documents.find(({ name }) => name === 'team')?.mode]).toEqual([[], mode]);
});

test.each<[string, string]>([
  ['another name', `${head.replace('team', 'squad')}spec: {}`],
  ['no spec', head],
  ['no YAML', 'kind: ['],
])('nothing is changed where there is %s', (_, source) => {
  expect(setMode(source, 'team', 'observe')).toBeUndefined();
});
