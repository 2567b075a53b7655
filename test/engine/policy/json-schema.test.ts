import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { policyJsonSchema, policyTestJsonSchema } from '../../../src/engine/policy/json-schema.ts';

const schema = policyJsonSchema();

test.each([
  ['countersign.schema.json', schema],
  ['countersign-tests.schema.json', policyTestJsonSchema()],
])('the file that editors read is the one that the engine means: %s', (name, meant) => {
  const file: unknown = JSON.parse(readFileSync(new URL(`../../../policies/schema/${name}`, import.meta.url), 'utf8'));
  expect(file).toEqual(meant);
});

test('every field of a policy is described', () => {
  const found: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties')
        for (const [field, inner] of Object.entries(value as object))
          if (!('description' in (inner as object)) && !('$ref' in (inner as object))) found.push(`${path}/${field}`);
      walk(value, `${path}/${key}`);
    }
  };
  const kinds = schema['anyOf'] as readonly { properties: { spec: unknown } }[];
  expect(kinds).toHaveLength(4);
  for (const { properties } of kinds) walk(properties.spec, 'spec');
  walk(policyTestJsonSchema(), 'tests');
  walk(schema['definitions'], 'definitions');
  expect(found).toEqual([]);
});
