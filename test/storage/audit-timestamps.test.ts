import { execFileSync } from 'node:child_process';
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { derOf, tags } from '../../src/engine/audit/timestamp/der.ts';
import { timeStampRequest } from '../../src/engine/audit/timestamp/request.ts';
import { readSignedData } from '../../src/engine/audit/timestamp/signed-data.ts';
import { readTimeStamp } from '../../src/engine/audit/timestamp/token.ts';
import { anchorOf } from '../../src/storage/audit-anchors.ts';
import { readTimeStamps } from '../../src/storage/audit-timestamps.ts';
import { verifyAuditLog } from '../../src/storage/audit-verify.ts';
import { temporaryFolder } from './folder.ts';
import { signedLog } from './signed-log.ts';
import { type Authority, hasOpenssl, startAuthority } from './time-stamp-authority.ts';

/** A log that was signed twice, and both checkpoints stamped. */
async function stampedLog(authority: Authority) {
  const place = await signedLog([5, 5], 2);
  const file = join(temporaryFolder(), 'timestamps.jsonl');
  const anchor = anchorOf({ rfc3161: { url: authority.url, ca: authority.ca } }, file);
  for (const note of place.notes) await anchor.publish(note);
  return { ...place, file, lines: readFileSync(file, 'utf8').trimEnd().split('\n') };
}

function parsed(line = ''): { readonly note: string; readonly token: Buffer } {
  const { note, token } = JSON.parse(line) as { readonly note: string; readonly token: string };
  return { note, token: Buffer.from(token, 'base64') };
}

function trustedBy({ ca }: Authority): readonly X509Certificate[] {
  return [new X509Certificate(readFileSync(ca))];
}

describe.runIf(hasOpenssl)('time stamps of an authority (RFC 3161)', () => {
  test.each<[string, readonly string[], string]>([
    ['RSA', ['rsa:2048'], 'sha256'],
    ['RSA, its certificate named with SHA-1 as older authorities do', ['rsa:2048'], 'sha1'],
    ['an elliptic curve', ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'], 'sha512'],
  ])('of an openssl authority with %s hold, for us and for openssl', async (_, key, ess) => {
    const authority = await startAuthority([...key], ess);
    const { path, file, lines } = await stampedLog(authority);
    const { text, stamps } = readTimeStamps(file, authority.ca);
    expect(stamps).toMatchObject([{ authority: 'tsa' }, { authority: 'tsa' }]);
    for (const { at } of stamps) expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(verifyAuditLog(path, { anchors: [{ name: 'rfc3161', text }] })).toMatchObject({ ok: true });
    const { note, token } = parsed(lines[0]);
    writeFileSync(join(authority.folder, 'note'), note);
    writeFileSync(join(authority.folder, 'token'), token);
    const args = ['ts', '-verify', '-data', 'note', '-token_in', '-in', 'token', '-CAfile', 'ca.pem'];
    expect(execFileSync('openssl', args, { cwd: authority.folder, encoding: 'utf8', stdio: 'pipe' })).toContain('OK');
  });

  test('a log that was put back to an older copy does not reach its time stamps', async () => {
    const authority = await startAuthority();
    const { file } = await stampedLog(authority);
    const other = await signedLog([5]);
    const { text } = readTimeStamps(file, authority.ca);
    expect(verifyAuditLog(other.path, { anchors: [{ name: 'rfc3161', text }] })).toMatchObject({ ok: false });
  });

  test('what does not hold is named by its line', async () => {
    const authority = await startAuthority();
    const { file, lines } = await stampedLog(authority);
    const { note } = parsed(lines[0]);
    const swapped = JSON.stringify({ ...JSON.parse(lines[1] ?? ''), note });
    writeFileSync(file, `${lines[0]}\n${swapped}\n`);
    expect(() => readTimeStamps(file, authority.ca)).toThrow(/line 2 of .* does not hold: it is one of another text/);
  });

  test('nothing of a token can be changed', async () => {
    const authority = await startAuthority();
    const { lines } = await stampedLog(authority);
    const { note, token } = parsed(lines[0]);
    const trusted = trustedBy(authority);
    const { at } = readTimeStamp(token, note, trusted);
    const read = [...token.keys()].map((i) => timeIn(flipped(token, i), note, trusted));
    const accepted = read.filter((time) => time !== undefined);
    // What still holds says the same. (The root comes along, too, and is not needed: it is the one that is trusted.)
    expect(new Set(accepted)).toEqual(new Set([at]));
    expect(accepted.length).toBeLessThan(token.length / 2);
  });

  test('a token with an earlier time, its digest made anew, has no signature', async () => {
    const authority = await startAuthority();
    const { note, token } = parsed((await stampedLog(authority)).lines[0]);
    const { content } = readSignedData(token);
    const digest = createHash('sha256').update(content).digest();
    const earlier = Buffer.from(content.toString('latin1').replace(/20\d{12}Z/, '20010101000000Z'), 'latin1');
    const forged = Buffer.from(token);
    earlier.copy(forged, token.indexOf(content));
    createHash('sha256').update(earlier).digest().copy(forged, token.indexOf(digest));
    expect(() => readTimeStamp(forged, note, trustedBy(authority))).toThrow('its signature does not hold');
  });

  test.each<[string, string, number | undefined, RegExp]>([
    ['for no use in particular', 'basicConstraints=CA:false', undefined, /not one for time stamps alone/],
    ['for time stamps and more', 'extendedKeyUsage=critical,timeStamping,emailProtection', undefined, /not one for time stamps alone/],
    ['for time stamps, which one may overlook', 'extendedKeyUsage=timeStamping', undefined, /not one for time stamps alone/],
    ['that had ended', 'extendedKeyUsage=critical,timeStamping', -1, /was not valid then/],
  ])('a certificate %s is not taken', async (_, extension, days, why) => {
    const authority = await startAuthority();
    authority.issue('good', 'extendedKeyUsage=critical,timeStamping');
    authority.issue('bad', extension, days);
    const { lines } = await stampedLog(authority);
    const { note, token } = parsed(lines[0]);
    const { content } = readSignedData(token);
    const good = authority.sign(content, 'good');
    expect(readTimeStamp(good, note, trustedBy(authority))).toMatchObject({ authority: 'good' });
    const bad = authority.sign(content, 'bad');
    expect(() => readTimeStamp(bad, note, trustedBy(authority))).toThrow(why);
  });

  test('another authority than those that are trusted is not taken, also when it calls itself the same', async () => {
    const [authority, other] = [await startAuthority(), await startAuthority()];
    const { file } = await stampedLog(authority);
    expect(() => readTimeStamps(file, other.ca)).toThrow(/does not lead to an authority that was given/);
    expect(readTimeStamps(file).stamps).toHaveLength(2);
  });

  test.each<[string, (note: string, ask: (question: Buffer) => Promise<Buffer>) => Promise<Buffer>, RegExp]>([
    ['an answer to an earlier question', async (note, ask) => ask(timeStampRequest(note, randomBytes(8))), /answer to another question/],
    ['an answer about something else', async (_, ask) => ask(timeStampRequest('else', randomBytes(8))), /one of another text/],
    ['a refusal', async () => refusal, /did not grant a time stamp \(status 2\) no clock/],
    ['a web page', async () => Buffer.from('<html>Sign in</html>'), /cut off|DER/],
    ['nothing', async () => Buffer.alloc(0), /DER/],
    ['something without end', async () => Buffer.alloc(2_000_000, 0x30), /too long/],
  ])('%s is not kept', async (_, answer, why) => {
    const authority = await startAuthority();
    const file = join(temporaryFolder(), 'timestamps.jsonl');
    const note = 'a note\n';
    const made = await answer(note, async (question) => askAt(authority.url, question));
    authority.answer = () => made;
    await expect(anchorOf({ rfc3161: { url: authority.url } }, file).publish(note)).rejects.toThrow(why);
    expect(existsSync(file)).toBe(false);
  });
});

const refusal = derOf(
  tags.sequence,
  derOf(tags.sequence, derOf(tags.integer, Buffer.from([2])), derOf(tags.sequence, derOf(0x0c, Buffer.from('no clock')))),
);

async function askAt(url: string, question: Buffer): Promise<Buffer> {
  return Buffer.from(await (await fetch(url, { method: 'POST', body: new Uint8Array(question) })).arrayBuffer());
}

function timeIn(...[token, note, trusted]: Parameters<typeof readTimeStamp>): number | undefined {
  try {
    return readTimeStamp(token, note, trusted).at;
  } catch {
    return undefined;
  }
}

function flipped(bytes: Buffer, i: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[i] = (changed[i] ?? 0) ^ 1;
  return changed;
}
