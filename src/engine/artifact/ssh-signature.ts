import { createPublicKey, hash, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { wire, wireString } from './ssh-wire.ts';

/** What signatures for us are made for: one that was made for git or for files says nothing here. */
export const sshNamespace = 'countersign';

const magic = 'SSHSIG';
const largest = 16_384;
const armour = /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END SSH SIGNATURE-----\s*$/;

/**
 * The public key, as SSH writes it, whose owner signed exactly this message for us (`ssh-keygen -Y sign -n countersign`, OpenSSH's
 * PROTOCOL.sshsig). Throws, with the reason, on everything else. Whose key it is has to be asked elsewhere.
 */
export function sshSigner(armoured: string, message: Buffer): Buffer {
  const text = armoured.length > largest ? undefined : armour.exec(armoured)?.[1];
  if (text === undefined) throw new Error('it is not written like an SSH signature');
  const { key, namespace, reserved, algorithm, signature } = parts(Buffer.from(text, 'base64'));
  if (namespace !== sshNamespace) throw new Error(`it was made for ${JSON.stringify(namespace)}, and not with "-n ${sshNamespace}"`);
  if (algorithm !== 'sha256' && algorithm !== 'sha512') throw new Error('it uses a hash that is not sha256 or sha512');
  const digest = hash(algorithm, message, 'buffer');
  const signed = [Buffer.from(magic), ...[namespace, reserved, algorithm, digest].map(wireString)];
  if (!isSignature(key, signature, Buffer.concat(signed))) throw new Error('it is not a signature of this');
  return key;
}

function parts(blob: Buffer): {
  readonly key: Buffer;
  readonly namespace: string;
  readonly reserved: Buffer;
  readonly algorithm: string;
  readonly signature: Buffer;
} {
  return wire(blob, ({ raw, string, text }) => {
    if (raw(6).toString('latin1') !== magic) throw new Error('it is not an SSH signature');
    if (raw(4).readUInt32BE() !== 1) throw new Error('it is of a version that is not known');
    return { key: string(), namespace: text(), reserved: string(), algorithm: text(), signature: string() };
  });
}

function isSignature(key: Buffer, signature: Buffer, data: Buffer): boolean {
  const { kind, value } = wire(signature, ({ text, string }) => ({ kind: text(), value: string() }));
  const { type, publicKey } = readSshKey(key);
  switch (kind) {
    case 'ssh-ed25519':
      return type === kind && verify(null, data, publicKey, value);
    // RSA with SHA-1 (`ssh-rsa`) proves nothing any more.
    case 'rsa-sha2-256':
    case 'rsa-sha2-512':
      return type === 'ssh-rsa' && verify(kind.replace('rsa-sha2-', 'sha'), data, publicKey, value);
    default: {
      const curve = curves[kind];
      if (curve === undefined) throw new Error(`signatures of the kind ${JSON.stringify(kind)} are not verified here`);
      const points = wire(value, ({ number }) => [number(), number()]).map((part) => padded(part, curve.size));
      return type === kind && verify(curve.hash, data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.concat(points));
    }
  }
}

const curves: Readonly<Record<string, { readonly name: string; readonly size: number; readonly hash: string }>> = {
  'ecdsa-sha2-nistp256': { name: 'P-256', size: 32, hash: 'sha256' },
  'ecdsa-sha2-nistp384': { name: 'P-384', size: 48, hash: 'sha384' },
  'ecdsa-sha2-nistp521': { name: 'P-521', size: 66, hash: 'sha512' },
};

function readSshKey(blob: Buffer): { readonly type: string; readonly publicKey: KeyObject } {
  return wire(blob, (take) => {
    const type = take.text();
    if (type === 'ssh-ed25519') return { type, publicKey: fromJwk({ kty: 'OKP', crv: 'Ed25519', x: url(take.string()) }) };
    if (type === 'ssh-rsa') return { type, publicKey: rsaKey(take.number(), take.number()) };
    const curve = curves[type];
    if (curve === undefined) throw new Error(`keys of the type ${JSON.stringify(type)} are not verified here`);
    if (take.text() !== type.replace('ecdsa-sha2-', '')) throw new Error('its key names two curves');
    const point = take.string();
    if (point.length !== 1 + 2 * curve.size || point[0] !== 4) throw new Error('its key is not a point that is written in full');
    const [x, y] = [point.subarray(1, 1 + curve.size), point.subarray(1 + curve.size)];
    return { type, publicKey: fromJwk({ kty: 'EC', crv: curve.name, x: url(x), y: url(y) }) };
  });
}

function rsaKey(exponent: Buffer, modulus: Buffer): KeyObject {
  if (modulus.length < 256) throw new Error('its RSA key has less than 2048 bits');
  return fromJwk({ kty: 'RSA', e: url(exponent), n: url(modulus) });
}

function fromJwk(key: JsonWebKey): KeyObject {
  return createPublicKey({ key, format: 'jwk' });
}

function padded(number: Buffer, size: number): Buffer {
  if (number.length > size) throw new Error('a number in it is too large');
  return Buffer.concat([Buffer.alloc(size - number.length), number]);
}

function url(bytes: Buffer): string {
  return bytes.toString('base64url');
}
