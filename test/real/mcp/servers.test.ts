import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { openHome } from '../../../src/storage/home.ts';
import { installed } from '../../lab/install.ts';
import { McpClient } from '../../lab/mcp/client.ts';
import { endProcessesOf } from '../claude/processes.ts';

const gateway = join(import.meta.dirname, '../../../dist/mcp-gateway.mjs');
const programs = installed('mcp');
const isHere = programs !== undefined;
const server = (name: string): string => join(programs ?? '', `mcp-server-${name}`);

const root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
const files = join(root, 'files');
const env = { PATH: process.env['PATH'] ?? '', HOME: root, COUNTERSIGN_HOME: join(root, '.countersign') };
const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  mcpServer: [filesystem, memory]
  rules:
    - {name: no-moving, tools: [move_file, "delete_*"], action: deny, message: Nothing is moved or deleted here.}
    - {name: not-private, tools: [read_text_file], paths: {any: "**/private/**"}, action: deny, message: That is private.}
`;

const guardrail = `
kind: GuardrailPolicy
metadata: {name: results}
spec:
  applyTo: [output]
  detect:
    - {type: keyword, words: [simulated research report], action: deny}
`;
const guarded = { ...env, COUNTERSIGN_HOME: join(root, 'guarded') };

beforeAll(() => {
  mkdirSync(join(files, 'private'), { recursive: true });
  writeFileSync(join(files, 'a.txt'), `one "quoted" line\n`.repeat(50));
  writeFileSync(join(files, 'private', 'b.txt'), 'nobody reads this');
  writeFileSync(join(openHome(env).policies, 'lab.yaml'), policy);
  writeFileSync(join(openHome(guarded).policies, 'lab.yaml'), guardrail);
});
afterAll(async () => {
  await endProcessesOf(root);
  rmSync(root, { recursive: true, force: true });
});

/** What a server answers to each request, as it is written. */
async function answers(command: readonly string[], requests: readonly Request[]): Promise<readonly string[]> {
  await using client = new McpClient(command, { cwd: root, env });
  await client.initialize();
  const lines: string[] = [];
  for (const [method, params] of requests) lines.push(await client.ask(method, params));
  return lines;
}

type Request = readonly [method: string, params: Readonly<Record<string, unknown>>];
const call = (name: string, args: Readonly<Record<string, unknown>>): Request => ['tools/call', { name, arguments: args }];
const behind = (name: string, command: readonly string[]): readonly string[] => [
  process.execPath,
  gateway,
  '--name',
  name,
  '--',
  ...command,
];

const lists: readonly Request[] = [
  ['tools/list', {}],
  ['prompts/list', {}],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['server/discover', {}],
  ['ping', {}],
];

test.skipIf(!isHere).each<[string, readonly string[], readonly Request[]]>([
  [
    'everything',
    [server('everything')],
    [
      ...lists,
      call('echo', { message: 'hi' }),
      call('get-sum', { a: 2, b: 3 }),
      call('get-tiny-image', {}),
      call('nothing', {}),
      ['prompts/get', { name: 'simple-prompt' }],
    ],
  ],
  [
    'filesystem',
    [server('filesystem'), files],
    [
      ...lists.slice(1),
      call('read_text_file', { path: join(files, 'a.txt') }),
      call('list_directory', { path: files }),
      call('read_text_file', { path: '/opt/none' }),
    ],
  ],
  [
    'memory',
    [server('memory')],
    [...lists.slice(1), call('create_entities', { entities: [{ name: 'x', entityType: 'y', observations: [] }] }), call('read_graph', {})],
  ],
])('server-%s answers byte for byte what it answers without us', async (name, command, requests) => {
  const env0 = (label: string): readonly string[] =>
    name === 'memory' ? ['/usr/bin/env', `MEMORY_FILE_PATH=${join(root, `${label}.jsonl`)}`, ...command] : command;
  const direct = await answers(env0('direct'), requests);
  expect(await answers(behind(name, env0('behind')), requests)).toEqual(direct);
});

test.skipIf(!isHere)('what is denied is neither listed nor run, and what depends on the arguments is judged by them', async () => {
  await using client = new McpClient(behind('filesystem', [server('filesystem'), files]), { cwd: root, env });
  await client.initialize();
  const { result } = await client.request('tools/list');
  const names = JSON.stringify(result);
  expect([names.includes('"read_text_file"'), names.includes('"move_file"')]).toEqual([true, false]);
  const heard = async ([method, params]: Request): Promise<string> => JSON.stringify(await client.request(method, params));
  expect(await heard(call('move_file', { source: join(files, 'a.txt'), destination: join(files, 'c.txt') }))).toContain('Nothing is moved');
  expect(await heard(call('read_text_file', { path: join(files, 'private', 'b.txt') }))).toContain('That is private');
  expect(await heard(call('read_text_file', { path: join(files, 'a.txt'), head: 1 }))).toContain('quoted');
});

test.skipIf(!isHere).each([
  ['no guardrail looks', env, 'This is a simulated research report'],
  ['a guardrail looks', guarded, '[withheld by guardrail'],
])('a task of a real server ends where %s', async (_, environment, said) => {
  await using client = new McpClient(behind('everything', [server('everything')]), { cwd: root, env: environment });
  await client.initialize();
  const begun = await client.request('tools/call', {
    name: 'simulate-research-query',
    arguments: { topic: 'bees' },
    task: { ttl: 60_000 },
  });
  const { taskId } = z.parse(z.object({ result: z.object({ task: z.object({ taskId: z.string() }) }) }), begun).result.task;
  expect(JSON.stringify(await client.request('tasks/get', { taskId }))).toContain('"status":"working"');
  // The server lets it wait for the end.
  expect(JSON.stringify(await client.request('tasks/result', { taskId }))).toContain(said);
  expect(JSON.stringify(await client.request('tasks/get', { taskId }))).toContain('"status":"completed"');
});
