import { deflateRawSync } from 'node:zlib';

/**
 * How large the package of each platform will be, told from the one that was made: they differ in their binding alone. A few KB too
 * large where another platform's binding is larger, because zlib compresses a little less than what the package is squeezed with.
 */
export function packageSizes(made: string, size: number, bindings: Readonly<Record<string, Buffer>>): Readonly<Record<string, number>> {
  const own = bindings[made];
  if (own === undefined) throw new Error(`There is no binding for "${made}"; only for ${Object.keys(bindings).join(', ')}.`);
  const rest = size - packed(own);
  return Object.fromEntries(Object.entries(bindings).map(([target, binding]) => [target, rest + packed(binding)]));
}

function packed(binding: Buffer): number {
  return deflateRawSync(binding, { level: 9 }).length;
}
