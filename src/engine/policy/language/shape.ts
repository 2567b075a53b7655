import * as z from 'zod/mini';
import { budgetPolicy } from '../../budget/schema.ts';
import { artifactPolicy } from '../../artifact/schema.ts';
import { guardrailPolicy } from '../../guardrail/policy/schema.ts';
import { policyTestCases } from '../policy-test-file.ts';
import { toolPolicy } from '../schema.ts';
import { fieldOf, textOf, type Part, type Path } from './part.ts';

type Schema = z.core.$ZodType;

/** What may stand at a place, with what the reference says about it. Of several, any will do. */
export interface Shape {
  readonly schema: Schema;
  readonly description: string | undefined;
}

export interface FieldShape {
  readonly name: string;
  readonly description: string | undefined;
  readonly isRequired: boolean;
  readonly shapes: readonly Shape[];
}

/** What a document may be: a policy of the kind that it names, or the cases of a test file. */
export function documentShapes(root: Part | undefined, isTestFile: boolean): readonly Shape[] {
  if (isTestFile) return unwrap(policyTestCases);
  const kind = textOf(fieldOf(root, 'kind'));
  if (kind === 'BudgetPolicy') return unwrap(budgetPolicy);
  if (kind === 'GuardrailPolicy') return unwrap(guardrailPolicy);
  if (kind === 'ArtifactPolicy') return unwrap(artifactPolicy);
  if (kind === 'ToolPolicy') return unwrap(toolPolicy);
  return [...unwrap(toolPolicy), ...unwrap(budgetPolicy), ...unwrap(guardrailPolicy), ...unwrap(artifactPolicy)];
}

export function shapesAt(shapes: readonly Shape[], path: Path): readonly Shape[] {
  let current = shapes;
  for (const step of path) current = current.flatMap((shape) => stepInto(shape, step));
  return current;
}

/** The fields of the maps among the shapes, each once, in the order of the reference. */
export function fieldsOf(shapes: readonly Shape[]): readonly FieldShape[] {
  const fields = new Map<string, FieldShape>();
  for (const { schema } of shapes) {
    if (!isObject(schema)) continue;
    for (const [name, inner] of Object.entries(schema._zod.def.shape)) {
      const known = fields.get(name)?.shapes ?? [];
      fields.set(name, { name, description: describe(inner), isRequired: !isOptional(inner), shapes: [...known, ...unwrap(inner)] });
    }
  }
  return [...fields.values()];
}

/** The values that are allowed where only some are. */
export function valuesOf(shapes: readonly Shape[]): readonly string[] {
  return [
    ...new Set(
      shapes.flatMap(({ schema }) => {
        if (isEnum(schema)) return Object.values(schema._zod.def.entries).map(String);
        if (isLiteral(schema)) return schema._zod.def.values.map(String);
        return schema._zod.def.type === 'boolean' ? ['true', 'false'] : [];
      }),
    ),
  ];
}

/** What the items of the lists among the shapes may be. */
export function itemShapes(shapes: readonly Shape[]): readonly Shape[] {
  return shapes.flatMap((shape) => stepInto(shape, 0));
}

export function takes(shapes: readonly Shape[], kind: 'map' | 'list' | 'text'): boolean {
  const types = { map: ['object', 'record'], list: ['array'], text: ['string'] }[kind];
  return shapes.some(({ schema }) => types.includes(schema._zod.def.type));
}

function stepInto({ schema }: Shape, step: string | number): readonly Shape[] {
  if (isArray(schema)) return typeof step === 'number' ? unwrap(schema._zod.def.element) : [];
  const field = isObject(schema) && typeof step === 'string' ? ownField(schema, step) : undefined;
  return field === undefined ? [] : unwrap(field);
}

function ownField(schema: z.core.$ZodObject, name: string): Schema | undefined {
  const { shape } = schema._zod.def;
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}

/** The alternatives of a shape. What is said of the whole is said of each. */
function unwrap(schema: Schema, outer?: string): readonly Shape[] {
  const description = outer ?? describe(schema);
  if (isOptional(schema)) return unwrap(schema._zod.def.innerType, description);
  if (isUnion(schema)) return schema._zod.def.options.flatMap((option) => unwrap(option, description));
  return [{ schema, description }];
}

function describe(schema: Schema): string | undefined {
  return z.globalRegistry.get(schema)?.description ?? (isOptional(schema) ? describe(schema._zod.def.innerType) : undefined);
}

function isObject(schema: Schema): schema is z.core.$ZodObject {
  return schema._zod.def.type === 'object';
}

function isArray(schema: Schema): schema is z.core.$ZodArray {
  return schema._zod.def.type === 'array';
}

function isOptional(schema: Schema): schema is z.core.$ZodOptional {
  return schema._zod.def.type === 'optional';
}

function isUnion(schema: Schema): schema is z.core.$ZodUnion {
  return schema._zod.def.type === 'union';
}

function isEnum(schema: Schema): schema is z.core.$ZodEnum {
  return schema._zod.def.type === 'enum';
}

function isLiteral(schema: Schema): schema is z.core.$ZodLiteral {
  return schema._zod.def.type === 'literal';
}
