import type { X509Certificate } from 'node:crypto';
import { field, oidOf, oidText, parts, partsOf, readDer, tags } from './der.ts';

const timeStamping = '1.3.6.1.5.5.7.3.8';
const extendedKeyUsage = oidText('2.5.29.37');

/**
 * Who signed, when that certificate is made for time stamps and nothing else, was valid then, and leads to one of `trusted` by
 * certificates that were valid then. Whether one was revoked is not asked: that needs a network. Throws, saying what is wrong.
 */
export function authorityOf(
  signer: X509Certificate,
  at: number,
  others: readonly X509Certificate[],
  trusted?: readonly X509Certificate[],
): string {
  const name = nameOf(signer);
  if (!isForTimeStamps(signer)) throw new Error(`the certificate of ${name} is not one for time stamps alone`);
  if (!wasValid(signer, at)) throw new Error(`the certificate of ${name} was not valid then`);
  if (trusted !== undefined && !leadsTo(signer, at, others, trusted, new Set()))
    throw new Error(`the certificate of ${name} does not lead to an authority that was given`);
  return name;
}

function nameOf({ subject, fingerprint256 }: X509Certificate): string {
  return /^CN=(.+)$/m.exec(subject)?.[1] ?? /^O=(.+)$/m.exec(subject)?.[1] ?? fingerprint256;
}

/** It says so in a way that nobody may overlook (RFC 3161, 2.3). */
function isForTimeStamps({ raw, keyUsage }: X509Certificate): boolean {
  if (keyUsage?.length !== 1 || keyUsage[0] !== timeStamping) return false;
  const [body] = partsOf(readDer(raw));
  const extensions = partsOf(body).find(({ tag }) => tag === field(3));
  const found = extensions === undefined ? [] : partsOf(parts(extensions)[0]).map((extension) => parts(extension));
  return found.some(([oid, critical]) => oidOf(oid) === extendedKeyUsage && critical?.tag === tags.boolean && critical.content[0] === 0xff);
}

function wasValid({ validFrom, validTo }: X509Certificate, at: number): boolean {
  return Date.parse(validFrom) <= at && at <= Date.parse(validTo);
}

/** `seen`: certificates that led nowhere; those that sign each other must not keep us here. */
function leadsTo(
  certificate: X509Certificate,
  at: number,
  others: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  seen: Set<string>,
): boolean {
  if (seen.has(certificate.fingerprint256) || !wasValid(certificate, at)) return false;
  seen.add(certificate.fingerprint256);
  if (trusted.some(({ raw }) => raw.equals(certificate.raw))) return true;
  return [...trusted, ...others].some((issuer) => isIssuer(issuer, certificate) && leadsTo(issuer, at, others, trusted, seen));
}

function isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
