import { createHmac } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Reply } from '../../src/agents/agent.ts';
import { startHookEndpoint, type HookEndpoint } from '../../src/channel/http-server.ts';
import { telemetryTokenOf } from '../../src/channel/token.ts';

const hookToken = 'h'.repeat(64);
const clientToken = 'c'.repeat(64);
type Hook = (agent: string, message: unknown, signal: AbortSignal) => Promise<Reply>;

let endpoint: HookEndpoint;
let hook: Hook;
let faults: unknown[];

beforeEach(async () => {
  faults = [];
  hook = () => Promise.resolve(replyOf({}));
  endpoint = await startHookEndpoint({
    port: 0,
    hookToken,
    clientToken,
    hook: (...call) => hook(...call),
    onFault: (error) => faults.push(error),
  });
});
afterEach(() => endpoint.close());

function replyOf(body: Reply['http']['body'], status = 200): Reply {
  return { http: { status, body }, command: { stdout: '', stderr: '', exitCode: 0 } };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
}

function post(body: string | Buffer = '{}', options: Sent = {}): Promise<Answer> {
  const { headers, ...rest } = options;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: endpoint.port,
        method: 'POST',
        path: '/v1/hooks/claude-code',
        headers: { authorization: `Bearer ${hookToken}`, 'content-type': 'application/json', ...headers },
        ...rest,
      },
      (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

test('a message reaches the governor, and its reply comes back', async () => {
  let heard: unknown;
  hook = (agent, message) => {
    heard = { agent, message };
    return Promise.resolve(replyOf({ hello: 'ä' }));
  };
  const answer = await post('{"a":[1]}');
  expect(heard).toEqual({ agent: 'claude-code', message: { a: [1] } });
  expect([answer.status, answer.body, answer.headers.connection]).toEqual([200, '{"hello":"ä"}', 'close']);
});

test.each<[string, number, Sent, string?]>([
  ['no token', 401, { headers: { authorization: '' } }],
  ['a wrong token', 401, { headers: { authorization: `Bearer ${clientToken}` } }],
  ['another host', 403, { headers: { host: 'evil.example:80' } }],
  ['a host without our port', 403, { headers: { host: '127.0.0.1' } }],
  ['a web page', 403, { headers: { origin: 'http://127.0.0.1' } }],
  ['another method', 405, { method: 'PUT' }],
  ['another path', 404, { path: '/v1/hooks/' }],
  ['a path with something behind', 404, { path: '/v1/hooks/claude-code/x' }],
  ['a form', 415, { headers: { 'content-type': 'text/plain' } }],
  ['no JSON', 400, {}, '{'],
  ['nothing', 400, {}, ''],
  ['a length beyond the limit', 413, { headers: { 'content-length': 33 * 1024 * 1024 } }],
])('%s: %i, and the governor hears nothing', async (_, status, options, body = '{}') => {
  let heard = false;
  hook = () => {
    heard = true;
    return Promise.resolve(replyOf({}));
  };
  const answer = await post(body, options);
  expect([answer.status, heard]).toEqual([status, false]);
  expect(JSON.parse(answer.body)).toEqual({ error: expect.any(String) });
});

const telemetryPath = '/v1/otlp/v1/logs';
const telemetryToken = { authorization: `Bearer ${telemetryTokenOf(hookToken)}` };

test('without telemetry there is nothing at its address', async () => {
  expect((await post('{}', { path: telemetryPath })).status).toBe(404);
});

test.each<[string, number, Sent, boolean]>([
  ['switched on', 200, {}, true],
  ['switched off', 404, {}, false],
  ['the token of hooks', 401, { headers: { authorization: `Bearer ${hookToken}` } }, true],
  ['metrics', 404, { path: '/v1/otlp/v1/metrics' }, true],
  ['no token', 401, { headers: { authorization: '' } }, true],
  ['a web page', 403, { headers: { origin: 'http://127.0.0.1' } }, true],
  ['more than a batch can be', 413, { headers: { 'content-length': 5 * 1024 * 1024 } }, true],
])('telemetry, %s: %i, and never a hook', async (_, status, { headers, ...options }, isOn) => {
  let heard = false;
  const listening = { port: 0, hookToken, clientToken, onFault: (error: unknown) => faults.push(error) };
  hook = () => {
    heard = true;
    return Promise.resolve(replyOf({}));
  };
  await endpoint.close();
  endpoint = await startHookEndpoint({ ...listening, hook, telemetry: () => isOn });
  const answer = await post('{}', { path: telemetryPath, headers: { ...telemetryToken, ...headers }, ...options });
  expect([answer.status, heard, faults]).toEqual([status, false, []]);
  expect(answer.body === '{}').toBe(status === 200);
});

test('what telemetry carries opens no hook', async () => {
  expect((await post('{}', { headers: telemetryToken })).status).toBe(401);
});

test('localhost is us too', async () => {
  expect((await post('{}', { headers: { host: `localhost:${endpoint.port}` } })).status).toBe(200);
});

test('bytes that are not UTF-8 are refused', async () => {
  expect((await post(Buffer.from([0x22, 0xff, 0x22]))).status).toBe(400);
});

test('a governor that throws is a 500, and does not tell why', async () => {
  hook = () => Promise.reject(new Error('secret detail'));
  const answer = await post();
  expect([answer.status, answer.body.includes('secret')]).toEqual([500, false]);
  expect(faults).toHaveLength(1);
});

test('a body of 24 MiB is read', async () => {
  hook = (_, message) => Promise.resolve(replyOf({ length: JSON.stringify(message).length }));
  const text = JSON.stringify({ a: 'x'.repeat(24 * 1024 * 1024) });
  expect(JSON.parse((await post(text)).body)).toEqual({ length: text.length });
});

test('a body that grows beyond the limit is cut off', async () => {
  const sent = request({
    host: '127.0.0.1',
    port: endpoint.port,
    method: 'POST',
    path: '/v1/hooks/claude-code',
    headers: { authorization: `Bearer ${hookToken}` },
  });
  const status = new Promise<number | string>((resolve) => {
    sent.on('response', (response) => resolve(response.statusCode ?? 0));
    sent.on('error', (error) => resolve(error.message));
  });
  const chunk = Buffer.alloc(1024 * 1024, 0x20);
  for (let i = 0; i < 40 && !sent.destroyed; i += 1) sent.write(chunk);
  expect(await status).not.toBe(200);
  sent.destroy();
});

test('an agent that goes away is noticed', async () => {
  const gone = new Promise<void>((resolve) => {
    hook = (_, _message, signal) => {
      signal.addEventListener('abort', () => resolve());
      socket.destroy();
      return new Promise(() => undefined);
    };
  });
  const socket = connect(endpoint.port, '127.0.0.1');
  socket.write(
    `POST /v1/hooks/claude-code HTTP/1.1\r\nHost: 127.0.0.1:${endpoint.port}\r\nAuthorization: Bearer ${hookToken}\r\nContent-Length: 2\r\n\r\n{}`,
  );
  await gone;
  expect(faults).toEqual([]);
});

test('an agent that goes away in the middle of its message is no fault of ours', async () => {
  const socket = connect(endpoint.port, '127.0.0.1');
  const head = `POST /v1/hooks/claude-code HTTP/1.1\r\nHost: 127.0.0.1:${endpoint.port}\r\nAuthorization: Bearer ${hookToken}\r\nContent-Length: 20\r\n\r\n{`;
  await new Promise((resolve) => socket.write(head, resolve));
  await post();
  socket.destroy();
  await post();
  await endpoint.close();
  expect(faults).toEqual([]);
});

test('the health answer proves whose port it is', async () => {
  const nonce = 'n'.repeat(32);
  const answer = await post('', { method: 'GET', path: `/v1/health?nonce=${nonce}`, headers: { authorization: '' } });
  expect(JSON.parse(answer.body)).toEqual({ proof: createHmac('sha256', clientToken).update(nonce).digest('hex') });
  expect((await post('', { method: 'GET', path: '/v1/health' })).status).toBe(400);
});

test('it listens on this machine only, and gives its port back', async () => {
  const { port } = endpoint;
  await expect(startHookEndpoint({ port, hookToken, clientToken, hook, onFault: () => undefined })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await endpoint.close();
  endpoint = await startHookEndpoint({ port, hookToken, clientToken, hook, onFault: () => undefined });
  expect(endpoint.port).toBe(port);
});

test('closing cuts what is still open', async () => {
  const started = new Promise<void>((resolve) => {
    hook = () => {
      resolve();
      return new Promise(() => undefined);
    };
  });
  const answer = post().catch((error: unknown) => error);
  await started;
  await endpoint.close();
  expect(await answer).toBeInstanceOf(Error);
});
