import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sshNamespace, sshSigner } from '../../../src/engine/artifact/ssh-signature.ts';
import { isAllowedSigner } from '../../../src/storage/artifact/allowed-signers.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-ssh-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const message = Buffer.from('what the server is\n');

function keyOf(name: string, ...options: readonly string[]): string {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', 'a comment', '-f', file, ...options]);
  return file;
}

function sign(key: string, { namespace = sshNamespace, hash = 'sha512' } = {}): string {
  return execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', namespace, '-O', `hashalg=${hash}`, '-f', key], {
    input: message,
    stdio: ['pipe', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
}

function publicKey(key: string): { readonly type: string; readonly text: string; readonly blob: Buffer } {
  const [type = '', text = ''] = readFileSync(`${key}.pub`, 'utf8').split(' ');
  return { type, text, blob: Buffer.from(text, 'base64') };
}

const ed25519 = keyOf('ed25519', '-t', 'ed25519');
const other = keyOf('other', '-t', 'ed25519');

describe('a signature of the real ssh-keygen names the key that made it', () => {
  test.each([
    ['ed25519', 'ed25519', []],
    ['rsa', 'rsa', ['-b', '2048']],
    ['ecdsa', 'ecdsa-256', ['-b', '256']],
    ['ecdsa', 'ecdsa-384', ['-b', '384']],
    ['ecdsa', 'ecdsa-521', ['-b', '521']],
  ])('%s (%s)', (type, name, options) => {
    const key = name === 'ed25519' ? ed25519 : keyOf(name, '-t', type, ...options);
    for (const hash of ['sha256', 'sha512']) expect(sshSigner(sign(key, { hash }), message)).toEqual(publicKey(key).blob);
  });
});

describe('a signature says nothing', () => {
  test.each<[string, () => string, string]>([
    ['that was made for something else', () => sign(ed25519, { namespace: 'git' }), 'made for "git"'],
    ['that is no signature', () => 'BEGIN', 'not written like'],
    ['that is huge', () => sign(ed25519).replace('SIGNATURE-----\n', `SIGNATURE-----\n${'\n'.repeat(20_000)}`), 'not written like'],
    ['of a small RSA key', () => sign(keyOf('small', '-t', 'rsa', '-b', '1024')), 'less than 2048 bits'],
  ])('%s', (_, text, why) => {
    expect(() => sshSigner(text(), message)).toThrow(why);
  });

  test('about another message', () => {
    expect(() => sshSigner(sign(ed25519), Buffer.from('another'))).toThrow('not a signature of this');
  });

  test('with any of its bytes changed, missing or added', () => {
    const blob = Buffer.from(sign(ed25519).replace(/-----[^-]+-----/g, ''), 'base64');
    const armoured = (bytes: Buffer): string => `-----BEGIN SSH SIGNATURE-----\n${bytes.toString('base64')}\n-----END SSH SIGNATURE-----\n`;
    expect(sshSigner(armoured(blob), message)).toEqual(publicKey(ed25519).blob);
    for (let at = 0; at < blob.length; at++) {
      const changed = Buffer.from(blob);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(isRefused(armoured(changed)), `byte ${at}`).toBe(true);
      expect(isRefused(armoured(blob.subarray(0, at))), `cut at ${at}`).toBe(true);
    }
    expect(() => sshSigner(armoured(Buffer.concat([blob, Buffer.alloc(1)])), message)).toThrow('follows');
  });
});

function isRefused(signature: string): boolean {
  try {
    sshSigner(signature, message);
    return false;
  } catch {
    return true;
  }
}

const { type, text } = publicKey(ed25519);
const own = `${type} ${text}`;
const foreign = `${publicKey(other).type} ${publicKey(other).text}`;
const now = new Date();
const year = now.getUTCFullYear();

describe('whose key it is, says the file of allowed signers as ssh-keygen reads it', () => {
  test.each<[string, string, boolean]>([
    ['a name and its key', `ann@example.com ${own}`, true],
    ['with a comment', `ann@example.com ${own} a comment`, true],
    ['among others', `# people\n\nbob@example.com ${foreign}\nann@example.com ${own}`, true],
    ['the key of somebody else', `ann@example.com ${foreign}`, false],
    ['somebody else with this key', `bob@example.com ${own}`, false],
    ['one of two names', `bob@example.com,ann@example.com ${own}`, true],
    ['a pattern', `*@example.com ${own}`, true],
    ['a pattern of single characters', `an?@example.com ${own}`, true],
    ['a pattern that rules the name out', `*@example.com,!ann@example.com ${own}`, false],
    ['a point is a point', `ann@exampleXcom ${own}`, false],
    ['quoted names', `"ann@example.com" ${own}`, true],
    ['for our use', `ann@example.com namespaces="countersign" ${own}`, true],
    ['for several uses', `ann@example.com namespaces="git,counter*" ${own}`, true],
    ['for another use', `ann@example.com namespaces="git" ${own}`, false],
    ['an authority that signs keys', `ann@example.com cert-authority ${own}`, false],
    ['an option that nobody knows', `ann@example.com something="x" ${own}`, false],
    ['from last year on', `ann@example.com valid-after="${year - 1}0101Z" ${own}`, true],
    ['from next year on', `ann@example.com valid-after="${year + 1}0101" ${own}`, false],
    ['until next year', `ann@example.com valid-before="${year + 1}01011200Z" ${own}`, true],
    ['until last year', `ann@example.com valid-before="${year - 1}0101" ${own}`, false],
    ['a time that is none', `ann@example.com valid-before="tomorrow" ${own}`, false],
    ['two options', `ann@example.com namespaces="countersign",valid-before="${year - 1}0101" ${own}`, false],
    ['options in capitals', `ann@example.com NAMESPACES="git" ${own}`, false],
    ['an empty file', '', false],
  ])('%s', (_, file, expected) => {
    const signed = sign(ed25519);
    expect({ ours: ourAnswer(file, signed), openssh: sshAnswer(file, signed) }).toEqual({ ours: expected, openssh: expected });
  });
});

function ourAnswer(file: string, signature: string): boolean {
  const key = sshSigner(signature, message);
  return isAllowedSigner(file, { principal: 'ann@example.com', key, namespace: sshNamespace, time: now.getTime() });
}

function sshAnswer(file: string, signature: string): boolean {
  const allowed = join(folder, 'allowed');
  const signed = join(folder, 'signature');
  writeFileSync(allowed, file === '' ? '' : `${file}\n`);
  writeFileSync(signed, signature);
  const args = ['-Y', 'verify', '-n', sshNamespace, '-I', 'ann@example.com', '-f', allowed, '-s', signed];
  return spawnSync('ssh-keygen', args, { input: message }).status === 0;
}
