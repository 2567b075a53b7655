import { afterEach, beforeEach, expect, test } from 'vitest';
import { decide } from '../../../src/engine/policy/decide.ts';
import type { RunningGovernor } from '../../../src/hosts/serve/run-governor.ts';
import { remoteToken, saveRemotes } from '../../../src/storage/mcp-remotes.ts';
import { goodPolicy } from '../../engine/policy/policies.ts';
import { ada, yes } from '../../governor/fixture.ts';
import { memoryPorts, type MemoryPorts } from '../../storage/memory-ports.ts';
import { Place, until } from '../serve/fixture.ts';
import { beginStream, HttpMcpServer, json, said } from './http-mcp-server.ts';

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

const server = () =>
  new HttpMcpServer({
    ok: (response, id) => json(response, id, said('done')),
    echo: (response, id, { body }) => json(response, id, said(JSON.parse(body).params.arguments.text)),
    asks: (response, id) => json(response, id, said('done after all')),
    streams: (response, id) => {
      beginStream(response);
      response.write('id: 7\ndata: {"jsonrpc":"2.0","method":"notifications/odd","params":12345678901234567890}\n\n');
      response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result: said('streamed') })}\n\n`);
    },
    // For some clients each of these ends a line.
    smuggles: (response, id) => {
      beginStream(response);
      response.write(`id: 1\rdata: {"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"smuggled":1}}\r\r\n`);
      response.end(
        `data: {"jsonrpc":"2.0","method":"notifications/odd",\rdata: "smuggled":2}\n\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result: said('streamed') })}\n\n`,
      );
    },
    later: (response, id) => json(response, id, { resultType: 'task', taskId: 't1', status: 'working' }),
    'tasks/get': (response, id) => json(response, id, { taskId: 't1', status: 'completed', result: said('at last') }),
    breaks: (response) => response.destroy(),
    hangs: (response) => beginStream(response),
    lost: (response) => response.writeHead(404).end(),
    unwelcome: (response) => response.writeHead(401).end(),
  });

const address = (name = 'lab', token = remoteToken(place.home, name)): string =>
  `http://127.0.0.1:${running?.port}/v1/mcp/${name}/${token}`;

async function post(message: object, headers: Readonly<Record<string, string>> = {}, to = address(), signal?: AbortSignal) {
  return fetch(to, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    ...(signal === undefined ? {} : { signal }),
  });
}

const session = { 'mcp-session-id': 'session-1', 'mcp-protocol-version': '2025-11-25' };
const call = (name: string, id: unknown = 5) => ({ id, method: 'tools/call', params: { name, arguments: {} } });
const initialize = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', clientInfo: { name: 'lab-client', version: '1' } },
};

async function serving(remote: HttpMcpServer, headers = ''): Promise<void> {
  saveRemotes(place.home, { lab: { url: await remote.listen(), headers } });
}

test('what is allowed reaches the server with its session and the headers that we keep; what is denied is hidden and never arrives', async () => {
  await using remote = server();
  await serving(remote, 'Authorization: Bearer t1');
  const hello = await post(initialize);
  expect(hello.headers.get('mcp-session-id')).toBe('session-1');
  expect((await post({ method: 'notifications/initialized' }, session)).status).toBe(202);
  expect((await (await post({ id: 2, method: 'tools/list' }, session)).json()).result.tools).toEqual([{ name: 'ok' }]);
  expect(await (await post(call('ok'), session)).json()).toEqual({ jsonrpc: '2.0', id: 5, result: said('done') });
  expect(JSON.stringify(await (await post(call('denied'), session)).json())).toContain('Never.');
  expect(
    remote.calls().map(({ headers }) => [headers['authorization'], headers['mcp-session-id'], headers['mcp-protocol-version']]),
  ).toEqual([['Bearer t1', 'session-1', '2025-11-25']]);
});

test('a stream goes through event by event, with the places where it can be gone on with, and numbers as they were', async () => {
  await using remote = server();
  await serving(remote);
  await post(initialize);
  const response = await post(call('streams', 'a'), session);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const text = await response.text();
  expect(text).toContain('id: 7\nevent: message\ndata: {"jsonrpc":"2.0","method":"notifications/odd","params":12345678901234567890}\n\n');
  expect(text).toContain('data: {"jsonrpc":"2.0","id":"a","result":{"content":[{"type":"text","text":"streamed"}]}}\n\n');
});

test('a call that became a task is asked about in another session, or in none; of others nothing is heard', async () => {
  await using remote = server();
  await serving(remote);
  await post(initialize);
  await post(call('later'), session);
  const ask = async (taskId: string, headers = {}) => (await post({ id: 6, method: 'tasks/get', params: { taskId } }, headers)).json();
  for (const headers of [session, {}]) expect(await ask('t1', headers)).toMatchObject({ id: 6, result: { result: said('at last') } });
  expect(await ask('t2')).toMatchObject({ id: 6, error: { code: -32602 } });
});

test('what a server writes beside a message begins no message of its own', async () => {
  await using remote = server();
  await serving(remote);
  await post(initialize);
  const text = await (await post(call('smuggles'), session)).text();
  const messages = text.split(/\r\n|\r|\n/).filter((line) => line.startsWith('data:'));
  expect(messages).toEqual([expect.stringContaining('streamed')]);
});

test('nothing gets through without the token, from a web page, or in a form that two readers may read differently', async () => {
  await using remote = server();
  await serving(remote);
  const raw = async (method: string, body: string) => (await fetch(address(), { method, body })).status;
  const other = remoteToken(place.home, 'other');
  expect({
    'a wrong token': (await post(initialize, {}, address('lab', 'f'.repeat(64)))).status,
    'the token of another server': (await post(initialize, {}, address('lab', other))).status,
    'a server that nobody has added': (await post(initialize, {}, address('unknown'))).status,
    'a web page': (await post(initialize, { origin: 'https://example.com' })).status,
    'more messages than one': await raw('POST', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]'),
    'a name that stands twice': await raw('POST', '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}'),
    'headers that say another tool than the body': (await post(call('ok'), { 'mcp-name': 'denied' })).status,
    'another method of HTTP': await raw('PUT', '{}'),
  }).toEqual({
    'a wrong token': 404,
    'the token of another server': 404,
    'a server that nobody has added': 404,
    'a web page': 403,
    'more messages than one': 400,
    'a name that stands twice': 400,
    'headers that say another tool than the body': 400,
    'another method of HTTP': 405,
  });
  expect(remote.heard).toEqual([]);
});

test('a call that waits for a person: it runs once they agree; one whose client has gone never runs', async () => {
  await using remote = server();
  await serving(remote);
  await post(initialize);
  const asked = post({ ...call('asks'), params: { ...call('asks').params, _meta: { progressToken: 1 } } }, session);
  const open = () => running?.governor.approvals() ?? [];
  await until(() => open().length === 1);
  await running?.governor.answer(open()[0]?.id ?? '', yes, ada);
  expect(await (await asked).text()).toContain('done after all');

  const leaving = new AbortController();
  const gone = post({ ...call('asks', 6), params: { name: 'asks', arguments: { again: true } } }, session, address(), leaving.signal).catch(
    () => 'gone',
  );
  await until(() => open().length === 1);
  leaving.abort();
  expect(await gone).toBe('gone');
  // Nobody is asked any more.
  await until(() => open().length === 0);
  expect(await (await post(call('ok', 7), session)).text()).toContain('done');
  expect(remote.calls().filter(({ body }) => body.includes('again'))).toEqual([]);
});

test('clients without a session may use the same ids at once: each gets its own answer', { timeout: 60_000 }, async () => {
  await using remote = server();
  await serving(remote);
  const meta = (name: string) => ({
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name },
  });
  const one = (tool: string, client: string) =>
    post(
      { id: 1, method: 'tools/call', params: { name: tool, arguments: {}, _meta: meta(client) } },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': tool },
    );
  const answers = await Promise.all([one('ok', 'a'), one('denied', 'a'), one('ok', 'b'), one('streams', 'a')]);
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  expect(texts.map((text) => /done|Never|streamed/.exec(text)?.[0])).toEqual(['done', 'Never', 'done', 'streamed']);
  const numbers = Array.from({ length: 200 }, (_, index) => index);
  const echo = async (id: number) =>
    (await post({ id, method: 'tools/call', params: { name: 'echo', arguments: { text: `call ${id}` } } })).json();
  const echoed = await Promise.all(numbers.map(echo));
  expect(echoed.map(({ id, result }) => [id, result.content[0].text])).toEqual(numbers.map((id) => [id, `call ${id}`]));
});

test('a server that fails in one way or another: the client hears of it, and the next call runs', async () => {
  await using remote = server();
  await serving(remote);
  await post(initialize);
  for (const [tool, status, text] of [
    ['breaks', 200, 'could not be reached'],
    ['lost', 404, 'answers 404'],
    ['unwelcome', 200, 'countersign mcp login'],
  ] as const) {
    const response = await post(call(tool), session);
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(text)]);
  }
  expect(await (await post(call('ok', 9), session)).text()).toContain('done');
});

test('a governor that ends takes no call with it, and its successor serves the same address', async () => {
  await using remote = server();
  await serving(remote);
  await post(initialize);
  const to = address();
  await running?.stop('the test');
  await expect(post(call('ok'), session, to)).rejects.toThrow('fetch failed');
  running = await place.run({ decide }, ports);
  expect(await (await post(call('ok'), session, to)).text()).toContain('done');
  expect(remote.calls()).toHaveLength(1);
});
