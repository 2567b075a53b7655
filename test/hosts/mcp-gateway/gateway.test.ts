import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decide } from '../../../src/engine/policy/decide.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';
import { goodPolicy } from '../../engine/policy/policies.ts';
import { ada, yes } from '../../governor/fixture.ts';
import { githubToken, guardrail } from '../../governor/guard-fixture.ts';
import { memoryPorts, type MemoryPorts } from '../../storage/memory-ports.ts';
import { Place, until } from '../serve/fixture.ts';
import type { RunningGovernor } from '../../../src/hosts/serve/run-governor.ts';
import { GatewayProcess, textOf } from './gateway-process.ts';

let place: Place;
let ports: MemoryPorts;
let running: RunningGovernor | undefined;

beforeEach(() => {
  place = new Place();
  ports = memoryPorts();
});
afterEach(() => place.close());

async function governed(...files: readonly PolicyFile[]): Promise<GatewayProcess> {
  ports.policies.use({ files });
  running = await place.run({ decide }, ports);
  return new GatewayProcess(place.root);
}

const denying = goodPolicy(['name: no, tools: [delete_file], action: deny, message: Never.']);
const asking = goodPolicy(['name: ask, tools: [echo], action: require_approval']);
const redacting = guardrail('{detect: [{type: secret, action: redact}]}');
const approvals = () => running?.governor.approvals() ?? [];

test('what policies have no say in goes through byte for byte, in both directions', async () => {
  await using gateway = await governed();
  const lines = [
    '{"id":"a\\u0062", "jsonrpc":"2.0","method":"odd/echo","extra":true,"params":[1e400,12345678901234567890,"\\u0041",1.0]}',
    '{"jsonrpc":"2.0","method":"notifications/odd","params":{"a":1,"a":2}}  ',
    '{"jsonrpc":"2.0","id":"server-1","result":{"roots":[]}}',
  ];
  for (const line of lines) gateway.write(line);
  await gateway.request('odd/unknown');
  expect(gateway.received().slice(0, 3)).toEqual(lines);
  expect(gateway.lines[0]).toBe(
    (lines[0] ?? '').replace('"method":"odd/echo"', '"result":{"n":1.0,"big":12345678901234567890,"u":"\\u0041","n":2}'),
  );
  expect(gateway.lines[1]).toContain('"error":{"code":-32601,"message":"no","extra":1}');
});

test('a denied tool is not in the list, all else is as the server sent it; a call of it all the same is refused and never arrives', async () => {
  await using gateway = await governed(denying);
  await gateway.initialize();
  const { result } = await gateway.request('tools/list');
  expect(result?.tools?.map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'secret']));
  expect(result?.tools?.map(({ name }) => name)).not.toContain('delete_file');
  expect(gateway.lines.at(-1)).toContain('"odd":12345678901234567000');
  const refused = await gateway.call('delete_file');
  expect([refused.isError, textOf(refused)]).toEqual([true, 'Never.']);
  expect(gateway.calls()).toEqual([]);
});

test('a call is recorded with the agent that its client says it is', async () => {
  await using gateway = await governed(denying);
  await gateway.initialize('codex-mcp-client');
  await gateway.call('echo', { value: 'hi' }, { _meta: { sessionId: 'codex-session', callId: 'c1' } });
  await until(() => ports.audit.recent(10).some(({ entry }) => entry.kind === 'outcome'));
  const entries = ports.audit
    .recent(10)
    .filter(({ entry }) => entry.callId === 'c1')
    .map(({ entry }) => entry);
  expect(entries.map(({ kind, agent, session, mcpServer, tool, callId }) => [kind, agent, session, mcpServer, tool, callId])).toEqual([
    ['outcome', 'codex', 'codex-session', 'scripted', 'echo', 'c1'],
    ['decision', 'codex', 'codex-session', 'scripted', 'echo', 'c1'],
  ]);
});

test('a guardrail takes secrets out of arguments, and of results whatever the server does to slip them through', async () => {
  await using gateway = await governed(redacting);
  await gateway.initialize();
  expect(textOf(await gateway.call('echo', { value: githubToken }))).toBe('[redacted:github-token#1]');
  expect(gateway.received().join()).not.toContain(githubToken);
  expect(await gateway.call('secret')).toMatchObject({ isError: true, structuredContent: { value: 'it is [redacted:github-token#1]' } });
  for (const trick of ['twice', 'batch', 'garbage']) await gateway.call(trick);
  expect(gateway.lines.join('\n')).not.toContain(githubToken);
  expect(gateway.lines).toContain('this is no JSON');
});

test.each([
  ['no guardrail', denying],
  ['a guardrail', redacting],
])('%s: a result that is no JSON inside is withheld, and the server stays', async (_, policy) => {
  await using gateway = await governed(policy);
  await gateway.initialize();
  expect(await gateway.call('broken')).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('It is not JSON') }] });
  expect(textOf(await gateway.call('echo', { value: 'on' }))).toBe('on');
});

test('a call that needs a person waits, with progress, and runs when approved', async () => {
  await using gateway = await governed(asking);
  await gateway.initialize();
  const call = gateway.call('echo', { value: 'hi' }, { _meta: { progressToken: 'p' } });
  await until(() => approvals().length === 1 && gateway.lines.some((line) => line.includes('notifications/progress')));
  expect(gateway.calls()).toEqual([]);
  await running?.governor.answer(approvals()[0]?.id ?? '', yes, ada);
  expect(textOf(await call)).toBe('hi');
});

test('a call is refused before its client gives up; approved later, it passes', async () => {
  ports.policies.use({ files: [asking] });
  running = await place.run({ decide }, ports);
  await using gateway = new GatewayProcess(place.root, { MCP_TOOL_TIMEOUT: '1000', CLAUDE_CODE_SESSION_ID: 's1' });
  await gateway.initialize('claude-code');
  expect(textOf(await gateway.call('echo', { value: 'hi' }))).toContain('then try again');
  await running?.governor.answer(approvals()[0]?.id ?? '', yes, ada);
  expect(textOf(await gateway.call('echo', { value: 'hi' }))).toBe('hi');
  expect(gateway.calls()).toHaveLength(1);
});

test('a call that is cancelled while it waits never reaches the server, also when it is approved in that moment', async () => {
  await using gateway = await governed(asking);
  await gateway.initialize();
  void gateway.call('echo', { value: 'never' });
  await until(() => approvals().length === 1);
  gateway.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: gateway.lastId } }));
  await until(() => approvals().length === 0);
  await gateway.request('odd/unknown');
  expect(gateway.received().join()).not.toContain('never');
});

test('the client hangs up: what waits is taken back', async () => {
  await using gateway = await governed(asking);
  await gateway.initialize();
  void gateway.call('echo', { value: 'never' });
  await until(() => approvals().length === 1);
  gateway.closeInput();
  await gateway.ended;
  await until(() => approvals().length === 0);
  expect(gateway.received().join()).not.toContain('never');
});

test('a call that the server wants to hear more about is asked about once', async () => {
  await using gateway = await governed(goodPolicy(['name: ask, tools: [more], action: require_approval']));
  await gateway.initialize();
  const meta = { _meta: { 'claudecode/toolUseId': 't1' } };
  const first = gateway.request('tools/call', { name: 'more', arguments: {}, ...meta });
  await until(() => approvals().length === 1);
  await running?.governor.answer(approvals()[0]?.id ?? '', yes, ada);
  expect((await first).result).toMatchObject({ resultType: 'input_required', requestState: 'st4te' });
  const answered = { requestState: 'st4te', inputResponses: { who: { content: { name: 'ada' } } } };
  expect(textOf(await gateway.call('more', {}, { ...meta, ...answered }))).toBe('hello ada');
  // The same once more is another call.
  void gateway.call('more', {}, { ...meta, ...answered });
  await until(() => approvals().length === 1);
});

test('200 calls at once: each gets its own answer', async () => {
  await using gateway = await governed(denying);
  await gateway.initialize();
  const values = Array.from({ length: 200 }, (_, n) => `value ${n}`);
  const results = await Promise.all(values.map((value, n) => gateway.call('slow', { value, ms: (n * 7) % 50 })));
  expect(results.map(textOf)).toEqual(values);
});

test.each<[string, string, RegExp]>([
  [
    'two requests with one id',
    '{"jsonrpc":"2.0","id":900,"method":"tools/call","params":{"name":"hang"}}\n{"jsonrpc":"2.0","id":900,"method":"tools/call","params":{"name":"echo"}}',
    /Two requests have the id 900/,
  ],
  ['a batch', '[{"jsonrpc":"2.0","id":901,"method":"tools/call","params":{"name":"echo"}}]', /no batches/],
  ['no JSON', '{"jsonrpc":"2.0","id":902,', /no message/],
  ['a method named twice', '{"jsonrpc":"2.0","id":903,"method":"ping","method":"tools/call","params":{"name":"echo"}}', /no message/],
  ['a tool named twice', '{"jsonrpc":"2.0","id":904,"method":"tools/call","params":{"name":"echo","name":"delete_file"}}', /twice/],
  [
    'an argument named twice, in other letters',
    '{"jsonrpc":"2.0","id":905,"method":"tools/call","params":{"name":"echo","arguments":{"a":1,"\\u0061":2}}}',
    /twice/,
  ],
  ['no name', '{"jsonrpc":"2.0","id":906,"method":"tools/call","params":{}}', /"code":-32602.*name\\" is missing/],
  [
    'answers that are none',
    '{"jsonrpc":"2.0","id":908,"method":"tools/call","params":{"name":"echo","inputResponses":null}}',
    /"code":-32602.*inputResponses/,
  ],
  [
    'arguments that are nested very deep',
    `{"jsonrpc":"2.0","id":907,"method":"tools/call","params":{"name":"echo","arguments":{"a":${'['.repeat(100)}${']'.repeat(100)}}}}`,
    /too deep/,
  ],
])('%s: refused, and nothing of it arrives', async (_, lines, said) => {
  await using gateway = await governed(denying);
  await gateway.initialize();
  gateway.write(lines);
  await until(() => gateway.lines.some((line) => said.test(line)));
  await gateway.request('odd/unknown');
  expect(gateway.calls().filter((line) => !line.includes('hang'))).toEqual([]);
});

test('a call without an id is left out', async () => {
  await using gateway = await governed(denying);
  gateway.write('{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}}');
  await gateway.request('odd/unknown');
  expect(gateway.calls()).toEqual([]);
});

test('a batch of the revision that has them is taken apart and judged', async () => {
  await using gateway = await governed(denying);
  await gateway.initialize('test-client', '2025-03-26');
  gateway.write(
    '[{"jsonrpc":"2.0","id":901,"method":"tools/call","params":{"name":"echo","arguments":{"value":"in"}}},{"jsonrpc":"2.0","id":902,"method":"tools/call","params":{"name":"delete_file"}}]',
  );
  await until(() => gateway.lines.filter((line) => /"id":90[12]/.test(line)).length === 2);
  expect(gateway.calls()).toHaveLength(1);
});

test('resources are asked about under their URI', async () => {
  await using gateway = await governed(goodPolicy(['name: no, tools: ["resource:file:///etc/*"], action: deny, message: Not there.']));
  await gateway.initialize();
  expect((await gateway.request('resources/read', { uri: 'file:///etc/passwd' })).error).toMatchObject({ message: 'Not there.' });
  expect((await gateway.request('resources/read', { uri: 'file:///srv/x' })).result).toMatchObject({ contents: [{ text: 'content' }] });
});

test('a flood, and then 50 MB at once, go to a client that reads late', async () => {
  await using gateway = await governed(denying);
  await gateway.initialize();
  gateway.stopReading();
  const flooded = gateway.call('flood', { lines: 20_000 });
  await until(() => gateway.calls().length === 1);
  const huge = gateway.call('huge', { bytes: 25_000_000 });
  gateway.readOn();
  expect(textOf(await flooded)).toBe('flooded');
  expect(textOf(await huge)).toHaveLength(25_000_000);
  expect(gateway.lines.filter((line) => line.includes('notifications/message'))).toHaveLength(20_000);
});

test('more than can be passed on is said, and the rest goes on', async () => {
  await using gateway = await governed(denying);
  await gateway.initialize();
  expect(textOf(await gateway.call('huge', { bytes: 40_000_000 }))).toContain('too long');
  expect(textOf(await gateway.call('echo', { value: 'hi' }))).toBe('hi');
});

test('what a guardrail cannot look through is withheld', async () => {
  await using gateway = await governed(redacting);
  await gateway.initialize();
  expect(textOf(await gateway.call('huge', { bytes: 10_000_000 }))).toContain('withheld');
});

test('the server dies in the middle of a call: the gateway ends with its code, and the call is recorded as failed', async () => {
  await using gateway = await governed(denying);
  await gateway.initialize();
  void gateway.call('die');
  expect(await gateway.ended).toEqual([7, null]);
  const outcome = ports.audit.recent(10).find(({ entry }) => entry.kind === 'outcome');
  expect(outcome?.entry.detail).toMatchObject({ status: 'failed' });
});

test.each<[NodeJS.Signals, readonly string[], readonly [number | null, NodeJS.Signals | null]]>([
  ['SIGTERM', [], [43, null]],
  ['SIGINT', [], [null, 'SIGINT']],
])('%s reaches the server, and the gateway ends as it does', async (signal, _, ended) => {
  await using gateway = await governed(denying);
  await gateway.initialize();
  gateway.signal(signal);
  expect(await gateway.ended).toEqual(ended);
});

test('a server that cannot be started: 127', async () => {
  await place.run({ decide }, ports);
  await using gateway = new GatewayProcess(place.root, {}, ['/nowhere/server']);
  expect(await gateway.ended).toEqual([127, null]);
});

test('a governor that is gone is started again', async () => {
  await using gateway = await governed(denying);
  await gateway.initialize();
  await running?.stop('for the test');
  // It may be on its way before the line is known to be gone; then it is refused.
  await gateway.call('echo', { value: 'one' });
  expect(textOf(await gateway.call('echo', { value: 'two' }))).toBe('two');
  const { client } = await place.client();
  await client.call('shutdown', { reason: 'the test is over' });
  await client.closed;
});

test('where no governor can be had no call runs, and all else flows', async () => {
  await using gateway = await governed(denying);
  await gateway.initialize();
  await running?.stop('for the test');
  rmSync(place.home.root, { recursive: true });
  expect(await gateway.call('echo', { value: 'two' })).toMatchObject({ isError: true });
  expect((await gateway.request('tools/list')).result?.tools?.length).toBeGreaterThan(10);
  expect(gateway.calls()).toEqual([]);
});

test('the governor dies while it judges: the call is refused', async () => {
  await using gateway = await governed(asking);
  await gateway.initialize();
  const call = gateway.call('echo', { value: 'never' });
  await until(() => approvals().length === 1);
  await running?.stop('for the test');
  expect((await call).isError).toBe(true);
  expect(gateway.calls()).toEqual([]);
});
