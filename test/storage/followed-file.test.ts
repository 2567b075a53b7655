import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FollowedFile } from '../../src/storage/followed-file.ts';
import { temporaryFolder } from './folder.ts';

function followed(text: string, offset = 0) {
  const path = join(temporaryFolder(), 'a.jsonl');
  writeFileSync(path, text);
  const file = new FollowedFile(path, offset);
  const read = async () => {
    const told: string[] = [];
    await file.read(['x'], (line) => told.push(line));
    return told;
  };
  return { path, file, read };
}

test('tells whole lines with a mark, once, in order', async () => {
  const { path, read } = followed('x1\nno\nx2\n');
  expect(await read()).toEqual(['x1', 'x2']);
  expect(await read()).toEqual([]);
  appendFileSync(path, 'x3\n');
  expect(await read()).toEqual(['x3']);
});

test('a last line without its end waits for it', async () => {
  const { path, file, read } = followed('x1\nx2 é');
  expect(await read()).toEqual(['x1']);
  expect(file.offset).toBe(3);
  appendFileSync(path, 'é\n');
  expect(await read()).toEqual(['x2 éé']);
});

test('goes on where an earlier reader stopped', async () => {
  expect(await followed('x1\nx2\n', 3).read()).toEqual(['x2']);
});

test('lines that are longer than what is read at once come whole', async () => {
  const long = `x${'é'.repeat(700_000)}`;
  expect(await followed(`${long}\nx2\n${long}\n`).read()).toEqual([long, 'x2', long]);
});

test('a file that was written anew is read from its start', async () => {
  const { path, read } = followed('x1\nx2\n');
  await read();
  writeFileSync(path, 'x3\n');
  expect(await read()).toEqual(['x3']);
});

test('a file that is not there says nothing', async () => {
  const file = new FollowedFile('/nowhere/a.jsonl', 0);
  expect(await file.read(['x'], () => undefined)).toBe(false);
});
