/** The fixture over HTTP on loopback, in both eras at one address. Says where it is as soon as it listens. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  isLegacyRequest,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { Events } from './events.mjs';
import { fixture } from './fixture.mjs';

const stateless = createMcpHandler(() => fixture(stateless.notify), { legacy: 'reject' });
const sessions = new Map();

async function answer(request) {
  const refusal =
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ?? originValidationResponse(request, localhostAllowedOrigins());
  if (refusal !== undefined) return refusal;
  return (await isLegacyRequest(request)) ? withSession(request) : stateless.fetch(request);
}

async function withSession(request) {
  const id = request.headers.get('mcp-session-id');
  if (id === null) return (await newSession()).handleRequest(request);
  return sessions.get(id)?.handleRequest(request) ?? gone();
}

async function newSession() {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
    eventStore: new Events(),
    retryInterval: 100,
  });
  await fixture(stateless.notify).connect(transport);
  return transport;
}

function gone() {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } }, { status: 404 });
}

const server = createServer(toNodeHandler({ fetch: answer }));
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}/mcp\n`));
