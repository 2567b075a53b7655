import { deflateRawSync } from 'node:zlib';

/**
 * How large the package of each platform will be at most, told from the smaller one that was made: they differ in their binding alone.
 * It may be some 20 KB less, because zlib compresses less tightly than what a package is squeezed with.
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
