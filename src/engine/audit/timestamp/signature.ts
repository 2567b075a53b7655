import { constants, type KeyObject, verify } from 'node:crypto';
import { contentOf, type Der, field, oidOf, oidText, partsOf, tags } from './der.ts';

type Scheme = 'rsa' | 'pss' | 'ec' | 'ed25519';

/** How signatures are made, and with which digest where the name says so. Nothing with SHA-1. */
const schemes = new Map<string, readonly [scheme: Scheme, digest?: string]>([
  [oidText('1.2.840.113549.1.1.1'), ['rsa']],
  [oidText('1.2.840.113549.1.1.11'), ['rsa', 'sha256']],
  [oidText('1.2.840.113549.1.1.12'), ['rsa', 'sha384']],
  [oidText('1.2.840.113549.1.1.13'), ['rsa', 'sha512']],
  [oidText('1.2.840.113549.1.1.10'), ['pss']],
  [oidText('1.2.840.10045.4.3.2'), ['ec', 'sha256']],
  [oidText('1.2.840.10045.4.3.3'), ['ec', 'sha384']],
  [oidText('1.2.840.10045.4.3.4'), ['ec', 'sha512']],
  [oidText('1.3.101.112'), ['ed25519']],
]);
const keys: Record<Scheme, readonly string[]> = { rsa: ['rsa'], pss: ['rsa', 'rsa-pss'], ec: ['ec'], ed25519: ['ed25519'] };

/** Throws on a way to sign that is not known. `digest`: that of the message, where the way to sign names none. */
export function holds(text: Buffer, signature: Buffer, algorithm: Der | undefined, digest: string, key: KeyObject): boolean {
  const [oid, parameters] = partsOf(algorithm);
  const [scheme, own = digest] = schemes.get(oidOf(oid)) ?? [];
  if (scheme === undefined) throw new Error('it is signed in a way that this version does not know');
  if (!keys[scheme].includes(key.asymmetricKeyType ?? '')) return false;
  if (scheme === 'ed25519') return verify(null, text, key, signature);
  if (scheme !== 'pss') return verify(own, text, key, signature);
  return verify(own, text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltOf(parameters) }, signature);
}

/** 20 where it is left out (RFC 4055). The digest is that of the message: with another one the signature does not hold. */
function saltOf(parameters: Der | undefined): number {
  const salt = partsOf(parameters).find(({ tag }) => tag === field(2));
  return salt === undefined ? 20 : Number.parseInt(contentOf(partsOf(salt, field(2))[0], tags.integer).toString('hex'), 16);
}
