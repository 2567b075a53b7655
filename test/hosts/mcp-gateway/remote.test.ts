import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decide } from '../../../src/engine/policy/decide.ts';
import type { RunningGovernor } from '../../../src/hosts/serve/run-governor.ts';
import { goodPolicy } from '../../engine/policy/policies.ts';
import { ada, yes } from '../../governor/fixture.ts';
import { memoryPorts, type MemoryPorts } from '../../storage/memory-ports.ts';
import { Place, until } from '../serve/fixture.ts';
import { GatewayProcess, textOf } from './gateway-process.ts';
import { type Answer, beginStream, HttpMcpServer, json, said } from './http-mcp-server.ts';

let place: Place;
let ports: MemoryPorts;
let running: RunningGovernor | undefined;

beforeEach(async () => {
  place = new Place();
  ports = memoryPorts();
  ports.policies.use({
    files: [goodPolicy(['name: no, tools: [denied], action: deny, message: Never.', 'name: ask, tools: [asks], action: require_approval'])],
  });
  running = await place.run({ decide }, ports);
});
afterEach(() => place.close());

const begin = (url: string, headers = ''): GatewayProcess => new GatewayProcess(place.root, { COUNTERSIGN_MCP_HEADERS: headers }, [url]);
const message = (id: unknown, result: unknown): string => `data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`;

let attempts = 0;
const server = () =>
  new HttpMcpServer({
    ok: (response, id) => json(response, id, said('done')),
    asks: (response, id) => json(response, id, said('done after all')),
    streams: (response, id) => {
      beginStream(response);
      response.write(
        ': hello\r\n\r\nid: 1\r\ndata: {"jsonrpc":"2.0",\r\ndata: "method":"notifications/odd","params":12345678901234567890}\r\n\r\n',
      );
      response.end(message(id, said('streamed')));
    },
    twice: (response, id) => {
      beginStream(response);
      response.end(message(id, said('first')) + message(id, said('second')));
    },
    dies: (response) => {
      beginStream(response);
      response.write('data: {"jsonrpc', () => response.destroy());
    },
    hangs: (response) => beginStream(response),
    floods: (response, id) => {
      beginStream(response);
      response.write(`data: {"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":"`);
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(4 * 1024 * 1024), () => setImmediate(more));
      };
      more();
    },
    elsewhere: (response) => response.writeHead(307, { location: 'http://127.0.0.2:9/mcp' }).end(),
    'tools/redirected': (response, id) =>
      attempts++ === 0 ? response.writeHead(308, { location: '/mcp/' }).end() : json(response, id, { redirected: true }),
    unwelcome: (response) => response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('no'),
    'server/discover': (response) =>
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end('{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no session"}}'),
  });

test('what is allowed reaches the server with its session, revision and headers; what is denied is hidden and never arrives', async () => {
  await using remote = server();
  await using gateway = begin(await remote.listen(), 'Authorization: Bearer t1\nX-Team: a: b');
  await gateway.initialize();
  const { result } = await gateway.request('tools/list');
  expect(result?.tools?.map(({ name }) => name)).toEqual(['ok']);
  expect(textOf(await gateway.call('ok'))).toBe('done');
  expect(textOf(await gateway.call('denied'))).toBe('Never.');
  expect(
    remote
      .calls()
      .map(({ headers }) => [headers['authorization'], headers['x-team'], headers['mcp-session-id'], headers['mcp-protocol-version']]),
  ).toEqual([['Bearer t1', 'a: b', 'session-1', '2025-11-25']]);
  gateway.closeInput();
  expect(await gateway.ended).toEqual([0, null]);
  expect(remote.heard.at(-1)).toMatchObject({ method: 'DELETE', headers: { 'mcp-session-id': 'session-1' } });
});

/** Knows no session but its newest, and begins them as that function says. */
function forgetful(begins: (count: number) => { readonly status?: number; readonly protocolVersion?: string }) {
  let sessions = 0;
  let known = '';
  const streams: ServerResponse[] = [];
  const check =
    (then: string): Answer =>
    (response, id, { headers }) =>
      headers['mcp-session-id'] === known ? json(response, id, said(then)) : response.writeHead(404).end('gone');
  const remote = new HttpMcpServer({
    initialize: (response, id, { headers }) => {
      const { status, protocolVersion = '2025-11-25' } = begins((sessions += 1));
      if (status !== undefined || headers['mcp-session-id'] !== undefined) return void response.writeHead(status ?? 400).end();
      known = `session-${sessions}`;
      json(response, id, { protocolVersion, capabilities: {} }, { 'mcp-session-id': known });
    },
    ok: check('done'),
    missing: (response, id) =>
      response
        .writeHead(404, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32602, message: 'no such tool' } })),
    GET: (response) => {
      beginStream(response);
      response.write('retry: 20\n\n');
      streams.push(response);
    },
  });
  const forget = (): void => {
    known = '';
    streams.splice(0).forEach((stream) => stream.end());
  };
  return { remote, forget };
}

test('a session that the server has forgotten is begun again, once for all that it did not know, and each call runs once', async () => {
  const { remote, forget } = forgetful(() => ({}));
  await using _ = remote;
  await using gateway = begin(await remote.listen());
  await gateway.initialize();
  await gateway.request('tools/list');
  expect(textOf(await gateway.call('ok'))).toBe('done');
  const streams = (session: string) =>
    remote.heard.filter(({ method, headers }) => method === 'GET' && headers['mcp-session-id'] === session).length;
  await until(() => streams('session-1') === 1);
  forget();
  const both = await Promise.all([gateway.call('ok'), gateway.call('ok')]);
  expect(both.map(textOf)).toEqual(['done', 'done']);
  const sent = (method: string) => remote.heard.filter(({ body }) => body.includes(`"${method}"`));
  expect(sent('initialize').map(({ headers }) => headers['mcp-session-id'])).toEqual([undefined, undefined]);
  expect(sent('notifications/initialized').map(({ headers }) => headers['mcp-session-id'])).toEqual(['session-1', 'session-2']);
  expect(remote.calls().filter(({ headers }) => headers['mcp-session-id'] === 'session-2')).toHaveLength(2);
  expect(running?.governor.activity(50).filter(({ entry }) => entry.kind === 'decision' && entry.tool === 'ok')).toHaveLength(3);
  expect(gateway.lines.filter((line) => line.includes('list_changed'))).toEqual([
    expect.stringContaining('notifications/tools/list_changed'),
  ]);
  // Longer than the old session's stream waits before it is asked for again.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(streams('session-2')).toBe(1);
});

test('a request that the server answers itself, with 404, is made once, in the session that it was made in', async () => {
  const { remote } = forgetful(() => ({}));
  await using _ = remote;
  await using gateway = begin(await remote.listen());
  await gateway.initialize();
  await expect(gateway.call('missing')).rejects.toThrow('no such tool');
  expect(remote.calls()).toHaveLength(1);
  expect(remote.heard.filter(({ body }) => body.includes('"initialize"'))).toHaveLength(1);
});

test.each([
  ['that begins no other', { status: 500 }, 'begins no other'],
  ['that speaks another revision now', { protocolVersion: '2025-06-18' }, 'speaks another revision now'],
])('a server %s is not spoken to again, and the client hears why', async (_, then, why) => {
  const { remote, forget } = forgetful((count) => (count === 1 ? {} : then));
  await using _remote = remote;
  await using gateway = begin(await remote.listen());
  await gateway.initialize();
  forget();
  await expect(gateway.call('ok')).rejects.toThrow(why);
  expect(remote.calls()).toHaveLength(1);
});

test('events go on as they come, one a line, and otherwise as they were written', async () => {
  await using remote = server();
  await using gateway = begin(await remote.listen());
  await gateway.initialize();
  expect(textOf(await gateway.call('streams'))).toBe('streamed');
  expect(gateway.lines).toContain('{"jsonrpc":"2.0", "method":"notifications/odd","params":12345678901234567890}');
});

test('a call that asks a person reaches the server once it is approved', async () => {
  await using remote = server();
  await using gateway = begin(await remote.listen());
  await gateway.initialize();
  const answer = gateway.call('asks');
  const open = () => running?.governor.approvals() ?? [];
  await until(() => open().length === 1);
  expect(remote.calls()).toEqual([]);
  await running?.governor.answer(open()[0]?.id ?? '', yes, ada);
  expect(textOf(await answer)).toBe('done after all');
});

test.each([
  ['twice', 'first'],
  ['dies', 'No answer from the MCP server at http://127.0.0.1'],
  ['floods', 'too long to be passed on'],
  ['elsewhere', 'redirects to http://127.0.0.2:9, which is not followed'],
  ['unwelcome', 'it answers 401'],
])('a server that %s: one answer, and the next call runs', async (tool, expected) => {
  await using remote = server();
  await using gateway = begin(await remote.listen(), 'Authorization: Bearer t1');
  await gateway.initialize();
  const answer = await gateway.request('tools/call', { name: tool, arguments: {} });
  expect(JSON.stringify(answer)).toContain(expected);
  expect(textOf(await gateway.call('ok'))).toBe('done');
  expect(gateway.lines.filter((line) => line.includes('"second"'))).toEqual([]);
});

test('the revision without sessions: its headers say what the body says, and a cancelled call ends its request', async () => {
  await using remote = server();
  await using gateway = begin(await remote.listen());
  const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  expect(textOf(await gateway.call('ok', {}, { _meta }))).toBe('done');
  expect(remote.calls()[0]?.headers).toMatchObject({ 'mcp-method': 'tools/call', 'mcp-name': 'ok', 'mcp-protocol-version': '2026-07-28' });
  void gateway.request('tools/call', { name: 'hangs', arguments: {}, _meta });
  await until(() => remote.calls().length === 2);
  gateway.write(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${gateway.lastId}}}`);
  await until(() => remote.aborted.length === 1);
  expect(remote.aborted[0]).toContain('"hangs"');
});

test('arguments that the server wants in headers are there once its tools were listed; a tool that no header can serve is hidden', async () => {
  const regional = (header: string) => ({ type: 'object', properties: { region: { type: 'string', 'x-mcp-header': header } } });
  await using remote = new HttpMcpServer({
    'tools/list': (response, id) =>
      json(response, id, {
        tools: [
          { name: 'ok', inputSchema: regional('Region') },
          { name: 'odd', inputSchema: regional('no header') },
        ],
      }),
    ok: (response, id) => json(response, id, said('done')),
  });
  await using gateway = begin(await remote.listen());
  const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  const listed = await gateway.request('tools/list', { _meta });
  expect(listed.result).toEqual({ tools: [{ name: 'ok', inputSchema: regional('Region') }] });
  await gateway.call('ok', { region: 'Zürich' }, { _meta });
  await gateway.call('ok', { region: null, other: 'said in the body only' }, { _meta });
  const headers = remote.calls().map((call) => Object.entries(call.headers).filter(([name]) => name.startsWith('mcp-param-')));
  expect(headers).toEqual([[['mcp-param-region', '=?base64?WsO8cmljaA==?=']], []]);
});

test('a refusal that names no request answers the request all the same; a redirect within the origin is followed', async () => {
  await using remote = server();
  await using gateway = begin(await remote.listen());
  expect((await gateway.request('server/discover')).error?.['message']).toContain('it answers 400');
  expect((await gateway.request('tools/redirected')).result).toEqual({ redirected: true });
});

test('what a header names of the environment is filled in; where it is missing, the server does not start, and it is said', async () => {
  await using remote = server();
  const lines = 'Authorization: Bearer ${env:TEAM_TOKEN}\nX-Team: ${env:TEAM:-a}\nX-Other: ${env:OTHER:-}';
  const url = await remote.listen();
  await using gateway = new GatewayProcess(place.root, { COUNTERSIGN_MCP_HEADERS: lines, TEAM_TOKEN: 't1' }, [url]);
  await gateway.initialize();
  await gateway.call('ok');
  expect(remote.calls()[0]?.headers).toMatchObject({ authorization: 'Bearer t1', 'x-team': 'a' });
  expect(remote.calls()[0]?.headers).not.toHaveProperty('x-other');
  await using other = begin(url, lines);
  expect((await other.request('initialize')).error?.['message']).toContain('TEAM_TOKEN is not set');
  await using odd = new GatewayProcess(place.root, { COUNTERSIGN_MCP_HEADERS: lines, TEAM_TOKEN: 't1\nHost: x' }, [url]);
  expect((await odd.request('initialize')).error?.['message']).toContain('TEAM_TOKEN has a line break');
});

test('headers are not sent where nobody encrypts them', async () => {
  await using gateway = begin('http://mcp.example.test/mcp', 'Authorization: Bearer t1');
  gateway.write('{"jsonrpc":"2.0","id":1,"method":"ping"}');
  expect(await gateway.ended).toEqual([1, null]);
});
