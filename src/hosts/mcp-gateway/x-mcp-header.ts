/** An argument that is said again in `Mcp-Param-<header>`. */
export interface Mirrored {
  readonly path: readonly string[];
  readonly header: string;
}

/** Keywords whose value is a schema or a list of them, and those whose value has one under each name. Not `properties`: that is a way by names. */
const nested: readonly string[] = `
items prefixItems contains additionalProperties unevaluatedProperties unevaluatedItems propertyNames oneOf anyOf allOf not if then else
`
  .trim()
  .split(' ');
const nestedByName: readonly string[] = ['patternProperties', 'dependentSchemas', '$defs', 'definitions'];
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const deepest = 64;

class Unfit extends Error {}

/**
 * What a tool's schema asks to be said in headers (SEP-2243): arguments that are a text, a whole number or a truth value and can only be
 * reached by their names, each with a header of its own. `undefined`: it asks for something else, and the tool must not be used.
 */
export function mirroredBy(schema: unknown): readonly Mirrored[] | undefined {
  try {
    const found = [...asked(schema, [], 0)];
    return new Set(found.map(({ header }) => header.toLowerCase())).size === found.length ? found : undefined;
  } catch (error) {
    if (error instanceof Unfit) return undefined;
    throw error;
  }
}

/** `path` is `undefined` where more than names leads there. */
function* asked(schema: unknown, path: readonly string[] | undefined, depth: number): Generator<Mirrored> {
  if (depth > deepest) throw new Unfit();
  if (!isObject(schema)) return;
  if (Object.hasOwn(schema, 'x-mcp-header')) yield { path: pathOf(schema, path), header: headerOf(schema) };
  for (const [name, property] of entriesOf(schema['properties'])) yield* asked(property, path && [...path, name], depth + 1);
  const others = [...nested.flatMap((keyword) => schema[keyword]), ...nestedByName.flatMap((keyword) => valuesOf(schema[keyword]))];
  for (const other of others) yield* asked(other, undefined, depth + 1);
}

function pathOf({ type }: Readonly<Record<string, unknown>>, path: readonly string[] | undefined): readonly string[] {
  if (path === undefined || path.length === 0 || (type !== 'string' && type !== 'integer' && type !== 'boolean')) throw new Unfit();
  return path;
}

function headerOf({ 'x-mcp-header': header }: Readonly<Record<string, unknown>>): string {
  if (typeof header !== 'string' || !token.test(header)) throw new Unfit();
  return header;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

function valuesOf(value: unknown): readonly unknown[] {
  return entriesOf(value).map(([, one]) => one);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
