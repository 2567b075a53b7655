import { expect, test } from 'vitest';
import type { Layer } from '../../../src/engine/decision.ts';
import { onUngoverned } from '../../../src/engine/policy/outer-layers.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';

const file = (layer: Layer, spec: string) =>
  parsePolicyFile({ path: `${layer}.yaml`, layer, trusted: true, source: `kind: ToolPolicy\nmetadata: {name: p}\nspec: ${spec}\n` });

test.each<[string, readonly [Layer, string][], 'alert' | 'kill']>([
  ['nobody says anything', [['user', '{}']], 'alert'],
  ['the user says kill', [['user', '{onUngoverned: kill}']], 'kill'],
  [
    'the organisation says kill, the user alert',
    [
      ['organisation', '{onUngoverned: kill}'],
      ['user', '{onUngoverned: alert}'],
    ],
    'kill',
  ],
  [
    'the user says kill, the organisation alert',
    [
      ['organisation', '{onUngoverned: alert}'],
      ['user', '{onUngoverned: kill}'],
    ],
    'kill',
  ],
  ['a workspace says kill', [['workspace', '{onUngoverned: kill}']], 'alert'],
])('what becomes of an ungoverned session: %s', (_, files, expected) => {
  expect(onUngoverned({ files: files.map(([layer, spec]) => file(layer, spec)) })).toBe(expected);
});

test('in a workspace it is an error, at its place', () => {
  expect(file('workspace', '{onUngoverned: kill}').problems).toMatchObject([
    { message: '"onUngoverned" is allowed in the organisation and user layers only, this is the workspace layer', position: { line: 3 } },
  ]);
});
