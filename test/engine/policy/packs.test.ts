import { expect, test } from 'vitest';
import type { Layer } from '../../../src/engine/decision.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';

function read(spec: string, layer: Layer = 'user') {
  const source = `kind: ToolPolicy\nmetadata: {name: p}\nspec: ${spec}\n`;
  const { documents, problems } = parsePolicyFile({ path: 'p.yaml', layer, source, trusted: true, packs: ['strict', 'kubernetes'] });
  return { packs: documents.flatMap((document) => document.packs), problems: problems.map(({ message }) => message) };
}

test('a policy says which packs are in force', () => {
  expect(read('{packs: [strict, kubernetes]}')).toEqual({ packs: ['strict', 'kubernetes'], problems: [] });
});

test.each<[string, string, Layer, string]>([
  ['a name that is nearly one', '{packs: [kubernets]}', 'user', 'There is no pack "kubernets", did you mean "kubernetes"?'],
  ['a name that is like none', '{packs: [nonsense]}', 'workspace', 'There is no pack "nonsense"; there are strict, kubernetes'],
  [
    'for one agent only',
    '{packs: [strict], agent: x}',
    'user',
    'Packs are in force for every call; name them in a document without "agent"',
  ],
  [
    'only watching',
    '{packs: [strict], mode: observe}',
    'user',
    'Packs are enforced; name them in a document that does not say "mode: observe"',
  ],
  ['in what we ship', '{packs: [strict]}', 'built-in', 'Packs are named by the organisation, the user or a workspace'],
])('what would protect nobody is an error: %s', (_, spec, layer, message) => {
  expect(read(spec, layer)).toEqual({ packs: [], problems: [message] });
});
