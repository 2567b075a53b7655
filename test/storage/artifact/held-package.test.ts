import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { binOf } from '../../../src/storage/artifact/bin.ts';
import { billName, isKept, keptSignatures } from '../../../src/storage/artifact/evidence.ts';
import { keptBill } from '../../../src/storage/artifact/kept-bill.ts';
import { holdPackage, type HeldPackage } from '../../../src/storage/artifact/held-package.ts';
import type { Npm } from '../../../src/storage/artifact/npm.ts';
import { differsFromLock, mcpLockPath, readMcpLock } from '../../../src/storage/artifact/mcp-lock.ts';
import { readPackageLock } from '../../../src/storage/artifact/package-lock.ts';
import { artifactPlaces, platformName } from '../../../src/storage/artifact/places.ts';
import { treeDigest } from '../../../src/storage/artifact/tree.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cs-held-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const integrity = 'sha512-abc';
const lockText = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } });
const lock = lockText({ 'node_modules/server': { version: '1.2.3', integrity }, 'node_modules/dep': { version: '1.0.0', integrity } });

/** An npm that "installs" what the lock says. */
const fakeNpm: Npm = async ([verb], folder) => {
  asked.push(verb ?? '');
  if (verb === 'install') writeFileSync(join(folder, 'package-lock.json'), lock);
  if (verb !== 'ci') return;
  mkdirSync(join(folder, 'node_modules/server'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/server/package.json'), '{"bin":"./s.js"}');
  writeFileSync(join(folder, 'node_modules/server/s.js'), 'run()');
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), `stamp ${asked.length}`);
};
let asked: string[] = [];
beforeEach(() => (asked = []));
const hold = (): Promise<HeldPackage> => holdPackage(root, { name: 'server', spec: 'latest' }, {}, fakeNpm);

const changes: readonly [string, (folder: string) => void][] = [
  ['a file', (folder) => overwrite(join(folder, 'node_modules/server/s.js'))],
  ['its lock', (folder) => overwrite(join(folder, 'package-lock.json'))],
  ['a file more', (folder) => writeFileSync(join(folder, 'node_modules/extra.js'), '')],
  ['a file less', (folder) => rmSync(join(folder, 'node_modules/server/s.js'))],
  ['a file that can be run', (folder) => chmodSync(join(folder, 'node_modules/server/s.js'), 0o555)],
  ['a link in its place', (folder) => linked(join(folder, 'node_modules/server/s.js'))],
  ['another name', (folder) => renameSync(join(folder, 'node_modules/server/s.js'), join(folder, 'node_modules/server/t.js'))],
];

test('what was installed once is not asked for again, and is what it was', async () => {
  const first = await hold();
  expect(first).toMatchObject({ name: 'server', version: '1.2.3', integrity, packages: 2, tree: treeDigest(first.folder) });
  expect(existsSync(join(first.folder, 'node_modules/.package-lock.json'))).toBe(false);
  expect(binOf(first)).toBe(join(first.folder, 'node_modules/server/s.js'));
  expect(await hold()).toEqual(first);
  expect(asked).toEqual(['install', 'ci']);
});

test('what it consists of is kept with its evidence, is no signature, and is the same each time', async () => {
  const { name, version, integrity: sum, tree, packages } = await hold();
  const source = { kind: 'npm', name, version, integrity: sum, tree, packages } as const;
  const bill = keptBill(root, source);
  expect(bill).toEqual({ components: 2, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(keptBill(root, source)).toEqual(bill);
  expect(isKept(root, source, billName)).toBe(true);
  expect(keptSignatures(root, source)).toEqual([]);
  expect(keptBill(root, { ...source, tree: `sha256:${'0'.repeat(64)}` })).toBeUndefined();
});

test.skipIf(process.platform === 'win32').each(changes)('nothing is held whose files were changed: %s', async (_, change) => {
  const { folder } = await hold();
  change(folder);
  await expect(hold()).rejects.toThrow('were changed after they were installed');
  rmSync(folder, { recursive: true });
  expect((await hold()).folder).toBe(folder);
  expect(asked).toEqual(['install', 'ci', 'ci']);
});

test('what npm could not check is not installed', () => {
  const loose = lockText({
    'node_modules/server': { version: '1.0.0', integrity },
    'node_modules/a': { version: '1.0.0', resolved: 'git+ssh://x' },
  });
  expect(() => readPackageLock(loose, 'server')).toThrow('a has no hash that npm could check (git+ssh://x)');
  expect(() => readPackageLock(lock, 'other')).toThrow('other is not in its own package-lock.json');
});

test('a repository’s lock says what a server is, on each platform; one that cannot be read locks everything out', () => {
  const tree = `sha256:${'1'.repeat(64)}`;
  const source = { kind: 'npm', name: 'server', version: '1.2.3', integrity, tree, packages: 2 } as const;
  const locked = { npm: 'server', spec: 'latest', version: '1.2.3', integrity, trees: { [platformName()]: tree }, packageLock: {} };
  expect(differsFromLock(locked, source)).toBe(undefined);
  expect(differsFromLock({ ...locked, trees: {} }, source)).toBe(undefined);
  expect(differsFromLock(locked, { ...source, tree: `sha256:${'2'.repeat(64)}` })).toBe('its files have another hash');
  expect(differsFromLock(locked, { ...source, version: '2.0.0' })).toBe('it should be version 1.2.3');
  expect(differsFromLock(locked, { kind: 'program', path: '/x', fetches: false })).toBe('it should be server 1.2.3 from npm');
  mkdirSync(join(root, '.countersign'));
  expect(readMcpLock(root)).toBe(undefined);
  writeFileSync(mcpLockPath(root), '{}');
  expect(() => readMcpLock(root)).toThrow('so no MCP server starts here');
});

test('approved starts and packages lie where self-protection reaches', () => {
  expect(Object.values(artifactPlaces('/home/a/.countersign')).every((path) => path.startsWith('/home/a/.countersign/'))).toBe(true);
});

function overwrite(path: string): void {
  chmodSync(path, 0o644);
  writeFileSync(path, lockText({}));
  chmodSync(path, 0o444);
}

function linked(path: string): void {
  rmSync(path);
  symlinkSync('/dev/null', path);
}
