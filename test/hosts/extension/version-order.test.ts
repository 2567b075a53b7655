import { expect, test } from 'vitest';
import { isOlder } from '../../../src/hosts/extension/version-order.ts';

test.each([
  ['0.1.0', '0.1.1', true],
  ['0.9.0', '0.10.0', true],
  ['1.0.0', '0.9.9', false],
  ['0.1.0', '0.1.0', false],
  ['unknown', '0.1.0', false],
  ['0.1.0', 'unknown', false],
])('%s is older than %s: %s', (a, b, older) => {
  expect(isOlder(a, b)).toBe(older);
});
