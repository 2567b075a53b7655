import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { squeezeZip } from '../../scripts/squeeze-zip.ts';

const text = Buffer.from(Array.from({ length: 3000 }, (_, index) => `entry ${index * 7919}: allowed\n`).join(''));
const files: readonly (readonly [string, Buffer, 'stored' | 'deflated'])[] = [
  ['extension/dist/cli.mjs', text, 'deflated'],
  ['extension/ü.txt', Buffer.from('short'), 'deflated'],
  ['extension/media/icon.png', Buffer.from([1, 2, 3]), 'stored'],
];

test('the same files come out, in their order, and the archive is smaller', async () => {
  const before = zip();
  const after = await squeezeZip(before);
  expect(unzip(after)).toEqual(unzip(before));
  expect(unzip(after)).toEqual(files.map(([name, data]) => ({ name, data })));
  expect(after.length).toBeLessThan(before.length * 0.97);
});

test('what is no archive is refused', async () => {
  await expect(squeezeZip(Buffer.from('no archive'))).rejects.toThrow('This is no zip archive');
});

test('a file that cannot be read whole is refused, not shipped', async () => {
  const broken = zip();
  broken.fill(0xff, 60, 90);
  await expect(squeezeZip(broken)).rejects.toThrow(/invalid/);
});

/** As the packager writes it: sizes behind the data. */
function zip(): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, data, way] of files) {
    const packed = way === 'stored' ? data : deflateRawSync(data);
    const path = Buffer.from(name);
    const local = Buffer.concat([
      bytes('PK\u0003\u0004', 16, 20, 16, 0x0808, 16, way === 'stored' ? 0 : 8, 32, 0, 32, 0, 32, 0, 32, 0, 16, path.length, 16, 0),
      path,
      packed,
      bytes('PK\u0007\u0008', 32, crc32(data), 32, packed.length, 32, data.length),
    ]);
    directory.push(
      bytes(
        'PK\u0001\u0002',
        16,
        20,
        16,
        20,
        16,
        0x0808,
        16,
        way === 'stored' ? 0 : 8,
        32,
        0,
        32,
        crc32(data),
        32,
        packed.length,
        32,
        data.length,
        16,
        path.length,
        16,
        0,
        16,
        0,
        16,
        0,
        16,
        0,
        32,
        0,
        32,
        offset,
      ),
      path,
    );
    parts.push(local);
    offset += local.length;
  }
  const size = Buffer.concat(directory).length;
  return Buffer.concat([
    ...parts,
    ...directory,
    bytes('PK\u0005\u0006', 16, 0, 16, 0, 16, files.length, 16, files.length, 32, size, 32, offset, 16, 0),
  ]);
}

/** By the local headers alone, as a reader that streams does. */
function unzip(archive: Buffer): readonly { readonly name: string; readonly data: Buffer }[] {
  const entries = [];
  const end = archive.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26);
    const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    const data = archive.readUInt16LE(local + 8) === 8 ? inflateRawSync(packed) : Buffer.from(packed);
    expect([data.length, crc32(data)]).toEqual([archive.readUInt32LE(at + 24), archive.readUInt32LE(at + 16)]);
    entries.push({ name: archive.toString('utf8', local + 30, start), data });
    at += 46 + archive.readUInt16LE(at + 28);
  }
  return entries;
}

/** A signature, then pairs of a width in bits and a number. */
function bytes(signature: string, ...pairs: readonly number[]): Buffer {
  const parts = [Buffer.from(signature, 'latin1')];
  for (let index = 0; index < pairs.length; index += 2) {
    const part = Buffer.alloc((pairs[index] ?? 0) / 8);
    part.writeUIntLE(pairs[index + 1] ?? 0, 0, part.length);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
