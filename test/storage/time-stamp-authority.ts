import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './folder.ts';

export const hasOpenssl = existsSync('/usr/bin/openssl');

export interface Authority {
  readonly url: string;
  /** The certificate of the root. */
  readonly ca: string;
  readonly folder: string;
  /** What the next answers are made of; left out: as openssl makes them. */
  answer: ((made: Buffer) => Buffer) | undefined;
  /** An end-entity certificate of the same root: its files, for `sign`. */
  readonly issue: (name: string, extension: string, days?: number) => void;
  /** A CMS signature over a TSTInfo by a certificate that need not be fit for it. */
  readonly sign: (content: Buffer, name: string) => Buffer;
}

const config = `
[tsa]
default_tsa = own
[own]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_alg = ESS
`;

/** A time stamp authority of its own: Debian's openssl behind a server on this machine. */
export async function startAuthority(newKey = ['rsa:2048'], ess = 'sha256'): Promise<Authority> {
  const folder = temporaryFolder();
  const openssl = (...args: readonly string[]): Buffer => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const request = ['req', '-x509', '-nodes', '-days', '2', '-newkey', ...newKey];
  writeFileSync(join(folder, 'tsa.cnf'), config.replace('ESS', ess));
  writeFileSync(join(folder, 'serial'), '01\n');
  openssl(...request, '-subj', '/CN=Root', '-keyout', 'ca.key', '-out', 'ca.pem', '-addext', 'keyUsage=keyCertSign');
  const issue = (name: string, extension: string, days = 2): void => {
    writeFileSync(join(folder, `${name}.ext`), `${extension}\n`);
    openssl('req', '-nodes', '-new', '-newkey', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days)];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-extfile', `${name}.ext`, '-out', `${name}.pem`);
  };
  issue('tsa', 'extendedKeyUsage=critical,timeStamping');
  const sign = (content: Buffer, name: string): Buffer => {
    writeFileSync(join(folder, 'content'), content);
    const kind = ['-econtent_type', '1.2.840.113549.1.9.16.1.4', '-nodetach', '-binary', '-cades', '-md', 'sha256'];
    return openssl('cms', '-sign', ...kind, '-signer', `${name}.pem`, '-inkey', `${name}.key`, '-in', 'content', '-outform', 'DER');
  };
  const server = createServer((query, response) => {
    void buffer(query).then((body) => {
      writeFileSync(join(folder, 'query'), body);
      openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query', '-out', 'reply');
      const made = readFileSync(join(folder, 'reply'));
      response.setHeader('content-type', 'application/timestamp-reply').end(authority.answer?.(made) ?? made);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsr`;
  const authority: Authority = { url, ca: join(folder, 'ca.pem'), folder, answer: undefined, issue, sign };
  return authority;
}
