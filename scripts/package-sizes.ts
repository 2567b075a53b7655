import { packed } from './pack-binding.ts';

/** How large the package of each platform will be, told from the one that was made: they differ in their binding alone. */
export function packageSizes(made: string, size: number, bindings: Readonly<Record<string, Buffer>>): Readonly<Record<string, number>> {
  const own = bindings[made];
  if (own === undefined) throw new Error(`There is no binding for "${made}"; only for ${Object.keys(bindings).join(', ')}.`);
  const rest = size - packed(own).length;
  return Object.fromEntries(Object.entries(bindings).map(([target, binding]) => [target, rest + packed(binding).length]));
}
