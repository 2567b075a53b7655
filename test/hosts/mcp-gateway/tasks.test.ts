import { afterEach, beforeEach, expect, test } from 'vitest';
import { decide } from '../../../src/engine/policy/decide.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';
import { goodPolicy } from '../../engine/policy/policies.ts';
import { githubToken, guardrail } from '../../governor/guard-fixture.ts';
import { memoryPorts, type MemoryPorts } from '../../storage/memory-ports.ts';
import { Place, until } from '../serve/fixture.ts';
import { GatewayProcess, textOf, type Json } from './gateway-process.ts';

let place: Place;
let ports: MemoryPorts;

beforeEach(() => {
  place = new Place();
  ports = memoryPorts();
});
afterEach(() => place.close());

async function governed(policy: PolicyFile): Promise<GatewayProcess> {
  ports.policies.use({ files: [policy] });
  await place.run({ decide }, ports);
  const gateway = new GatewayProcess(place.root);
  await gateway.initialize();
  return gateway;
}

const unwatched = goodPolicy(['name: no, tools: [delete_file], action: deny, message: Never.']);
const redacting = guardrail('{detect: [{type: secret, action: redact}]}');
const denying = guardrail('{detect: [{type: secret, action: deny}]}');

const found = { content: [{ type: 'text', text: 'it is TOKEN' }] };
const redacted = '"text":"it is [redacted:github-token#1]"';
const completed = { status: 'completed', result: found };
const eras = ['newest', 'handshake'];

/** A call that becomes the task `t1`, as the server's script has it. */
async function begin(gateway: GatewayProcess, script: Json): Promise<void> {
  await gateway.call('later', { task: 't1', ...script }, { task: {} });
  expect(gateway.lines.at(-1)).toContain('"taskId":"t1"');
}

const ask = (gateway: GatewayProcess, method: string, more: Json = {}) => gateway.request(`tasks/${method}`, { taskId: 't1', ...more });
const outcomes = () => ports.audit.entries.filter(({ kind }) => kind === 'outcome').map(({ tool, detail }) => [tool, detail?.['status']]);

test.each(eras)('what becomes of a task passes guardrails as a result does, and is recorded once: %s', async (era) => {
  await using gateway = await governed(redacting);
  await begin(gateway, { era, states: [{ status: 'working', statusMessage: 'TOKEN' }, { status: 'working' }, completed] });
  for (const status of ['working', 'working', 'completed', 'completed'])
    expect((await ask(gateway, 'get')).result).toMatchObject({ taskId: 't1', status });
  expect(gateway.lines.join('\n')).not.toContain(githubToken);
  expect(gateway.lines.at(-1)).toContain(redacted);
  // What is found is told each time, with its rule; what became of the call once.
  const plain = ports.audit.entries.filter(({ kind, rules = [] }) => kind === 'outcome' && rules.length === 0);
  expect(plain).toEqual([]);
  const ends = ports.audit.entries.filter(({ kind, detail }) => kind === 'outcome' && detail?.['durationMs'] !== undefined);
  expect(ends.map(({ tool, detail }) => [tool, detail?.['status']])).toEqual([['later', 'ran']]);
});

test('the result that the handshake revisions have apart from the state passes them, too', async () => {
  await using gateway = await governed(redacting);
  await begin(gateway, { era: 'handshake', states: [{ status: 'completed' }], result: { ...found, isError: true } });
  await ask(gateway, 'result');
  expect(gateway.lines.at(-1)).toContain(redacted);
  expect(outcomes()).toEqual([['later', 'failed']]);
});

test('what a guardrail denies in it is withheld in its place, and what none can look through as a whole', async () => {
  await using gateway = await governed(denying);
  const huge = { content: [{ type: 'text', text: 'HUGE' }] };
  await begin(gateway, { states: [completed, { status: 'completed', result: huge }], result: huge });
  await ask(gateway, 'get');
  expect(gateway.lines.at(-1)).toContain('"text":"[withheld by guardrail');
  expect(await ask(gateway, 'get')).toMatchObject({ error: { code: -32001, message: expect.stringContaining('too long to be looked') } });
  const { result } = await ask(gateway, 'result');
  expect([result?.isError, result && textOf(result)]).toEqual([true, expect.stringContaining('its result is withheld')]);
});

test.each(['get', 'result', 'update', 'cancel'])(
  'of a task that no call here began nothing is heard, and nothing told: tasks/%s',
  async (method) => {
    await using gateway = await governed(unwatched);
    const { error } = await ask(gateway, method, { inputResponses: { who: 'ada' } });
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('does not know this task') });
    expect(gateway.received().at(-1)).toContain('"inputResponses":{}');
  },
);

test('what its server says of tasks that it does not have itself goes through, and what two may read differently does not', async () => {
  await using gateway = await governed(unwatched);
  expect(await gateway.request('tasks/get', { taskId: 'none' })).toMatchObject({ error: { code: -32603, message: 'No such task' } });
  expect(await gateway.request('tasks/get')).toMatchObject({ error: { code: -32603 } });
  gateway.write('{"jsonrpc":"2.0","id":"x","method":"tasks/get","params":{"taskId":"t1","taskId":"none"}}');
  await until(() => gateway.lines.at(-1)?.includes('"id":"x"') === true);
  expect(gateway.lines.at(-1)).toContain('It could be read in two ways');
});

test('what a person answers to a task is looked through before its server hears it', async () => {
  await using gateway = await governed(denying);
  await begin(gateway, { states: [{ status: 'input_required', inputRequests: {} }] });
  const refused = await ask(gateway, 'update', { inputResponses: { who: { content: { name: githubToken } } } });
  expect(refused.error).toMatchObject({ code: -32001 });
  expect(gateway.received().join()).not.toContain('tasks/update');
  await ask(gateway, 'update', { inputResponses: { who: { content: { name: 'ada' } } } });
  expect(gateway.received().at(-1)).toContain('"ada"');
});

test('what a server tells of a task by itself passes guardrails, and is left out where nothing began it', async () => {
  await using gateway = await governed(redacting);
  await begin(gateway, {});
  for (const taskId of ['t1', 't2']) {
    await gateway.call('news', { method: 'notifications/tasks', params: { taskId, ...completed } });
    await gateway.call('news', { method: 'notifications/tasks/status', params: { taskId, status: 'working', statusMessage: 'TOKEN' } });
  }
  await until(() => gateway.lines.filter((line) => line.includes('notifications/tasks')).length === 2);
  const ambiguous = '{"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"t1","taskId":"t1","statusMessage":"twice"}}';
  await gateway.call('raw', { line: ambiguous.replaceAll('"', "'") });
  const said = gateway.lines.join('\n');
  expect(said).not.toContain('twice');
  expect(said).toContain(redacted);
  expect(said).not.toContain(githubToken);
  expect(said).not.toContain('t2');
});

test('what a server tells of a task before it says that there is one, the client hears, too', async () => {
  await using gateway = await governed(redacting);
  void gateway.call('later', { task: 't1', early: { status: 'working', statusMessage: 'soon' } });
  await until(() => gateway.lines.length > 2);
  expect(gateway.lines.join()).toContain('"statusMessage":"soon"');
});

test('only tasks that calls here began are listed, without what nobody has looked through', async () => {
  await using gateway = await governed(redacting);
  await begin(gateway, {});
  expect((await gateway.request('tasks/list')).result).toEqual({ tasks: [{ taskId: 't1', status: 'working' }] });
  expect(await gateway.request('tasks/list', { cursor: 'odd' })).toMatchObject({ error: { code: -32001 } });
});

test('where no guardrail looks, a list of such tasks goes through byte for byte', async () => {
  await using gateway = await governed(unwatched);
  await begin(gateway, {});
  await gateway.request('tasks/list');
  expect(gateway.lines.at(-1)).toContain('"statusMessage":"at work"');
});

test.each([
  ['is over: as it ended', [completed], 'get', 'ran'],
  ['failed', [{ status: 'failed', error: { code: 1, message: 'x' } }], 'get', 'failed'],
  ['was cancelled', [{ status: 'working' }], 'cancel', 'failed'],
])('where no guardrail looks, a task goes through byte for byte; one that %s', async (_, states, method, status) => {
  await using gateway = await governed(unwatched);
  await begin(gateway, { states });
  await ask(gateway, 'get');
  const sent = { jsonrpc: '2.0', id: gateway.lastId, result: { taskId: 't1', ...states[0] } };
  expect(gateway.lines.at(-1)).toBe(JSON.stringify(sent).replace('TOKEN', githubToken));
  await ask(gateway, method);
  await until(() => outcomes().length > 0);
  expect(outcomes()).toEqual([['later', status]]);
});

test('the server ends before its task does: the call is recorded as failed', async () => {
  await using gateway = await governed(unwatched);
  await begin(gateway, { states: [{ status: 'working' }] });
  // Told of a task that never comes, the gateway does not wait for it.
  await gateway.call('news', { method: 'notifications/tasks', params: { taskId: 't2', status: 'working' } });
  void gateway.call('die');
  await gateway.ended;
  expect(outcomes()).toEqual(expect.arrayContaining([['later', 'failed']]));
});
