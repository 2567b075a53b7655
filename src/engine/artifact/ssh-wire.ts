/** Reads what SSH writes: RFC 4251, section 5. Throws on what is too short, and on what is left over. */
export function wire<T>(bytes: Buffer, read: (take: Take) => T): T {
  let at = 0;
  const raw = (length: number): Buffer => {
    if (length > bytes.length - at) throw new Error('it ends too early');
    return bytes.subarray(at, (at += length));
  };
  const string = (): Buffer => raw(raw(4).readUInt32BE());
  const result = read({ raw, string, text: () => string().toString('latin1'), number: () => magnitude(string()) });
  if (at !== bytes.length) throw new Error('something follows after its end');
  return result;
}

export interface Take {
  readonly raw: (length: number) => Buffer;
  readonly string: () => Buffer;
  readonly text: () => string;
  /** A positive number's bytes, without the zeros before it. */
  readonly number: () => Buffer;
}

export function wireString(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function magnitude(bytes: Buffer): Buffer {
  if (((bytes[0] ?? 0) & 0x80) !== 0) throw new Error('a number in it is negative');
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? Buffer.alloc(0) : bytes.subarray(first);
}
