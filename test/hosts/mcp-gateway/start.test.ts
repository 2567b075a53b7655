import { appendFileSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scanOf, type Severity } from '../../../src/engine/artifact/scan.ts';
import type { Source } from '../../../src/engine/artifact/start.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';
import { decide } from '../../../src/engine/policy/decide.ts';
import type { RunningGovernor } from '../../../src/hosts/serve/run-governor.ts';
import { keepScan } from '../../../src/storage/artifact/kept-scans.ts';
import { artifactPlaces } from '../../../src/storage/artifact/places.ts';
import { approvedStarts, forgetStarts, startStore } from '../../../src/storage/artifact/start-store.ts';
import { ada, no, yes } from '../../governor/fixture.ts';
import { memoryPorts, type MemoryPorts } from '../../storage/memory-ports.ts';
import { Place, until } from '../serve/fixture.ts';
import { GatewayProcess } from './gateway-process.ts';

let place: Place;
let ports: MemoryPorts;
let running: RunningGovernor | undefined;
let script: string;

beforeEach(() => {
  place = new Place();
  script = join(place.root, 'server.mjs');
  copyFileSync(join(import.meta.dirname, 'scripted-server.mjs'), script);
  ports = { ...memoryPorts(), starts: startStore({ root: place.home.root, isTrusted: () => false }) };
});
afterEach(() => place.close());

const policy = (spec: string): PolicyFile =>
  parsePolicyFile({ path: 'p.yaml', layer: 'user', trusted: true, source: `kind: ArtifactPolicy\nmetadata: {name: p}\nspec: ${spec}\n` });
const asking = policy('{defaultAction: require_approval}');

async function govern(...files: readonly PolicyFile[]): Promise<void> {
  ports.policies.use({ files });
  running = await place.run({ decide }, ports);
}

/** A client that waits a second for its servers to start. */
const begin = (env: Readonly<Record<string, string>> = {}, server: readonly string[] = [process.execPath, script]): GatewayProcess =>
  new GatewayProcess(place.root, { MCP_TIMEOUT: '1200', CLAUDE_CODE_SESSION_ID: 's1', ...env }, server);
const approvals = () => running?.governor.approvals() ?? [];
const heard = async (gateway: GatewayProcess): Promise<string> =>
  JSON.stringify(await gateway.request('initialize', { protocolVersion: '2025-11-25', clientInfo: { name: 'claude-code', version: '1' } }));

test('a start that is denied is told to the client, nothing runs, and it is in the log', async () => {
  await govern(policy('{defaultAction: deny}'));
  await using gateway = begin();
  expect(await heard(gateway)).toContain('Countersign does not start this server. MCP server \\"scripted\\" starts the file');
  expect(await gateway.ended).toEqual([1, null]);
  expect(existsSync(join(place.root, 'server.log'))).toBe(false);
  const [entry] = ports.audit.recent(10).filter(({ entry: { tool } }) => tool === 'mcp:start');
  expect(entry?.entry).toMatchObject({ kind: 'decision', action: 'deny', agent: 'claude-code', session: 's1', mcpServer: 'scripted' });
});

test('a start that is asked about runs when it is approved in time', async () => {
  await govern(asking);
  await using gateway = begin({ MCP_TIMEOUT: '60000' });
  const answer = heard(gateway);
  await until(() => approvals().length === 1);
  await running?.governor.answer(approvals()[0]?.id ?? '', yes, ada);
  expect(await answer).toContain('"result"');
});

test('else it is refused in time; approved later, the same start passes for good, in any session, and another one is asked about', async () => {
  await govern(asking);
  const refused = begin();
  expect(await heard(refused)).toContain('then try again');
  await refused.ended;
  await running?.governor.answer(approvals()[0]?.id ?? '', yes, ada);
  for (const session of ['s1', 's2', 's3']) {
    await using gateway = begin({ CLAUDE_CODE_SESSION_ID: session });
    expect(await heard(gateway)).toContain('"result"');
  }
  expect(approvedStarts(place.home.root).map(({ server, by }) => [server, by])).toEqual([['scripted', 'ada']]);
  appendFileSync(script, '\n// changed\n');
  await using changed = begin();
  expect(await heard(changed)).toContain('then try again');
});

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['another argument', {}, ['--expose-all']],
  ['code that is loaded first', { NODE_OPTIONS: '--import data:text/javascript,0' }, []],
])('an approval covers nothing else: %s', async (_, env, args) => {
  await govern(asking);
  const first = begin();
  await heard(first);
  await first.ended;
  await running?.governor.answer(approvals()[0]?.id ?? '', yes, ada);
  await using other = begin(env, [process.execPath, script, ...args]);
  expect(await heard(other)).toContain('then try again');
});

test('scans that a policy asks for are in the entry, and other findings are asked about anew', async () => {
  const source: Source = { kind: 'file', path: script, sha256: createHash('sha256').update(readFileSync(script)).digest('hex') };
  const found = (severity: Severity, id: string): string =>
    keepScan(place.home.root, source, scanOf('osv', new Date().toISOString(), [{ severity, id, title: '' }]));
  found('high', 'X-1');
  await govern(policy('{defaultAction: abstain, scans: {required: [osv], maxSeverity: low, otherwise: require_approval}}'));
  await using asked = begin({ MCP_TIMEOUT: '60000' });
  const answer = heard(asked);
  await until(() => approvals().length === 1);
  expect(approvals()[0]?.reason).toContain('"osv": 1 found, the worst high');
  await running?.governor.answer(approvals()[0]?.id ?? '', yes, ada);
  expect(await answer).toContain('"result"');
  found('high', 'X-1');
  await using again = begin();
  expect(await heard(again)).toContain('"result"');
  found('high', 'X-2');
  await using other = begin();
  expect(await heard(other)).toContain('then try again');
  const entries = ports.audit.recent(20).filter(({ entry: { kind, tool } }) => kind === 'decision' && tool === 'mcp:start');
  expect(entries.map(({ entry }) => entry.detail?.['scans'])).toEqual(
    Array.from({ length: 3 }, () => [{ name: 'osv', at: expect.any(String), found: 1, max: 'high' }]),
  );
});

test.skipIf(process.platform === 'win32')('an image that a policy pins is started by its digest, whatever tag the line names', async () => {
  // A stand-in for docker: it writes down what it is told, and is the server itself.
  const docker = join(place.root, 'docker');
  const told = join(place.root, 'told.json');
  const body = `require('node:fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.argv.slice(2, -1)));\nimport(${JSON.stringify(script)});`;
  writeFileSync(docker, `#!${process.execPath}\n${body}\n`, { mode: 0o755 });
  const digest = `sha256:${'a'.repeat(64)}`;
  const entry = `{name: scripted, source: {image: "o/server@${digest}", options: [-i, --rm, "-e TOKEN"]}}`;
  await govern(policy(`{servers: [${entry}]}`));
  await using pinned = begin({}, [docker, 'run', '-i', '--rm', '-e', 'TOKEN', 'o/server:latest', 'stdio']);
  expect(await heard(pinned)).toContain('"result"');
  expect(JSON.parse(readFileSync(told, 'utf8'))).toEqual(['run', '-i', '--rm', '-e', 'TOKEN', `o/server@${digest}`, 'stdio']);
  const [decided] = ports.audit.recent(10).filter(({ entry: { tool } }) => tool === 'mcp:start');
  expect(decided?.entry).toMatchObject({ action: 'allow', arguments: { source: { image: 'o/server:latest', digest } } });
  rmSync(told);
  await using opened = begin({}, [docker, 'run', '-i', '--rm', '-e', 'TOKEN', '-v', '/:/host', 'o/server:latest']);
  expect(await heard(opened)).toContain('it is started with --volume=/:/host');
  expect(existsSync(told)).toBe(false);
});

test('what a person denies is asked about again, and never runs', async () => {
  await govern(asking);
  await using gateway = begin({ MCP_TIMEOUT: '60000' });
  const answer = heard(gateway);
  await until(() => approvals().length === 1);
  await running?.governor.answer(approvals()[0]?.id ?? '', no, ada);
  expect(await answer).toContain('ada denied this call: not today');
  expect(approvedStarts(place.home.root)).toEqual([]);
});

test('a start that was forgotten is asked about again', async () => {
  await govern(asking);
  await using first = begin({ MCP_TIMEOUT: '60000' });
  const answer = heard(first);
  await until(() => approvals().length === 1);
  await running?.governor.answer(approvals()[0]?.id ?? '', yes, ada);
  await answer;
  expect([forgetStarts(place.home.root, 'other'), forgetStarts(place.home.root, 'scripted')]).toEqual([0, 1]);
  await using second = begin();
  expect(await heard(second)).toContain('then try again');
});

test('a client that asks in the newest words first hears it both times', async () => {
  await govern(policy('{defaultAction: deny}'));
  await using gateway = begin();
  expect(JSON.stringify(await gateway.request('server/discover'))).toContain('does not start this server');
  expect(await heard(gateway)).toContain('does not start this server');
  expect(await gateway.ended).toEqual([1, null]);
});

test('where what was approved cannot be read, nothing starts', async () => {
  await govern(asking);
  const first = begin({ MCP_TIMEOUT: '60000' });
  const answer = heard(first);
  await until(() => approvals().length === 1);
  await running?.governor.answer(approvals()[0]?.id ?? '', yes, ada);
  await answer;
  first.closeInput();
  await first.ended;
  writeFileSync(artifactPlaces(place.home.root).starts, '{');
  await using second = begin();
  expect(await heard(second)).toContain('could not judge this call');
});

test('where no governor can be had, nothing starts', async () => {
  writeFileSync(join(place.root, 'file'), '');
  await using gateway = begin({ COUNTERSIGN_HOME: join(place.root, 'file', 'none') });
  gateway.write('{"jsonrpc":"2.0","id":1,"method":"initialize"}');
  expect(await gateway.ended).toEqual([1, null]);
  expect(existsSync(join(place.root, 'server.log'))).toBe(false);
});
