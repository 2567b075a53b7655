import type * as z from 'zod/mini';
import { didYouMean, nearest } from './nearest.ts';

export interface ShapeProblem {
  readonly path: readonly PropertyKey[];
  /** Whether the problem is about the field's name rather than its value. */
  readonly atKey: boolean;
  readonly message: string;
  /** Whether the JSON Schema that is made of the same shape finds it, too. */
  readonly inSchema: boolean;
  /** The field that is missing, and the one that another's name probably means: one mistake, not two. */
  readonly missing?: string;
  readonly meant?: string;
}

/** What is wrong with a value, in sentences. `fields` lists the field names that exist at a path, for suggestions. */
export function shapeProblems(schema: z.core.$ZodType, value: unknown, issues: readonly z.core.$ZodIssue[]): readonly ShapeProblem[] {
  const problems = issues.flatMap((issue) => problemsOf(schema, value, issue, []));
  const misspelt = new Set(problems.flatMap(({ meant }) => meant ?? []));
  return problems.filter(({ missing }) => missing === undefined || !misspelt.has(missing));
}

function problemsOf(
  schema: z.core.$ZodType,
  value: unknown,
  issue: z.core.$ZodIssue,
  base: readonly PropertyKey[],
): readonly ShapeProblem[] {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownField(key, path, fieldsAt(schema, path)));
    case 'invalid_value':
      return [{ path, atKey: false, inSchema: true, message: invalidValue(issue.values, at(value, path)), ...missingAt(path, value) }];
    case 'too_small':
    case 'too_big':
      return [{ path, atKey: false, inSchema: true, message: sentence(boundOf(issue)) }];
    case 'invalid_union':
      return unionProblems(schema, value, issue, path);
    case 'invalid_type':
      return [typeProblem(path, issue.expected, at(value, path))];
    default:
      // A check of our own is code, which no schema can hold.
      return [{ path, atKey: false, inSchema: issue.code !== 'custom', message: sentence(issue.message) }];
  }
}

function unknownField(key: string, path: readonly PropertyKey[], fields: readonly string[]): ShapeProblem {
  const guess = nearest(key, fields);
  return {
    path: [...path, key],
    atKey: true,
    inSchema: true,
    message: `Unknown field "${key}"${didYouMean(key, fields)}`,
    ...(guess === undefined ? {} : { meant: [...path, guess].join('/') }),
  };
}

function missingAt(path: readonly PropertyKey[], value: unknown): { readonly missing?: string } {
  return at(value, path) === undefined ? { missing: path.join('/') } : {};
}

/** Without a language, which would be large, the library's own words are always the same two. */
function boundOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (issue.message !== 'Invalid input') return issue.message;
  if (issue.origin !== 'string')
    return issue.code === 'too_small' ? `it must be at least ${issue.minimum}` : `it must be at most ${issue.maximum}`;
  return issue.code === 'too_big' ? `it has at most ${issue.maximum} characters` : 'it cannot be empty';
}

function typeProblem(path: readonly PropertyKey[], expected: string, found: unknown): ShapeProblem {
  const wanted = typeNames[expected] ?? expected;
  if (found === undefined)
    return {
      path: path.slice(0, -1),
      atKey: true,
      inSchema: true,
      message: `The field "${String(path.at(-1))}" is missing; it is ${wanted}`,
      missing: path.join('/'),
    };
  const quotes = expected === 'string' && (typeof found === 'number' || typeof found === 'boolean') ? '; put it in quotes' : '';
  return { path, atKey: false, inSchema: true, message: `Expected ${wanted}, found ${describe(found)}${quotes}` };
}

/** Of the alternatives of a union, the one that fits the value's kind says what is wrong; with none, all are named. */
function unionProblems(
  schema: z.core.$ZodType,
  value: unknown,
  issue: z.core.$ZodIssueInvalidUnion,
  path: readonly PropertyKey[],
): readonly ShapeProblem[] {
  const found = at(value, path);
  const fitting = issue.errors.filter((issues) => !issues.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'));
  const best = fitting.length > 0 ? fitting.toSorted((a, b) => a.length - b.length)[0] : undefined;
  if (best !== undefined) return best.flatMap((inner) => problemsOf(schema, value, inner, path));
  const expected = [
    ...new Set(issue.errors.flat().map((inner) => (inner.code === 'invalid_type' ? (typeNames[inner.expected] ?? inner.expected) : ''))),
  ].filter(Boolean);
  if (found === undefined) return [typeProblem(path, expected.join(' or '), found)];
  return [{ path, atKey: false, inSchema: true, message: `Expected ${expected.join(' or ')}, found ${describe(found)}` }];
}

function invalidValue(values: readonly unknown[], found: unknown): string {
  const names = values.map(String);
  if (found === undefined) return `Missing; it must be ${oneOf(names)}`;
  const guess = typeof found === 'string' ? didYouMean(found, names) : '';
  return `${describe(found)} is not valid here; it must be ${oneOf(names)}${guess}`;
}

function oneOf(names: readonly string[]): string {
  return names.length === 1 ? `"${names[0]}"` : `one of ${names.join(', ')}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

function describe(found: unknown): string {
  if (typeof found === 'string') return `"${found.slice(0, 60)}"`;
  if (found === null) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object') return 'a map';
  return typeof found === 'number' ? String(found) : JSON.stringify(found);
}

function sentence(message: string): string {
  return message.slice(0, 1).toUpperCase() + message.slice(1);
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Object.getOwnPropertyDescriptor(current, step)?.value;
  }
  return current;
}

/** The names of the fields at a path of the schema: through optionals, lists and the alternatives of unions. */
function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current: readonly z.core.$ZodType[] = [schema];
  for (const step of path) current = current.flatMap((inner) => stepInto(inner, step));
  return current.flatMap(unwrap).flatMap((inner) => (isObject(inner) ? Object.keys(inner._zod.def.shape) : []));
}

function stepInto(schema: z.core.$ZodType, step: PropertyKey): readonly z.core.$ZodType[] {
  return unwrap(schema).flatMap((inner) => {
    if (isArray(inner)) return [inner._zod.def.element];
    const field = isObject(inner) ? inner._zod.def.shape[String(step)] : undefined;
    return field === undefined ? [] : [field];
  });
}

function unwrap(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (isOptional(schema)) return unwrap(schema._zod.def.innerType);
  if (isUnion(schema)) return schema._zod.def.options.flatMap(unwrap);
  return [schema];
}

function isObject(schema: z.core.$ZodType): schema is z.core.$ZodObject {
  return schema._zod.def.type === 'object';
}

function isArray(schema: z.core.$ZodType): schema is z.core.$ZodArray {
  return schema._zod.def.type === 'array';
}

function isOptional(schema: z.core.$ZodType): schema is z.core.$ZodOptional {
  return schema._zod.def.type === 'optional';
}

function isUnion(schema: z.core.$ZodType): schema is z.core.$ZodUnion {
  return schema._zod.def.type === 'union';
}
