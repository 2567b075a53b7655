import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sbomOf } from '../../../src/engine/artifact/sbom.ts';
import { faultsOfBom } from './cyclonedx.ts';

const own = readFileSync(join(import.meta.dirname, '../../../package-lock.json'), 'utf8');

test('of our own lock file, the bill of materials is what CycloneDX 1.6 asks for, and is complete', () => {
  const bom = sbomOf(own);
  expect(faultsOfBom(bom)).toEqual([]);
  const paths = Object.keys(JSON.parse(own).packages).filter((path) => path !== '');
  expect(bom.components.map((one) => one['bom-ref'])).toEqual(paths);
  const refs = new Set(['root', ...paths]);
  expect(bom.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
});

const hash = Buffer.alloc(64, 7);
const lock = {
  lockfileVersion: 3,
  packages: {
    '': { name: 'held', dependencies: { '@a/server': '1.0.0' } },
    'node_modules/@a/server': {
      version: '1.0.0+1',
      integrity: `sha512-${hash.toString('base64')}`,
      license: '(MIT OR Apache-2.0)',
      dependencies: { b: '^2.0.0', c: '1' },
      optionalDependencies: { missing: '1' },
    },
    'node_modules/@a/server/node_modules/b': { version: '2.0.0', license: 'SEE LICENSE IN file', dependencies: { c: '1' } },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/c': { version: '1.0.0', dependencies: { b: '1' } },
    'packages/local': { version: '1.0.0' },
    'node_modules/local': { resolved: 'packages/local', link: true },
  },
};

test('packages have their address, hash and licence, and depend on the copies that Node would load', () => {
  const bom = sbomOf(JSON.stringify(lock));
  expect(faultsOfBom(bom)).toEqual([]);
  expect(bom.components.slice(0, 2)).toEqual([
    {
      type: 'library',
      'bom-ref': 'node_modules/@a/server',
      group: '@a',
      name: 'server',
      version: '1.0.0+1',
      purl: 'pkg:npm/%40a/server@1.0.0%2B1',
      hashes: [{ alg: 'SHA-512', content: hash.toString('hex') }],
      licenses: [{ expression: '(MIT OR Apache-2.0)' }],
    },
    expect.objectContaining({ name: 'b', version: '2.0.0', licenses: [{ license: { name: 'SEE LICENSE IN file' } }] }),
  ]);
  expect(bom.dependencies).toEqual([
    { ref: 'root', dependsOn: ['node_modules/@a/server'] },
    { ref: 'node_modules/@a/server', dependsOn: ['node_modules/@a/server/node_modules/b', 'node_modules/c'] },
    { ref: 'node_modules/@a/server/node_modules/b', dependsOn: ['node_modules/c'] },
    { ref: 'node_modules/b', dependsOn: [] },
    { ref: 'node_modules/c', dependsOn: ['node_modules/b'] },
  ]);
});

test.each([
  ['no JSON', '{', 'JSON'],
  ['an old lock', '{"lockfileVersion":1,"packages":{}}', 'lockfileVersion'],
  ['another value', 'null', 'invalid_type'],
])('%s is refused', (_, text, why) => {
  expect(() => sbomOf(text)).toThrow(why);
});
