import * as z from 'zod/mini';
import type { JsonObject } from '../json.ts';
import { budgetPolicy } from '../budget/schema.ts';
import { toolPolicy } from './schema.ts';

const title = 'Countersign policy';
const json = z.record(z.string(), z.json());

/** The JSON Schema of a policy document, for editors. Made from the same definitions that read the files. */
export function policyJsonSchema(): JsonObject {
  const generated = z.toJSONSchema(z.union([toolPolicy, budgetPolicy]), {
    target: 'draft-7',
    io: 'input',
    reused: 'ref',
    unrepresentable: 'any',
  });
  return { ...json.parse(JSON.parse(JSON.stringify(generated))), title };
}
