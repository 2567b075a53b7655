import { expect, test } from 'vitest';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { runPolicyTests } from '../../../src/engine/policy/policy-tests.ts';
import { policySnippets, snippetText } from '../../../src/hosts/extension/policy-snippets.ts';

/** As the editor does it when a person takes every example as it is. */
const filled = (text: string): string => text.replaceAll(/\$\{\d+:([^}]*)\}/g, '$1');
const parsed = (source: string) => parsePolicyFile({ path: 'p.yaml', layer: 'workspace', source, trusted: true });

test.each(policySnippets.map((snippet) => [snippet.label, snippet] as const))(
  '%s: is a policy without a fault, and its tests pass',
  (_, snippet) => {
    const file = parsed(filled(snippetText(snippet, undefined)));
    expect(file.problems).toEqual([]);
    expect([...file.documents, ...file.budgets, ...file.guardrails]).toHaveLength(1);
    expect(runPolicyTests(file).filter(({ passed }) => !passed)).toEqual([]);
  },
);

test.each(policySnippets.filter(({ kind }) => kind === 'rule').map((snippet) => [snippet.label, snippet] as const))(
  '%s: fits below other rules',
  (_, snippet) => {
    const before = 'kind: ToolPolicy\nmetadata: {name: p}\nspec:\n  rules:\n      - {name: first, action: deny, commands: ls}\n';
    const file = parsed(before + filled(snippetText(snippet, '      ')));
    expect(file.problems).toEqual([]);
    expect(file.documents[0]?.rules).toHaveLength(2);
  },
);
