import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { deflateAsync } from '@gfx/zopfli';

/**
 * The same archive with its files deflated as tightly as the format allows, about 5 % below zlib's best. Any unzip reads it.
 * The format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT. No Zip64: an extension is far below 4 GB.
 */
export async function squeezeZip(archive: Buffer): Promise<Buffer> {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { header, name, tail, data } of entriesOf(archive)) {
    const tight = header.readUInt16LE(10) === deflated ? await tightest(data) : data;
    const local = localHeader(header, name, tight.length);
    parts.push(local, name, tight);
    directory.push(directoryHeader(header, tight.length, offset), name, tail);
    offset += local.length + name.length + tight.length;
  }
  return Buffer.concat([...parts, ...directory, directoryEnd(archive, Buffer.concat(directory).length, offset)]);
}

const deflated = 8;
const endSize = 22;
const directorySize = 46;
const localSize = 30;
/** The flag of sizes that follow the data: ours stand before it. */
const sizesFollow = 0x0008;

interface Entry {
  readonly header: Buffer;
  readonly name: Buffer;
  /** Extra fields and the comment. */
  readonly tail: Buffer;
  readonly data: Buffer;
}

function entriesOf(archive: Buffer): readonly Entry[] {
  const end = endOf(archive);
  const entries: Entry[] = [];
  let at = end.readUInt32LE(16);
  for (let left = end.readUInt16LE(10); left > 0; left--) {
    const header = archive.subarray(at, at + directorySize);
    const nameEnd = at + directorySize + header.readUInt16LE(28);
    const next = nameEnd + header.readUInt16LE(30) + header.readUInt16LE(32);
    const name = archive.subarray(at + directorySize, nameEnd);
    entries.push({ header, name, tail: archive.subarray(nameEnd, next), data: dataOf(archive, header) });
    at = next;
  }
  return entries;
}

function dataOf(archive: Buffer, header: Buffer): Buffer {
  const local = header.readUInt32LE(42);
  const at = local + localSize + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  return archive.subarray(at, at + header.readUInt32LE(20));
}

function endOf(archive: Buffer): Buffer {
  const at = archive.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (at < 0) throw new Error('This is no zip archive: it has no directory.');
  return archive.subarray(at);
}

const known = new Map<string, Buffer>();

/** Packages for several platforms share all but one file: what was squeezed once is kept. */
async function tightest(data: Buffer): Promise<Buffer> {
  const plain = inflateRawSync(data);
  const key = createHash('sha256').update(plain).digest('hex');
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  const tight = Buffer.from(await deflateAsync(plain, { numiterations: 5, blocksplittingmax: 40 }));
  if (!inflateRawSync(tight).equals(plain)) throw new Error('A file came out of its compression different from what went in.');
  const best = tight.length < data.length ? tight : data;
  known.set(key, best);
  return best;
}

function localHeader(header: Buffer, name: Buffer, size: number): Buffer {
  const local = Buffer.alloc(localSize);
  local.write('PK\u0003\u0004', 'latin1');
  header.copy(local, 4, 6, 28);
  local.writeUInt16LE(header.readUInt16LE(8) & ~sizesFollow, 6);
  local.writeUInt32LE(size, 18);
  local.writeUInt16LE(name.length, 26);
  return local;
}

function directoryHeader(header: Buffer, size: number, offset: number): Buffer {
  const result = Buffer.from(header);
  result.writeUInt16LE(header.readUInt16LE(8) & ~sizesFollow, 8);
  result.writeUInt32LE(size, 20);
  result.writeUInt32LE(offset, 42);
  return result;
}

function directoryEnd(archive: Buffer, size: number, offset: number): Buffer {
  const end = Buffer.from(endOf(archive).subarray(0, endSize));
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  // Without the comment, which nothing here writes.
  end.writeUInt16LE(0, 20);
  return end;
}
