import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whyNotThere, writeTexts } from '../../src/storage/audit-search-export.ts';
import { temporaryFolder } from './folder.ts';

test.each<[string, string, RegExp]>([
  ['beside our folder', 'home.csv', /nothing against it/],
  ['in a folder whose name begins like ours', 'home-of-ada/log.csv', /nothing against it/],
  ['a file of ours', 'home/audit.db', /own folder/],
  ['a new file below it', 'home/policies/x.yaml', /own folder/],
  ['our folder through a link', 'link/audit-key', /own folder/],
  ['our folder by a detour', 'home-of-ada/../home/x', /own folder/],
  ['a folder', 'home-of-ada', /is a folder/],
  ['a folder that does not exist', 'nowhere/log.csv', /does not exist/],
])('where an export may go: %s', (_, file, why) => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  mkdirSync(join(home, 'policies'), { recursive: true });
  mkdirSync(join(folder, 'home-of-ada'));
  symlinkSync(home, join(folder, 'link'));
  expect(whyNotThere(`${folder}/${file}`, home) ?? 'nothing against it').toMatch(why);
});

test('a relative path leads nowhere', () => {
  expect(whyNotThere('log.csv', temporaryFolder())).toMatch(/absolute/);
});

test('an export that is broken off leaves nothing, and what was there stays', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'log.csv');
  await writeTexts(file, ['whole'], async () => undefined);
  const broken = writeTexts(file, ['half', 'never'], async () => Promise.reject(new Error('closed')));
  await expect(broken).rejects.toThrow('closed');
  expect(readFileSync(file, 'utf8')).toBe('whole');
  expect(readdirSync(folder)).toEqual(['log.csv']);
  expect(existsSync(`${file}.part`)).toBe(false);
});
