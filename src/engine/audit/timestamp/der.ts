/** One value of ASN.1 in its distinguished encoding (X.690): all that time stamps need of it. */
export interface Der {
  readonly tag: number;
  readonly content: Buffer;
  /** With its tag and length. */
  readonly bytes: Buffer;
}

export const tags = { boolean: 1, integer: 2, octets: 4, nothing: 5, oid: 6, time: 0x18, sequence: 0x30, set: 0x31 } as const;

/** The number of a field that is marked by its place, such as `[0]`. */
export const field = (number: number): number => 0xa0 + number;

/** The one value that `bytes` holds. Throws on anything else, also behind it. */
export function readDer(bytes: Buffer): Der {
  const [only, ...rest] = readAll(bytes);
  if (only === undefined || rest.length > 0) throw new Error('it is not one DER value');
  return only;
}

/** What a SEQUENCE, a SET or a marked field holds. */
export function parts({ content }: Der): readonly Der[] {
  return readAll(content);
}

/** The parts of a value that has to be of that kind. */
export function partsOf(der: Der | undefined, tag: number = tags.sequence): readonly Der[] {
  return parts(checked(der, tag));
}

export function contentOf(der: Der | undefined, tag: number): Buffer {
  return checked(der, tag).content;
}

/** `1.2.840…` as a value holds it, in hex. */
export function oidText(dotted: string): string {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return Buffer.from([first * 40 + second, ...rest.flatMap(base128)]).toString('hex');
}

/** The object identifier that a value is, in hex. */
export function oidOf(der: Der | undefined): string {
  return contentOf(der, tags.oid).toString('hex');
}

export function derOf(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function checked(der: Der | undefined, tag: number): Der {
  if (der?.tag !== tag) throw new Error(`it has ${der === undefined ? 'nothing' : `the tag ${der.tag}`} where ${tag} belongs`);
  return der;
}

function readAll(bytes: Buffer): readonly Der[] {
  const found: Der[] = [];
  for (let at = 0; at < bytes.length; at += found.at(-1)?.bytes.length ?? 0) found.push(readOne(bytes.subarray(at)));
  return found;
}

function readOne(bytes: Buffer): Der {
  const [tag = 0, first = 0] = bytes;
  // Numbers of more than one byte, and lengths that are only known at the end, do not occur in what we read.
  if (bytes.length < 2 || (tag & 0x1f) === 0x1f || first === 0x80 || first > 0x84) throw new Error('it is not in DER');
  const digits = first < 0x80 ? 0 : first - 0x80;
  if (bytes.length < 2 + digits) throw new Error('it is cut off');
  const length = digits === 0 ? first : bytes.readUIntBE(2, digits);
  const end = 2 + digits + length;
  if (bytes.length < end) throw new Error('it is cut off');
  return { tag, content: bytes.subarray(2 + digits, end), bytes: bytes.subarray(0, end) };
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function base128(value: number): readonly number[] {
  const digits = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
