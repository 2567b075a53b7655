import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { packageSizes } from '../../scripts/package-sizes.ts';

// Random bytes do not compress, zeros vanish: so the sizes are known.
const bindings = { small: randomBytes(10_000), large: randomBytes(30_000), empty: Buffer.alloc(30_000) };

test.each([
  { made: 'small', size: 50_000, small: 50_000, large: 70_000, empty: 40_000 },
  { made: 'large', size: 70_000, small: 50_000, large: 70_000, empty: 40_000 },
])('From the package for $made follow the sizes of the others', ({ made, size, ...expected }) => {
  const sizes = packageSizes(made, size, bindings);
  for (const [target, bytes] of Object.entries(expected)) expect(Math.abs((sizes[target] ?? 0) - bytes)).toBeLessThan(200);
  expect(sizes[made]).toBe(size);
});

test('A platform without a binding has no size', () => {
  expect(() => packageSizes('plan9', 1, bindings)).toThrow('There is no binding for "plan9"; only for small, large, empty.');
});
