import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

/** A key that signatures are checked with. `text` is how it is written down: `name+id+base64` (C2SP signed-note). */
export interface VerifierKey {
  readonly name: string;
  /** Eight hex digits. */
  readonly id: string;
  readonly text: string;
  readonly verify: (text: string, signature: Buffer) => boolean;
}

export interface SigningKey {
  readonly verifier: VerifierKey;
  readonly sign: (text: string) => Buffer;
}

/** A text with its signatures, as https://c2sp.org/signed-note says. */
export interface Note {
  /** Ends with a line break. */
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly id: string; readonly signature: Buffer }[];
  /** The whole, as it was read. */
  readonly note: string;
}

/** The byte that says how a key signs. Only this one is known so far; the format has room for others. */
const ed25519 = 1;
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export function signNote(text: string, keys: readonly SigningKey[]): string {
  const lines = keys.map(({ verifier, sign: signed }) => {
    const bytes = Buffer.concat([Buffer.from(verifier.id, 'hex'), signed(text)]);
    return `— ${verifier.name} ${bytes.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** Throws on what is no signed note. Says nothing about whether the signatures hold. */
export function readNote(note: string): Note {
  const end = note.lastIndexOf('\n\n');
  const lines = note.slice(end + 2).split('\n');
  if (end < 0 || lines.pop() !== '' || lines.length === 0) throw new Error('it is no signed note');
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignature), note };
}

function readSignature(line: string): Note['signatures'][number] {
  const [, name, base64] = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? [];
  if (name === undefined || base64 === undefined) throw new Error('it has a signature line that cannot be read');
  const bytes = Buffer.from(base64, 'base64');
  return { name, id: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) };
}

/** Whether the note carries a signature of that key, and it holds. */
export function isSignedBy(note: Note, key: VerifierKey): boolean {
  const own = note.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  return own.length > 0 && own.every(({ signature }) => key.verify(note.text, signature));
}

/** Several notes in one text, one after the other; empty lines between them do not matter. */
export function readNotes(text: string): readonly Note[] {
  const found = text.replaceAll('\r\n', '\n').match(/(?:^(?!— ).+\n)+\n(?:^— .+(?:\n|$))+/gm) ?? [];
  return found.map((note) => readNote(note.endsWith('\n') ? note : `${note}\n`));
}

/** Throws, saying what is wrong, on a text that is no such key or one of an unknown kind. */
export function readVerifierKey(text: string): VerifierKey {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim()) ?? [];
  if (name === undefined || base64 === undefined) throw new Error('it is no public key as "name+id+base64"');
  const key = verifierKeyOf(name, rawKey(base64));
  if (key.id !== id) throw new Error('the id of the key does not belong to it');
  return key;
}

/** The secret half is written as Go's `note` package does: `PRIVATE+KEY+name+id+base64`. */
export function readSigningKey(text: string): SigningKey {
  const [, name, base64] = /^PRIVATE\+KEY\+([^\s+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]+=*)$/.exec(text.trim()) ?? [];
  if (name === undefined || base64 === undefined) throw new Error('it is no private key as "PRIVATE+KEY+name+id+base64"');
  return signingKeyOf(name, rawKey(base64));
}

/** `seed`: 32 random bytes. */
export function signingKeyOf(name: string, seed: Buffer): SigningKey {
  const key = createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    verifier: verifierKeyOf(name, spki.subarray(publicPrefix.length)),
    sign: (text) => sign(null, Buffer.from(text), key),
  };
}

export function secretText({ verifier }: SigningKey, seed: Buffer): string {
  return `PRIVATE+KEY+${verifier.name}+${verifier.id}+${Buffer.concat([Buffer.from([ed25519]), seed]).toString('base64')}`;
}

function verifierKeyOf(name: string, raw: Buffer): VerifierKey {
  const typed = Buffer.concat([Buffer.from([ed25519]), raw]);
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8);
  const key = createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' });
  return {
    name,
    id,
    text: `${name}+${id}+${typed.toString('base64')}`,
    verify: (text, signature) => verify(null, Buffer.from(text), key, signature),
  };
}

function rawKey(base64: string): Buffer {
  const typed = Buffer.from(base64, 'base64');
  if (typed[0] !== ed25519) throw new Error(`the key signs in a way that this version does not know (${typed[0]})`);
  if (typed.length !== 33) throw new Error('the key has a wrong length');
  return typed.subarray(1);
}
