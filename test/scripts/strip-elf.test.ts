import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stripElf } from '../../scripts/strip-elf.ts';
import { openDatabase } from '../../src/storage/database.ts';

const bindings = join(import.meta.dirname, '..', '..', 'node_modules', 'better-sqlite3', 'prebuilds');

test.each(readdirSync(bindings).filter((name) => name.startsWith('linux')))('%s loses its symbols and no byte that is loaded', (name) => {
  const before = readFileSync(join(bindings, name));
  const after = stripElf(before);
  expect(before.length - after.length).toBeGreaterThan(100_000);
  expect(sectionNames(after)).toEqual([...sectionNames(before).filter((section) => !isForDebuggers(section)), '.shstrtab']);
  // All that the loader reads: the segments and the header's own bytes, except where the table of sections stands.
  const end = loadedEnd(before);
  expect(after.subarray(0x40, end).equals(before.subarray(0x40, end))).toBe(true);
  expect(stripElf(after).equals(after)).toBe(true);
});

test.each(readdirSync(bindings).filter((name) => !name.startsWith('linux')))('%s is of another format and stays as it is', (name) => {
  const library = readFileSync(join(bindings, name));
  expect(stripElf(library)).toBe(library);
});

test.runIf(process.platform === 'linux')('what is left of this machine’s binding is a whole SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-strip-'));
  try {
    const nativeBinding = join(folder, 'sqlite.node');
    writeFileSync(nativeBinding, stripElf(readFileSync(join(bindings, `${process.platform}-${process.arch}.node`))));
    const database = openDatabase(':memory:', { nativeBinding });
    database.exec(`CREATE TABLE entry (text); INSERT INTO entry VALUES ('kept')`);
    expect(database.prepare('SELECT text FROM entry').all()).toEqual([{ text: 'kept' }]);
    // An error crosses the library as a C++ exception, whose tables must still be there.
    expect(() => database.prepare('SELECT text FROM nowhere')).toThrow('no such table: nowhere');
    database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function isForDebuggers(section: string): boolean {
  return ['.comment', '.symtab', '.strtab', '.shstrtab'].includes(section) || section.startsWith('.debug_');
}

function sectionNames(file: Buffer): readonly string[] {
  const at = Number(file.readBigUInt64LE(0x28));
  const headers = Array.from({ length: file.readUInt16LE(0x3c) }, (_, index) => at + index * 64);
  const names = Number(file.readBigUInt64LE((headers[file.readUInt16LE(0x3e)] ?? 0) + 0x18));
  return headers.map((header) => {
    const start = names + file.readUInt32LE(header);
    return file.toString('latin1', start, file.indexOf(0, start));
  });
}

function loadedEnd(file: Buffer): number {
  const at = Number(file.readBigUInt64LE(0x20));
  const ends = Array.from({ length: file.readUInt16LE(0x38) }, (_, index) => {
    const segment = at + index * 56;
    return Number(file.readBigUInt64LE(segment + 0x08) + file.readBigUInt64LE(segment + 0x20));
  });
  return Math.max(...ends);
}
