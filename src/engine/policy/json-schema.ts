import * as z from 'zod/mini';
import type { JsonObject } from '../json.ts';
import { artifactPolicy } from '../artifact/schema.ts';
import { budgetPolicy } from '../budget/schema.ts';
import { guardrailPolicy } from '../guardrail/policy/schema.ts';
import { policyTestCases } from './policy-test-file.ts';
import { toolPolicy } from './schema.ts';

const json = z.record(z.string(), z.json());

/** The JSON Schema of a policy document, for editors. Made from the same definitions that read the files. */
export function policyJsonSchema(): JsonObject {
  return schemaOf(z.union([toolPolicy, budgetPolicy, guardrailPolicy, artifactPolicy]), 'Countersign policy');
}

/** The JSON Schema of a test file (`*.test.yaml`). */
export function policyTestJsonSchema(): JsonObject {
  return schemaOf(policyTestCases, 'Countersign policy tests');
}

function schemaOf(schema: z.ZodMiniType, title: string): JsonObject {
  const generated = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', reused: 'ref', unrepresentable: 'any' });
  return { ...json.parse(JSON.parse(JSON.stringify(generated))), title };
}
