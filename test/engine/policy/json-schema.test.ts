import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { policyJsonSchema } from '../../../src/engine/policy/json-schema.ts';

const schema = policyJsonSchema();

test('the file that editors read is the one that the engine means', () => {
  const file: unknown = JSON.parse(readFileSync(new URL('../../../policies/schema/countersign.schema.json', import.meta.url), 'utf8'));
  expect(file).toEqual(schema);
});

test('every field of a policy is described', () => {
  const found: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties' && !path.includes('/tests'))
        for (const [field, inner] of Object.entries(value as object))
          if (!('description' in (inner as object)) && !('$ref' in (inner as object))) found.push(`${path}/${field}`);
      walk(value, `${path}/${key}`);
    }
  };
  const kinds = schema['anyOf'] as readonly { properties: { spec: unknown } }[];
  expect(kinds).toHaveLength(2);
  for (const { properties } of kinds) walk(properties.spec, 'spec');
  expect(found).toEqual([]);
});
