import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stripElf } from '../../scripts/strip-elf.ts';
import { openDatabase } from '../../src/storage/database.ts';

const bindings = join(import.meta.dirname, '..', '..', 'node_modules', 'better-sqlite3', 'prebuilds');

test.each(readdirSync(bindings).filter((name) => name.startsWith('linux')))(
  '%s loses its symbols and how to unwind its stack, and no other byte that is loaded',
  (name) => {
    const before = readFileSync(join(bindings, name));
    const after = stripElf(before);
    expect(before.length - after.length).toBeGreaterThan(100_000);
    expect(sectionNames(after)).toEqual([...sectionNames(before).filter((section) => !isForDebuggers(section)), '.shstrtab']);
    // All that the loader reads: the segments and the header's own bytes, except where the table of sections stands.
    const end = loadedEnd(before);
    const expected = Buffer.from(before);
    for (const { name: section, start, end: sectionEnd } of sectionsOf(before)) {
      if (section.startsWith('.eh_frame')) expected.fill(0, start, sectionEnd);
    }
    expected.writeUInt32LE(
      0,
      segmentsOf(before).find((segment) => before.readUInt32LE(segment) === 0x6474e550),
    );
    expect(after.subarray(0x40, end).equals(expected.subarray(0x40, end))).toBe(true);
    expect(stripElf(after).equals(after)).toBe(true);
  },
);

test.each(readdirSync(bindings).filter((name) => name.startsWith('linux')))(
  'If something in %s caught exceptions, it would keep how to unwind',
  (name) => {
    const before = readFileSync(join(bindings, name));
    const renamed = Buffer.concat([before, Buffer.from('.gcc_except_table\0')]);
    const sections = Number(before.readBigUInt64LE(0x28));
    const names = Number(before.readBigUInt64LE(sections + before.readUInt16LE(0x3e) * 64 + 0x18));
    renamed.writeUInt32LE(before.length - names, sections + 64);
    expect(sectionNames(renamed)).toContain('.gcc_except_table');
    const end = loadedEnd(before);
    expect(stripElf(renamed).subarray(0x40, end).equals(before.subarray(0x40, end))).toBe(true);
  },
);

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
  return sectionsOf(file).map(({ name }) => name);
}

function sectionsOf(file: Buffer): readonly { readonly name: string; readonly start: number; readonly end: number }[] {
  const at = Number(file.readBigUInt64LE(0x28));
  const headers = Array.from({ length: file.readUInt16LE(0x3c) }, (_, index) => at + index * 64);
  const names = Number(file.readBigUInt64LE((headers[file.readUInt16LE(0x3e)] ?? 0) + 0x18));
  return headers.map((header) => {
    const nameAt = names + file.readUInt32LE(header);
    const start = Number(file.readBigUInt64LE(header + 0x18));
    return {
      name: file.toString('latin1', nameAt, file.indexOf(0, nameAt)),
      start,
      end: start + Number(file.readBigUInt64LE(header + 0x20)),
    };
  });
}

function segmentsOf(file: Buffer): readonly number[] {
  const at = Number(file.readBigUInt64LE(0x20));
  return Array.from({ length: file.readUInt16LE(0x38) }, (_, index) => at + index * 56);
}

function loadedEnd(file: Buffer): number {
  return Math.max(
    ...segmentsOf(file).map((segment) => Number(file.readBigUInt64LE(segment + 0x08) + file.readBigUInt64LE(segment + 0x20))),
  );
}
