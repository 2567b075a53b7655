import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { notesReceived } from '../../../src/engine/audit/received-notes.ts';
import { verifyAuditLog } from '../../../src/storage/audit-verify.ts';
import { makeCertificate } from '../../channel/export/certificate.ts';
import { temporaryFolder } from '../../storage/folder.ts';
import { withSigner } from '../../storage/signed-log.ts';
import { GrowingLog, type Receiver, survive, total, until } from './growing-log.ts';

const program = ['/usr/sbin/rsyslogd', '/sbin/rsyslogd'].find((path) => existsSync(path));

test.skipIf(program === undefined).each([
  ['TCP', false],
  ['TLS', true],
])('the real rsyslogd gets everything over %s, killed twice on the way', async (_, secure) => {
  const folder = temporaryFolder();
  const port = await freePort();
  const certificate = makeCertificate(folder);
  const tls = secure ? { tls: { ca: certificate.cert } } : {};
  const log = new GrowingLog({ syslog: { host: secure ? 'localhost' : '127.0.0.1', port, ...tls } });
  const receiver = new Rsyslog(folder, port, secure ? certificate : undefined);
  await survive(log, receiver);
  expect(new Set(receiver.stored())).toEqual(new Set(log.hashes));
  expect(log.hashes).toHaveLength(total);
  expect(log.problems()).toEqual([]);
});

test.skipIf(program === undefined)('a checkpoint that the real rsyslogd has kept is an anchor', async () => {
  const folder = temporaryFolder();
  const port = await freePort();
  const receiver = new Rsyslog(folder, port, undefined);
  await receiver.start();
  const log = new GrowingLog({ syslog: { host: '127.0.0.1', port } });
  await log.grow(0.01);
  await withSigner({ path: log.home.audit, keyFile: log.home.auditKey }, async (_, signer) => void (await signer.sign()));
  await until(() => notesReceived(receiver.text).length > 0);
  const anchors = [{ name: 'rsyslogd', text: receiver.text }];
  expect(verifyAuditLog(log.home.audit, { anchors })).toMatchObject({ ok: true, checkpoints: 1 });
});

/** Debian's rsyslogd with a configuration of its own. */
class Rsyslog implements Receiver {
  readonly #folder: string;
  readonly #port: number;
  readonly #output: string;
  #child: ChildProcess | undefined;

  constructor(folder: string, port: number, certificate: { readonly key: string; readonly cert: string } | undefined) {
    this.#folder = folder;
    this.#port = port;
    this.#output = join(folder, 'received');
    writeFileSync(join(folder, 'rsyslog.conf'), this.#configuration(certificate));
    onTestFinished(() => void this.#child?.kill('SIGKILL'));
  }

  readonly start = async (): Promise<void> => {
    const args = ['-n', '-f', join(this.#folder, 'rsyslog.conf'), '-i', join(this.#folder, 'pid')];
    this.#child = spawn(program ?? '', args, { stdio: 'ignore' });
    await until(() => answers(this.#port));
  };

  readonly kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => this.#child?.once('exit', resolve));
    this.#child?.kill('SIGKILL');
    await ended;
  };

  get text(): string {
    return existsSync(this.#output) ? readFileSync(this.#output, 'utf8') : '';
  }

  /** What rsyslog itself found in the structured data, as long as the text behind it is whole. */
  readonly stored = (): readonly string[] => {
    return this.text.split('\n').flatMap((line) => /^\[countersign@32473 .* hash="([0-9a-f]{64})" .*\] ?\{.*\}$/.exec(line)?.[1] ?? []);
  };

  #configuration(certificate: { readonly key: string; readonly cert: string } | undefined): string {
    const driver = 'StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon"';
    const files =
      certificate &&
      `DefaultNetstreamDriverCAFile="${certificate.cert}" DefaultNetstreamDriverCertFile="${certificate.cert}" DefaultNetstreamDriverKeyFile="${certificate.key}"`;
    return `global(workDirectory="${this.#folder}" maxMessageSize="1m" ${files ?? ''})
module(load="imtcp" ${certificate === undefined ? '' : driver})
template(name="fields" type="string" string="%structured-data% %msg%\\n")
ruleset(name="all") { action(type="omfile" file="${this.#output}" template="fields") }
input(type="imtcp" address="127.0.0.1" port="${this.#port}" ruleset="all")
`;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
