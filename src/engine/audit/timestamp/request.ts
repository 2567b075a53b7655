import { createHash } from 'node:crypto';
import { contentOf, derOf, oidText, parts, partsOf, readDer, tags } from './der.ts';

const sha256 = Buffer.from(oidText('2.16.840.1.101.3.4.2.1'), 'hex');

/**
 * What is sent to a time stamp authority (RFC 3161, 2.4.1): the digest of the text, never the text. `nonce`: 8 random bytes, so that
 * an old answer is not taken for a new one.
 */
export function timeStampRequest(text: string, nonce: Buffer): Buffer {
  const algorithm = derOf(tags.sequence, derOf(tags.oid, sha256), derOf(tags.nothing));
  const imprint = derOf(tags.sequence, algorithm, derOf(tags.octets, createHash('sha256').update(text).digest()));
  const withCertificates = derOf(tags.boolean, Buffer.from([0xff]));
  return derOf(tags.sequence, derOf(tags.integer, Buffer.from([1])), imprint, derOf(tags.integer, nonceOf(nonce)), withCertificates);
}

/** As a whole number without a sign, in as many bytes as it has. */
export function nonceOf(random: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x40 | ((random[0] ?? 0) & 0x3f)]), random.subarray(1)]);
}

/** The token in an authority's answer (2.4.2). Throws with its words where it did not grant one. */
export function tokenIn(response: Buffer): Buffer {
  const [info, token] = partsOf(readDer(response));
  const [status, words] = partsOf(info);
  const code = contentOf(status, tags.integer).toString('hex');
  if (code !== '00' && code !== '01') {
    const text = words?.tag === tags.sequence ? parts(words).map(({ content }) => content.toString('utf8')) : [];
    throw new Error(`it did not grant a time stamp (status ${Number.parseInt(code, 16)}) ${text.join(' ').slice(0, 200)}`.trim());
  }
  if (token === undefined) throw new Error('it granted a time stamp and sent none');
  return token.bytes;
}
