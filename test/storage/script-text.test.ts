import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scriptText } from '../../src/storage/script-text.ts';
import { temporaryFolder } from './folder.ts';

test.each<[string, string | Buffer, string | undefined]>([
  ['a script', 'echo hällo\n', 'echo hällo\n'],
  ['an empty file', '', ''],
  ['a file of exactly 256 KiB', 'x'.repeat(262_144), 'x'.repeat(262_144)],
  ['a longer one', 'x'.repeat(262_145), undefined],
  ['a file with a NUL byte', 'echo\0hi', undefined],
  ['a file that is not UTF-8', Buffer.from([0x65, 0xff, 0xfe]), undefined],
])('%s', (_, content, expected) => {
  const path = join(temporaryFolder(), 'script');
  writeFileSync(path, content);
  expect(scriptText(path)).toBe(expected);
});

test('a link is followed to the script', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'script'), 'true');
  symlinkSync('script', join(folder, 'link'));
  expect(scriptText(join(folder, 'link'))).toBe('true');
});

test('what is no plain file has no text, and nobody waits for it', () => {
  const folder = temporaryFolder();
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync('loop', join(folder, 'loop'));
  for (const path of [folder, join(folder, 'pipe'), '/dev/zero', '/dev/tty', join(folder, 'missing'), join(folder, 'loop'), 'a\0b'])
    expect(scriptText(path)).toBeUndefined();
});

test.skipIf(process.getuid?.() === 0)('a script that may not be read has no text', () => {
  const path = join(temporaryFolder(), 'script');
  writeFileSync(path, 'true');
  chmodSync(path, 0);
  expect(scriptText(path)).toBeUndefined();
});
