import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packBinding } from '../../scripts/pack-binding.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { found } from '../../src/storage/native-binding.ts';

const platform = `${process.platform}-${process.arch}`;
const binding = readFileSync(join(import.meta.dirname, '..', '..', 'node_modules', 'better-sqlite3', 'prebuilds', `${platform}.node`));
const { name, bytes } = packBinding(platform, binding);

let root: string;
let folder: string;
let lib: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cs-'));
  folder = join(root, 'prebuilds');
  lib = join(root, 'home', 'lib');
  mkdirSync(folder);
  writeFileSync(join(folder, name), bytes);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('what is packed opens databases, from a folder of the person’s alone', () => {
  const { path = '' } = found(folder, lib);
  expect(path.startsWith(lib)).toBe(true);
  expect(statSync(lib).mode & 0o777).toBe(0o700);
  const database = openDatabase(':memory:', { nativeBinding: path });
  expect(database.prepare('SELECT 1 + 1').pluck().get()).toBe(2);
  database.close();
});

test('it is unpacked once, and again when it was changed; what earlier versions left goes', () => {
  const { path = '' } = found(folder, lib);
  const { ino } = statSync(path);
  expect(statSync(found(folder, lib).path ?? '').ino).toBe(ino);
  writeFileSync(join(lib, `sqlite-${'0'.repeat(64)}.node`), 'old');
  writeFileSync(path, 'something else');
  expect(found(folder, lib)).toEqual({ path });
  expect(readFileSync(path).equals(binding)).toBe(true);
  expect(readdirSync(lib)).toHaveLength(1);
});

test('a package that is not what it was is refused', () => {
  writeFileSync(join(folder, name), packBinding(platform, Buffer.from('another')).bytes);
  expect(() => found(folder, lib)).toThrow('Install Countersign again');
  expect(existsSync(lib)).toBe(false);
});

test('where the state folder cannot be written, it is unpacked for this process alone', () => {
  writeFileSync(join(root, 'home'), 'no folder');
  const { path = '' } = found(folder, lib);
  expect(path.startsWith(root)).toBe(false);
  expect(readFileSync(path).equals(binding)).toBe(true);
});

test('where it lies as it is, there is nothing to unpack', () => {
  rmSync(join(folder, name));
  expect(found(folder, lib)).toEqual({});
  expect(found(join(root, 'nowhere'), lib)).toEqual({});
});
