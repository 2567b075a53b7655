/**
 * An ELF library of 64 bits without what only debuggers read: symbols of its own, debugging notes, comments, and how to unwind its
 * stack if nothing in it catches an exception. All else that is loaded stays byte for byte where it was. Anything else (other formats,
 * other layouts) comes back as it is. The format: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
 */
export function stripElf(library: Buffer): Buffer {
  const sections = isElf64(library) ? sectionsOf(library) : [];
  const kept = sections.findIndex((section, index) => index > 0 && !section.isLoaded);
  // Sections name each other by number, so only a tail of the table can go.
  if (kept < 1 || sections.slice(kept).some(({ isLoaded }) => isLoaded)) return library;
  const end = Math.max(loadedEnd(library), ...sections.slice(0, kept).map(({ end: at }) => at));
  return rebuilt(withoutUnwinding(library, sections), sections.slice(0, kept), end);
}

interface Section {
  readonly header: Buffer;
  readonly name: string;
  readonly isLoaded: boolean;
  readonly start: number;
  /** Where its bytes in the file end. */
  readonly end: number;
}

const headerSize = 64;
const sectionSize = 64;
const segmentSize = 56;
const noBits = 8;
const stringTable = 3;
const unwinding = ['.eh_frame', '.eh_frame_hdr'];
const unwindingSegment = 0x6474e550;

function isElf64(file: Buffer): boolean {
  return file.length > headerSize && file.readUInt32BE(0) === 0x7f454c46 && file[4] === 2 && file[5] === 1;
}

function sectionsOf(file: Buffer): readonly Section[] {
  const at = Number(file.readBigUInt64LE(0x28));
  const headers = Array.from({ length: file.readUInt16LE(0x3c) }, (_, index) =>
    file.subarray(at + index * sectionSize).subarray(0, sectionSize),
  );
  const names = headers[file.readUInt16LE(0x3e)];
  if (names === undefined) return [];
  const namesAt = Number(names.readBigUInt64LE(0x18));
  return headers.map((header) => ({
    header,
    name: textAt(file, namesAt + header.readUInt32LE(0)),
    isLoaded: (header.readBigUInt64LE(0x08) & 2n) !== 0n,
    start: Number(header.readBigUInt64LE(0x18)),
    end: header.readUInt32LE(0x04) === noBits ? 0 : Number(header.readBigUInt64LE(0x18) + header.readBigUInt64LE(0x20)),
  }));
}

function textAt(file: Buffer, at: number): string {
  return file.toString('latin1', at, file.indexOf(0, at));
}

/**
 * A library that was compiled without exceptions has no table of who catches them: one that is thrown below it ends the process, with
 * or without a way through. An empty table is a valid one; the segment that points to it becomes one that is ignored.
 */
function withoutUnwinding(library: Buffer, sections: readonly Section[]): Buffer {
  if (sections.some(({ name }) => name === '.gcc_except_table')) return library;
  const result = Buffer.from(library);
  for (const { name, start, end } of sections) if (unwinding.includes(name)) result.fill(0, start, end);
  for (const segment of segmentsOf(result)) if (result.readUInt32LE(segment) === unwindingSegment) result.writeUInt32LE(0, segment);
  return result;
}

/** Segments are what the loader reads; their bytes all lie before this. */
function loadedEnd(file: Buffer): number {
  return Math.max(
    ...segmentsOf(file).map((segment) => Number(file.readBigUInt64LE(segment + 0x08) + file.readBigUInt64LE(segment + 0x20))),
  );
}

function segmentsOf(file: Buffer): readonly number[] {
  const at = Number(file.readBigUInt64LE(0x20));
  return Array.from({ length: file.readUInt16LE(0x38) }, (_, index) => at + index * segmentSize);
}

/** The loaded bytes, then the sections' names, then the shorter table of sections, which ends with those names. */
function rebuilt(file: Buffer, sections: readonly Section[], end: number): Buffer {
  const names = [...sections.map(({ name }) => name), '.shstrtab'];
  const table = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
  const starts = names.map((_, index) => names.slice(0, index).reduce((sum, name) => sum + name.length + 1, 0));
  const headers = [...sections.map(({ header }) => Buffer.from(header)), namesHeader(end, table.length)];
  for (const [index, header] of headers.entries()) header.writeUInt32LE(starts[index] ?? 0, 0);
  const padding = Buffer.alloc((8 - ((end + table.length) % 8)) % 8);
  const result = Buffer.concat([file.subarray(0, end), table, padding, ...headers]);
  result.writeBigUInt64LE(BigInt(end + table.length + padding.length), 0x28);
  result.writeUInt16LE(headers.length, 0x3c);
  result.writeUInt16LE(headers.length - 1, 0x3e);
  return result;
}

function namesHeader(at: number, size: number): Buffer {
  const header = Buffer.alloc(sectionSize);
  header.writeUInt32LE(stringTable, 0x04);
  header.writeBigUInt64LE(BigInt(at), 0x18);
  header.writeBigUInt64LE(BigInt(size), 0x20);
  header.writeBigUInt64LE(1n, 0x30);
  return header;
}
