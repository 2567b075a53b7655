import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { SecretStore } from '../../../src/storage/secrets/secret-store.ts';

let root: string;
let home: Home;
let environment: Readonly<Record<string, string>>;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'secrets-')));
  environment = { HOME: root, COUNTERSIGN_HOME: join(root, 'state'), LOCALAPPDATA: root, PATH: process.env['PATH'] ?? '' };
  home = openHome(environment);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const inFile = { only: 'file' } as const;

test.each([['plain'], ['two\nlines\n'], ['"quotes" \\ $& ${secret:B}'], ['ключ 🔑'], [' spaces '], ['x'.repeat(32_768)]])(
  'what is kept comes back as it was: %j',
  async (value) => {
    await new SecretStore(home, environment).set('A', value, inFile);
    const store = new SecretStore(home, environment);
    expect(await store.get('A')).toBe(value);
    expect(await store.fillSecrets('Bearer ${secret:A}!')).toBe(`Bearer ${value}!`);
  },
);

test('nothing in the state folder tells a value, and the key lies elsewhere, for its owner alone', async () => {
  await new SecretStore(home, environment).set('A', 'nobody-knows-this', inFile);
  const folder = join(home.root, 'secrets');
  const all = readdirSync(home.root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = all.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join('\n');
  expect(texts).not.toContain('nobody-knows-this');
  expect(texts).not.toContain(Buffer.from('nobody-knows-this').toString('base64'));
  const keys = join(root, ...(process.platform === 'win32' ? [] : ['.local', 'share']), 'countersign-keys');
  const [key = ''] = readdirSync(keys);
  const modes = [folder, join(folder, 'A.json'), keys, join(keys, key)].map((path) => statSync(path).mode & 0o077);
  expect(process.platform === 'win32' ? [] : modes.filter((mode) => mode !== 0)).toEqual([]);
  rmSync(join(keys, key));
  await expect(new SecretStore(home, environment).get('A')).rejects.toThrow('does not open');
});

test('a value does not open under another name, nor changed', async () => {
  const store = new SecretStore(home, environment);
  await store.set('A', 'value of A', inFile);
  await store.set('B', 'value of B', inFile);
  const file = (name: string): string => join(home.root, 'secrets', `${name}.json`);
  writeFileSync(file('B'), readFileSync(file('A')));
  await expect(store.get('B')).rejects.toThrow('does not open');
  const note = JSON.parse(readFileSync(file('A'), 'utf8'));
  writeFileSync(file('A'), JSON.stringify({ ...note, remembered: `${String(note.remembered).slice(0, -4)}AAAA` }));
  await expect(store.get('A')).rejects.toThrow('does not open');
});

test('a missing secret says what to do; what is removed is gone; use is noted', async () => {
  const store = new SecretStore(home, environment);
  await expect(store.fillSecrets('${secret:NO}')).rejects.toThrow('Type "countersign secret set NO" in a terminal');
  await expect(store.fillSecrets('${secret:no such}')).rejects.toThrow('names no secret');
  await store.set('A', 'value', inFile);
  expect(store.list()).toEqual([{ name: 'A', kept: 'file', setAt: expect.any(Number) }]);
  await store.fillSecrets('${secret:A}');
  expect(store.list()[0]?.usedAt).toEqual(expect.any(Number));
  expect([await store.remove('A'), await store.remove('A')]).toEqual([true, false]);
  expect(store.list()).toEqual([]);
  expect(readdirSync(join(home.root, 'secrets'))).toEqual([]);
});

test.skipIf(process.platform !== 'linux')('a keyring that cannot be reached is not reported as having kept anything', async () => {
  const unreachable = { ...environment, DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(root, 'no-bus')}` };
  const store = new SecretStore(home, unreachable);
  expect(await store.set('A', 'value')).toBe('an encrypted file');
  expect(store.list()[0]?.kept).toBe('file');
  expect(existsSync(join(root, 'no-bus'))).toBe(false);
});
