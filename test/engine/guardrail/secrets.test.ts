import { expect, test } from 'vitest';
import { hasSecret, maskSecrets } from '../../../src/engine/guardrail/secrets.ts';

test.each<[string, string, boolean]>([
  ['nothing', '', false],
  ['an AWS key', 'id = AKIAQWERTYUIOPASDFGH', true],
  ['the key of AWS’s manual', 'id = AKIAIOSFODNN7EXAMPLE', false],
  ['both', 'AKIAIOSFODNN7EXAMPLE AKIAQWERTYUIOPASDFGH', true],
  ['a name of one', 'AWS_ACCESS_KEY_ID', false],
  ['a GitHub token', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789', true],
  ['its beginning', 'a token begins with ghp_', false],
  ['a Stripe key in use', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', true],
  ['a Stripe key for tests', 'sk_test_4eC39HqLyjWDarjtT1zdp7dc', false],
  ['a GitLab token', 'glpat-abcdefghijklmnopqrst', true],
  ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----', true],
  ['a public key', '-----BEGIN PUBLIC KEY-----', false],
])('%s', (_, text, found) => {
  expect(hasSecret(text)).toBe(found);
});

test('what counts as a secret is masked, too', () => {
  expect(maskSecrets('AKIAQWERTYUIOPASDFGH glpat-abcdefghijklmnopqrst')).toBe('[redacted: AWS key id] [redacted: GitLab token]');
});
