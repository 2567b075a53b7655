import { createHash, type X509Certificate } from 'node:crypto';
import { authorityOf } from './authority.ts';
import { contentOf, type Der, oidOf, oidText, partsOf, readDer, tags } from './der.ts';
import { readSignedData } from './signed-data.ts';

/** What a time stamp authority has signed: that it had seen the digest of a text at that time. */
export interface TimeStamp {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who signed it, as its certificate says. */
  readonly authority: string;
  readonly nonce: Buffer | undefined;
}

const sha256 = oidText('2.16.840.1.101.3.4.2.1');

/**
 * The time stamp in a token (RFC 3161), when it is one of that text and its signature holds. `trusted`: certificates of authorities, to one
 * of which the signer's has to lead; without them the certificate in the token is taken at its word. Throws, saying what is wrong.
 */
export function readTimeStamp(token: Buffer, text: string, trusted?: readonly X509Certificate[]): TimeStamp {
  const signed = readSignedData(token);
  const [version, , imprint, , time, ...rest] = partsOf(readDer(signed.content));
  if (contentOf(version, tags.integer).toString('hex') !== '01') throw new Error('it is of a version that is not known');
  checkImprint(imprint, text);
  const at = timeOf(contentOf(time, tags.time).toString('latin1'));
  const nonce = rest.find(({ tag }) => tag === tags.integer)?.content;
  return { at, nonce, authority: authorityOf(signed.signer, at, signed.certificates, trusted) };
}

function checkImprint(imprint: Der | undefined, text: string): void {
  const [algorithm, digest] = partsOf(imprint);
  const isOurs =
    oidOf(partsOf(algorithm)[0]) === sha256 && contentOf(digest, tags.octets).equals(createHash('sha256').update(text).digest());
  if (!isOurs) throw new Error('it is one of another text');
}

/** `20261128171930.25Z` */
function timeOf(text: string): number {
  const [, year, month, day, hour, minute, second, fraction = ''] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(text) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(at)) throw new Error('its time cannot be read');
  return at;
}
