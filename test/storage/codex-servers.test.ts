import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod/mini';
import { codexServers } from '../../src/storage/codex-servers.ts';
import { temporaryFolder } from './folder.ts';

const argv = ['/opt/codex', 'app-server', '--listen', 'unix://'];
const asked = z.object({ id: z.optional(z.number()), method: z.string(), params: z.optional(z.record(z.string(), z.unknown())) });
type Asked = z.infer<typeof asked>;

const results: Readonly<Record<string, unknown>> = {
  initialize: {},
  'thread/loaded/list': { data: ['mine', 'other'] },
  'thread/read': { thread: { sessionId: 'other' } },
  'thread/turns/list': { data: [{ id: 't1', status: 'inProgress' }] },
  'turn/interrupt': {},
  'thread/backgroundTerminals/clean': {},
};

/** How a server may speak: whole frames, or whatever else. */
type Manner = (socket: Socket, message: Asked, answer: string) => void;

/** A server on a socket of this machine, as Codex has one; resolves with its home and what it was asked. */
async function serverThat(speaks: Manner, status = '101 Switching Protocols') {
  const home = temporaryFolder();
  mkdirSync(join(home, 'app-server-control'));
  const heard: Asked[] = [];
  const server = createServer();
  const open = new Set<Socket>();
  server.on('upgrade', ({ headers }, socket: Socket) => {
    open.add(socket);
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 ${status}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.on('data', (bytes: Buffer) => {
      for (const text of unmasked(bytes)) {
        const message = z.parse(asked, JSON.parse(text));
        heard.push(message);
        if (message.id !== undefined) speaks(socket, message, JSON.stringify({ id: message.id, result: results[message.method] }));
      }
    });
    socket.on('error', () => undefined);
  });
  server.listen(join(home, 'app-server-control', 'app-server-control.sock'));
  await once(server, 'listening');
  onTestFinished(() => {
    open.forEach((socket) => socket.destroy());
    server.close();
  });
  return { home, heard };
}

function* unmasked(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length;) {
    const short = (bytes[at + 1] ?? 0) & 127;
    const begin = at + (short === 126 ? 4 : 2);
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short;
    const mask = bytes.subarray(begin, begin + 4);
    const payload = bytes.subarray(begin + 4, begin + 4 + length);
    yield Buffer.from(payload.map((byte, n) => byte ^ (mask[n % 4] ?? 0))).toString();
    at = begin + 4 + length;
  }
}

function frame(text: string, first = 0x81): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = length < 126 ? [first, length] : length < 65_536 ? [first, 126, length >> 8, length & 255] : undefined;
  if (head !== undefined) return Buffer.concat([Buffer.from(head), payload]);
  const long = Buffer.alloc(10);
  long.set([first, 127]);
  long.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([long, payload]);
}

const servers = (home: string, ms = 20_000) => codexServers({ wordsOf: () => [...argv, 'HOME=/nowhere', `CODEX_HOME=${home}`], ms });

test.each<[string, Manner]>([
  ['in whole frames', (socket, _, answer) => void socket.write(frame(answer))],
  [
    'in pieces of three bytes',
    (socket, _, answer) => {
      const bytes = frame(answer);
      for (let at = 0; at < bytes.length; at += 3) socket.write(bytes.subarray(at, at + 3));
    },
  ],
  ['with a ping before each', (socket, _, answer) => void socket.write(Buffer.concat([frame('', 0x89), frame(answer)]))],
  ['with long frames', (socket, _, answer) => void socket.write(frame(`${answer.slice(0, -1)},"x":"${'y'.repeat(70_000)}"}`))],
  [
    'with news and questions of its own before each answer',
    (socket, { id }, answer) => {
      socket.write(frame('{"method":"thread/status/changed","params":{}}'));
      socket.write(frame(JSON.stringify({ id, method: 'item/commandExecution/requestApproval', params: {} })));
      socket.write(frame(answer));
    },
  ],
])('a server that answers %s ends the session’s turn, and no other', async (_, speaks) => {
  const { home, heard } = await serverThat(speaks);
  await servers(home).end(7, 'mine');
  const ended = heard.filter(({ method }) => method === 'turn/interrupt' || method.endsWith('/clean'));
  expect(ended.map(({ method, params }) => [method, params])).toEqual([
    ['turn/interrupt', { threadId: 'mine', turnId: 't1' }],
    ['thread/backgroundTerminals/clean', { threadId: 'mine' }],
  ]);
});

test.each<[string, Manner, string]>([
  ['says nothing', () => undefined, 'it did not answer within 0.3 s'],
  [
    'stops halfway',
    (socket, { method }, answer) => void (method === 'turn/interrupt' || socket.write(frame(answer))),
    'it did not answer within 0.3 s',
  ],
  ['hangs up', (socket) => void socket.destroy(), 'it closed the connection'],
  ['says goodbye', (socket) => void socket.write(frame('', 0x88)), 'it closed the connection'],
  ['talks nonsense', (socket) => void socket.write(frame('nonsense')), 'not valid JSON'],
  ['speaks in parts', (socket, _, answer) => void socket.write(frame(answer.slice(0, 4), 0x01)), 'it closed the connection'],
  [
    'never comes to an end',
    (socket) => void socket.write(Buffer.concat([Buffer.from([0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0]), Buffer.alloc(5 * 1024 * 1024)])),
    'it says too much',
  ],
  [
    'objects',
    (socket, { id }) => void socket.write(frame(JSON.stringify({ id, error: { code: 1, message: 'not today' } }))),
    'it answered: not today',
  ],
])('a server that %s has not ended the session', async (_, speaks, why) => {
  const { home } = await serverThat(speaks);
  // Whoever speaks is given the time that a busy machine takes.
  await expect(servers(home, why.includes('0.3 s') ? 300 : 20_000).end(7, 'mine')).rejects.toThrow(why);
});

test('nor has one that speaks something else, or is not there', async () => {
  const { home } = await serverThat(() => undefined, '403 Forbidden');
  await expect(servers(home).end(7, 'mine')).rejects.toThrow('403 Forbidden');
  await expect(servers(temporaryFolder()).end(7, 'mine')).rejects.toThrow('ENOENT');
});

test.each<[readonly string[], boolean]>([
  [argv, true],
  [['/opt/codex', 'app-server'], false],
  [['/opt/codex', 'exec', 'go'], false],
  [['/opt/editor', 'app-server', '--listen', 'unix://'], false],
  [[], false],
])('whether %j is a server of several sessions: %s', (line, isShared) => {
  expect(codexServers({ wordsOf: () => line }).isShared(7)).toBe(isShared);
});

test('a process that is none, or is gone, is no such server', () => {
  const real = codexServers();
  expect([process.pid, 999_999_999].map(real.isShared)).toEqual([false, false]);
});
