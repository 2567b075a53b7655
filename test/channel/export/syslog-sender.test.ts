import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { type SyslogPlace, syslogSender } from '../../../src/channel/export/syslog-sender.ts';
import { origin, stored } from '../../engine/audit/export/stored.ts';
import { temporaryFolder } from '../../storage/folder.ts';
import { makeCertificate } from './certificate.ts';

async function listen(server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    open.forEach((socket) => socket.destroy());
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function send(place: SyslogPlace, count = 2, signal = new AbortController().signal): Promise<void> {
  const sender = syslogSender(place);
  onTestFinished(() => sender.close?.());
  const entries = Array.from({ length: count }, (_, i) => sender.encode(origin, stored({}, i + 1)));
  return sender.send(origin, entries, signal);
}

/** Reads octet-counted messages as RFC 6587 describes them. */
function messagesOf(received: Buffer): readonly string[] {
  const messages: string[] = [];
  for (let rest = received; rest.length > 0;) {
    const space = rest.indexOf(' ');
    const end = space + 1 + Number(rest.subarray(0, space));
    messages.push(rest.subarray(space + 1, end).toString());
    rest = rest.subarray(end);
  }
  return messages;
}

test('a receiver reads every message, and its end confirms them', async () => {
  const got: Promise<string>[] = [];
  const port = await listen(createServer((socket) => void got.push(text(socket).catch(() => 'broken off'))));
  await send({ host: '127.0.0.1', port }, 300);
  const messages = messagesOf(Buffer.from((await got[1]) ?? ''));
  expect(messages).toHaveLength(300);
  expect(messages[299]).toContain(' seq="300" ');
});

test('over TLS, to a receiver whose certificate is signed by the authority that was named', async () => {
  const { key, cert } = makeCertificate(temporaryFolder());
  const got: Promise<string>[] = [];
  const options = { key: readFileSync(key), cert: readFileSync(cert) };
  const port = await listen(createTlsServer(options, (socket) => void got.push(text(socket).catch(() => 'broken off'))));
  await send({ host: 'localhost', port, tls: { ca: readFileSync(cert, 'utf8') } });
  expect(messagesOf(Buffer.from((await got[1]) ?? ''))).toHaveLength(2);
});

test('a receiver that cannot prove who it is gets nothing', async () => {
  const { key, cert } = makeCertificate(temporaryFolder());
  const got: string[] = [];
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (part) => got.push(String(part)));
  });
  const port = await listen(server);
  await expect(send({ host: 'localhost', port, tls: {} })).rejects.toThrow(/self-signed certificate/);
  expect(got).toEqual([]);
});

test.each<[string, (socket: Socket) => void, RegExp]>([
  ['hangs up before it has read', (socket) => socket.destroy(), /reset|EPIPE|closed the connection/i],
  ['resets in the middle', (socket) => socket.once('data', () => socket.resetAndDestroy()), /reset|EPIPE|closed the connection/i],
  ['says goodbye before we do', (socket) => socket.end(), /reset|EPIPE|closed the connection/i],
])('a receiver that %s has confirmed nothing', async (_, behave, failure) => {
  const port = await listen(createServer(behave));
  await expect(send({ host: '127.0.0.1', port }, 20_000)).rejects.toThrow(failure);
});

test('a receiver that dies after it has confirmed is noticed, although nothing is sent', async () => {
  const sockets: Socket[] = [];
  const port = await listen(createServer((socket) => void sockets.push(socket.resume())));
  const sender = syslogSender({ host: '127.0.0.1', port });
  const { promise, resolve } = Promise.withResolvers<void>();
  sender.onInterrupted?.(resolve);
  await sender.send(origin, [sender.encode(origin, stored())], new AbortController().signal);
  sockets.forEach((socket) => socket.destroy());
  await expect(promise).resolves.toBeUndefined();
});

test('once closed it holds no connection and tells of none', async () => {
  const sockets: Socket[] = [];
  const port = await listen(createServer((socket) => void sockets.push(socket.resume())));
  const sender = syslogSender({ host: '127.0.0.1', port });
  const told: string[] = [];
  sender.onInterrupted?.(() => told.push('interrupted'));
  await sender.send(origin, [sender.encode(origin, stored())], new AbortController().signal);
  sender.close?.();
  await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true);
  expect(told).toEqual([]);
});

test('nobody there: the reason is told', async () => {
  await expect(send({ host: '127.0.0.1', port: 1 })).rejects.toThrow(/ECONNREFUSED/);
});

test('a receiver that hangs does not keep the governor from ending', async () => {
  const stop = new AbortController();
  const port = await listen(createServer({ allowHalfOpen: true }, (socket) => socket.once('data', () => stop.abort())));
  await expect(send({ host: '127.0.0.1', port }, 2, stop.signal)).rejects.toThrow(/stopped/);
});
