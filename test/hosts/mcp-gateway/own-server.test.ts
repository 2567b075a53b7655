import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decide } from '../../../src/engine/policy/decide.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { startStore } from '../../../src/storage/artifact/start-store.ts';
import { goodPolicy } from '../../engine/policy/policies.ts';
import { McpClient } from '../../lab/mcp/client.ts';
import { memoryPorts, type MemoryPorts } from '../../storage/memory-ports.ts';
import { makePlace } from '../cli/run.ts';
import { Place } from '../serve/fixture.ts';

const program = new URL('../../../src/hosts/mcp-gateway/main.ts', import.meta.url).pathname;
const policy = goodPolicy(['name: pushes, commands: ["git push*"], action: deny, message: Open a pull request.'], { name: 'team' });

let place: Place;
let ports: MemoryPorts;

beforeEach(() => {
  place = new Place();
  ports = memoryPorts();
  ports.policies.use({ files: [policy] });
});
afterEach(() => place.close());

function server(): McpClient {
  const env = { PATH: '/usr/bin:/bin', HOME: place.root, COUNTERSIGN_HOME: place.home.root, CLAUDE_CODE_SESSION_ID: 'nobody-s' };
  return new McpClient([process.execPath, program, 'mcp', 'serve', '--agent', 'claude-code'], { cwd: place.root, env });
}

const newEra = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };
const called = (name: string, input: object, more: object = {}) => ({ name, arguments: input, ...more });

test.each<[string, string, string]>([
  ['the newest', '2025-11-25', '2025-11-25'],
  ['an old one', '2024-11-05', '2024-11-05'],
  ['one that nobody knows', '2099-01-01', '2025-11-25'],
])('a client with a handshake that speaks %s hears which revision holds', async (_, asked, answered) => {
  await using client = server();
  const params = { protocolVersion: asked, capabilities: {}, clientInfo: { name: 'claude-code', version: '1' } };
  expect(await client.request('initialize', params)).toMatchObject({
    result: { protocolVersion: answered, serverInfo: { name: 'countersign' } },
  });
});

test('a client without a handshake discovers the server, and is told where it speaks another revision', async () => {
  await using client = server();
  expect(await client.request('server/discover', newEra)).toMatchObject({
    result: { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
  });
  expect(await client.request('tools/list', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2031-01-01' } })).toMatchObject({
    error: { code: -32_022, data: { supported: ['2026-07-28'], requested: '2031-01-01' } },
  });
  expect(await client.request('subscriptions/listen', newEra)).toMatchObject({ error: { code: -32_601 } });
});

test.each<[string, object]>([
  ['a command', { call: '$ git push -f' }],
  ['a command without its sign', { call: 'git push -f' }],
  ['a call as text', { call: '{"tool":"Bash","arguments":{"command":"git push -f"}}' }],
  ['a call as an object', { call: { tool: 'Bash', arguments: { command: 'git push -f' } } }],
])('the governor explains %s', async (_, input) => {
  await place.run({ decide }, ports);
  await using client = server();
  expect(await client.request('tools/call', called('explain', input, newEra))).toMatchObject({
    result: { isError: false, resultType: 'complete', content: [{ text: expect.stringContaining('It is denied: Open a pull request.') }] },
  });
  expect(ports.audit.recent(10).filter(({ entry }) => entry.kind === 'decision')).toEqual([]);
});

const servers = parsePolicyFile({
  path: '/user/servers.yaml',
  layer: 'user',
  trusted: true,
  source: 'kind: ArtifactPolicy\nmetadata: {name: servers}\nspec: {defaultAction: deny}\n',
});

test.each<[string, readonly string[], string, readonly string[]]>([
  [
    'a script behind the gateway',
    ['countersign', 'mcp', 'run', '--name', 'x', '--', 'node', '/SCRIPT'],
    'denied',
    ['starts the file', '- servers/(default)'],
  ],
  ['a script that is started directly', ['node', '/SCRIPT'], 'denied', ['starts the file', 'not behind Countersign’s gateway']],
  ['a package that is not here: it is not downloaded', ['npx', '-y', 'some-server'], 'not here yet', ['some-server']],
  ['our own server', ['countersign', 'mcp', 'serve'], 'Countersign’s own server', []],
])('whether a server may start is explained: %s', async (_, words, said, more) => {
  await place.run({ decide }, { ...ports, starts: startStore({ root: place.home.root, isTrusted: () => false }) });
  ports.policies.use({ files: [servers] });
  const script = join(place.root, 'server.mjs');
  writeFileSync(script, 'process.exit(1);');
  const [command, ...args] = words.map((word) => word.replace('/SCRIPT', script));
  writeFileSync(join(place.root, '.mcp.json'), JSON.stringify({ mcpServers: { x: { command, args }, y: { command: 'true' } } }));
  await using client = server();
  const answer = await client.request('tools/call', called('explain', { server: 'x' }, newEra));
  for (const part of [`In ${join(place.root, '.mcp.json')} (claude-code):`, said, ...more])
    expect(answer).toMatchObject({ result: { isError: false, content: [{ text: expect.stringContaining(part) }] } });
  expect(ports.audit.recent(10).filter(({ entry }) => entry.kind === 'decision')).toEqual([]);
  expect(existsSync(join(place.home.root, 'mcp', 'resolved'))).toBe(false);
});

test.each<[string, string, object, string]>([
  ['a server that stands nowhere', 'explain', { server: 'nobody' }, 'No MCP server "nobody"'],
  ['a tool that is not there', 'allow_everything', {}, 'There is no tool'],
  ['a call that is no JSON', 'explain', { call: '{rm' }, 'no JSON'],
  ['a call in which a name stands twice', 'explain', { call: '{"tool":"Bash","tool":"Read"}' }, 'twice'],
  ['a request without a reason', 'request', { call: '$ ls' }, '"reason"'],
  ['a request for nothing', 'request', { reason: 'Please.' }, '"call"'],
  ['a limit beyond all measure', 'search_log', { limit: 1e9 }, '"limit"'],
  ['the log of a session that nobody knows', 'search_log', {}, 'cannot tell which session'],
])('%s is an error that the model can read', async (_, name, input, said) => {
  await place.run({ decide }, ports);
  await using client = server();
  expect(await client.request('tools/call', called(name, input))).toMatchObject({
    result: { isError: true, content: [{ text: expect.stringContaining(said) }] },
  });
});

test.each<[string, object]>([
  ['explain', { call: '$ /usr/bin/rm -rf /etc/x' }],
  ['explain', { call: JSON.stringify({ tool: 'Write', arguments: { file_path: '/etc/passwd', content: '--- a\n+++ b\n' } }) }],
  ['request', { call: JSON.stringify({ tool: 'Read', arguments: { file_path: '~/.ssh/id_rsa' } }), reason: '/etc is broken' }],
  ['search_log', { text: 'rm -rf /etc' }],
  ['explain', { server: 'github' }],
  ['status', {}],
])('the policies that we ship have nothing against %s with %j: nothing of what it names is touched', async (name, input) => {
  using cli = makePlace();
  const message = { tool_name: `mcp__countersign__${name}`, tool_input: input };
  const { stdout } = await cli.run(['check'], JSON.stringify(message));
  expect(JSON.parse(stdout)).toMatchObject({ action: 'abstain' });
});
