import { expect, test } from 'vitest';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { userPolicy, workspacePolicy } from '../../../src/hosts/extension/policy-templates.ts';

test.each([
  ['the example for a person', userPolicy, 'user', 2],
  ['the example for a folder', workspacePolicy, 'workspace', 2],
] as const)('%s is a policy without a fault', (_, source, layer, rules) => {
  const file = parsePolicyFile({ path: 'example.yaml', layer, source, trusted: true });
  expect(file.problems).toEqual([]);
  expect(file.documents.flatMap((document) => document.rules)).toHaveLength(rules);
});
