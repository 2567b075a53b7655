import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { otlpSender } from '../../../src/channel/export/otlp-sender.ts';
import { TryLater } from '../../../src/channel/export/sender.ts';
import { decodeOtlp } from '../../engine/audit/export/otlp-schema.ts';
import { origin, stored } from '../../engine/audit/export/stored.ts';

/** A collector; returns its address. */
async function collector(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void): Promise<string> {
  const server = createServer((request, response) => void text(request).then((body) => answer(request, response, body)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
}

function send(url: string, headers = {}): Promise<void> {
  const sender = otlpSender(url, headers);
  return sender.send(origin, [sender.encode(origin, stored())], new AbortController().signal);
}

test('a collector gets a request that it can read, with the headers that were configured', async () => {
  const got: { body: string; headers: IncomingMessage['headers'] }[] = [];
  const url = await collector((request, response, body) => {
    got.push({ body, headers: request.headers });
    response.end('{}');
  });
  await send(url, { authorization: 'Bearer x' });
  expect(got[0]?.headers).toMatchObject({ authorization: 'Bearer x', 'content-type': 'application/json' });
  expect(decodeOtlp(got[0]?.body ?? '')).toHaveLength(1);
});

test.each([
  ['taken', '{}'],
  ['taken without a word', ''],
  ['taken with a warning', '{"partialSuccess":{"errorMessage":"old"}}'],
])('%s: it has arrived', async (_, body) => {
  const url = await collector((__, response) => void response.end(body));
  await expect(send(url)).resolves.toBeUndefined();
});

test.each([
  ['a part is thrown away', 200, '{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"too old"}}', /rejected 3 entries: too old/],
  ['not understood', 400, '', /answered 400/],
  ['not allowed', 401, '', /answered 401/],
  ['broken', 500, '', /answered 500/],
])('%s: it has not arrived', async (_, status, body, failure) => {
  const url = await collector((__, response) => void response.writeHead(status).end(body));
  await expect(send(url)).rejects.toThrow(failure);
});

test('when it says how long to wait, that is kept', async () => {
  const url = await collector((_, response) => void response.writeHead(503, { 'retry-after': '7' }).end());
  const error = await send(url).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TryLater);
  expect(error).toMatchObject({ afterMs: 7000 });
});

test('the log is not sent where a collector points to', async () => {
  const elsewhere: string[] = [];
  const other = await collector((_, response, body) => {
    elsewhere.push(body);
    response.end();
  });
  const url = await collector((_, response) => void response.writeHead(307, { location: other }).end());
  await expect(send(url)).rejects.toThrow(/redirect/);
  expect(elsewhere).toEqual([]);
});

test('nobody there: the reason is told', async () => {
  await expect(send('http://127.0.0.1:1/')).rejects.toThrow(/ECONNREFUSED|bad port/);
});
