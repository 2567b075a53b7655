import { createHash, X509Certificate } from 'node:crypto';
import { contentOf, type Der, derOf, field, oidOf, oidText, parts, partsOf, readDer, tags } from './der.ts';
import { holds } from './signature.ts';

/** What is in a CMS message (RFC 5652) whose signature holds. */
export interface SignedData {
  readonly content: Buffer;
  /** The certificate that the signature names and holds with. */
  readonly signer: X509Certificate;
  /** All that came along. */
  readonly certificates: readonly X509Certificate[];
}

const signedData = oidText('1.2.840.113549.1.7.2');
const timeStampInfo = oidText('1.2.840.113549.1.9.16.1.4');
const contentType = oidText('1.2.840.113549.1.9.3');
const messageDigest = oidText('1.2.840.113549.1.9.4');
const signingCertificate = oidText('1.2.840.113549.1.9.16.2.12');
const signingCertificateV2 = oidText('1.2.840.113549.1.9.16.2.47');
const digests = new Map([
  [oidText('2.16.840.1.101.3.4.2.1'), 'sha256'],
  [oidText('2.16.840.1.101.3.4.2.2'), 'sha384'],
  [oidText('2.16.840.1.101.3.4.2.3'), 'sha512'],
]);
/** More than any chain needs: what came along is not ours. */
const mostCertificates = 10;

/** Throws on what is no signed time stamp, and where the signature does not hold. */
export function readSignedData(token: Buffer): SignedData {
  const [kind, wrapped] = partsOf(readDer(token));
  if (oidOf(kind) !== signedData) throw new Error('it is not signed');
  const [, , encapsulated, ...rest] = partsOf(partsOf(wrapped, field(0))[0]);
  const [type, inner] = partsOf(encapsulated);
  if (oidOf(type) !== timeStampInfo) throw new Error('what is signed is no time stamp');
  const content = contentOf(partsOf(inner, field(0))[0], tags.octets);
  const certificates = certificatesIn(rest.find(({ tag }) => tag === field(0)));
  const [signer, another] = partsOf(rest.at(-1), tags.set);
  if (another !== undefined) throw new Error('it is signed by more than one');
  return { content, certificates, signer: checkSigner(signer, content, certificates) };
}

function certificatesIn(set: Der | undefined): readonly X509Certificate[] {
  const found = set === undefined ? [] : parts(set).filter(({ tag }) => tag === tags.sequence);
  if (found.length > mostCertificates) throw new Error('it brings too many certificates along');
  return found.map(({ bytes }) => new X509Certificate(bytes));
}

/** What is signed are attributes; they name the digest of the content and of the signer's certificate. */
function checkSigner(signer: Der | undefined, content: Buffer, certificates: readonly X509Certificate[]): X509Certificate {
  const [, , digestAlgorithm, attributes, signatureAlgorithm, signature] = partsOf(signer);
  const digest = digestOf(digestAlgorithm);
  const signed = new Map(partsOf(attributes, field(0)).map((attribute) => attributeOf(attribute)));
  if (oidOf(signed.get(contentType)) !== timeStampInfo) throw new Error('its signature is one of something else');
  if (!contentOf(signed.get(messageDigest), tags.octets).equals(createHash(digest).update(content).digest()))
    throw new Error('what it says is not what was signed');
  const certificate = certificates.find((one) => isNamed(one, signed));
  if (certificate === undefined) throw new Error('the certificate that it names is not in it');
  // They are signed as the set that they are, not as the marked field that they stand in.
  const text = derOf(tags.set, attributes?.content ?? Buffer.alloc(0));
  if (!holds(text, contentOf(signature, tags.octets), signatureAlgorithm, digest, certificate.publicKey))
    throw new Error('its signature does not hold');
  return certificate;
}

function attributeOf(attribute: Der): readonly [string, Der | undefined] {
  const [type, values] = parts(attribute);
  return [oidOf(type), partsOf(values, tags.set)[0]];
}

/** Whether the signed attributes name this certificate (RFC 5816; with SHA-1, RFC 2634). */
function isNamed({ raw }: X509Certificate, signed: ReadonlyMap<string, Der | undefined>): boolean {
  const [second, first] = [signed.get(signingCertificateV2), signed.get(signingCertificate)];
  if (second === undefined && first === undefined) return false;
  const [id] = partsOf(partsOf(second ?? first)[0]);
  const [head, next] = partsOf(id);
  const isUsual = head?.tag === tags.octets;
  const name = second === undefined ? 'sha1' : isUsual ? 'sha256' : digestOf(head);
  return contentOf(isUsual ? head : next, tags.octets).equals(createHash(name).update(raw).digest());
}

function digestOf(algorithm: Der | undefined): string {
  const digest = digests.get(oidOf(partsOf(algorithm)[0]));
  if (digest === undefined) throw new Error('it is signed with a digest that this version does not take');
  return digest;
}
