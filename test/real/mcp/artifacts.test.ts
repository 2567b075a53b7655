import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mcpLockPath } from '../../../src/storage/artifact/mcp-lock.ts';
import { openHome } from '../../../src/storage/home.ts';
import { until } from '../../lab/editor/until.ts';
import { callGovernor } from '../../lab/governor-call.ts';
import { installed } from '../../lab/install.ts';
import { McpClient } from '../../lab/mcp/client.ts';
import { endProcessesOf, processesOf } from '../claude/processes.ts';

const gateway = join(import.meta.dirname, '../../../dist/mcp-gateway.mjs');
const command = join(import.meta.dirname, '../../../dist/cli.mjs');
const isHere = installed('mcp') !== undefined;
const version = '2026.8.31';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
const state = join(root, '.countersign');
const work = join(root, 'work');
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(npm_config_registry|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/i.test(name),
    ),
  ),
  PATH: process.env['PATH'] ?? '',
  HOME: root,
  COUNTERSIGN_HOME: state,
  // What the tests fetched before need not come again.
  npm_config_cache: join(homedir(), '.npm'),
  npm_config_userconfig: join(homedir(), '.npmrc'),
  CLAUDE_CODE_SESSION_ID: 'artifacts',
};

const run = promisify(execFile);
/** Without what an agent's environment says. */
const { CLAUDE_CODE_SESSION_ID: _, ...person } = env;

beforeAll(() => {
  mkdirSync(join(work, '.git'), { recursive: true });
  writeFileSync(join(work, 'a.txt'), 'one line');
  openHome(env);
});
afterAll(async () => {
  await endProcessesOf(root);
  rmSync(root, { recursive: true, force: true });
});

const npx = (name: string, at = version, ...args: readonly string[]): readonly string[] => [
  process.execPath,
  gateway,
  '--name',
  name,
  '--',
  'npx',
  '-y',
  `@modelcontextprotocol/server-${name}@${at}`,
  ...args,
];
const files = npx('filesystem', version, work);

/** What a client hears that starts the server and asks it something. */
async function started(line: readonly string[], method = 'tools/list', params = {}): Promise<string> {
  await using client = new McpClient(line, { cwd: work, env });
  const hello = JSON.stringify(await client.initialize());
  return hello.includes('"error"') ? hello : await client.ask(method, params);
}

const open = () => callGovernor(state, 'approvals', {}).catch(() => []);

/** Approves what is asked about, and says what that is. */
async function approve(): Promise<readonly string[]> {
  const asked = await open();
  for (const { id } of asked) await callGovernor(state, 'answer', { id, outcome: 'approved', scope: 'once', reason: '', surface: 'test' });
  return asked.map(({ reason }) => reason);
}

/** The same, with what is asked about approved: while it waits, or for the next time where that took too long to be installed. */
async function startedAfter(line: readonly string[], ...asked: readonly unknown[]): Promise<string> {
  const first = started(line);
  await until('a question', async () => (await open()).length > 0);
  expect(await approve()).toEqual(asked);
  const heard = await first;
  return heard.includes('"error"') ? started(line) : heard;
}

test.skipIf(!isHere)(
  'a package that npx would download is asked about once, and starts from our folder ever after; with a file of it changed it says nothing',
  { timeout: 90_000 },
  async () => {
    expect(await started(files)).toContain('then try again');
    expect(await approve()).toEqual([expect.stringMatching(new RegExp(`server-filesystem ${version} from npm \\(\\d+ packages\\)`))]);
    const entry = await entryOf(files, async (client) => {
      const read = await client.request('tools/call', { name: 'read_text_file', arguments: { path: join(work, 'a.txt') } });
      expect(JSON.stringify(read)).toContain('one line');
    });
    expect(entry).toMatch(/packages\/[0-9a-f]{64}\/node_modules\/@modelcontextprotocol\/server-filesystem\//);
    chmodSync(entry, 0o644);
    const text = readFileSync(entry, 'utf8');
    writeFileSync(entry, `${text}\n`);
    expect(await started(files)).toContain('were changed after they were installed');
    writeFileSync(entry, text);
    chmodSync(entry, 0o444);
    expect(await started(files)).toContain('read_text_file');
    expect(await approve()).toEqual([]);
  },
);

test.skipIf(!isHere)('another version is another start', { timeout: 90_000 }, async () => {
  expect(await startedAfter(npx('memory'), expect.stringContaining(`server-memory ${version}`))).toContain('create_entities');
  expect(await started(npx('memory'))).toContain('create_entities');
  expect(await startedAfter(npx('memory', '2026.7.4'), expect.stringContaining('server-memory 2026.7.4'))).toContain('create_entities');
});

test.skipIf(!isHere)(
  'a lock of the repository with another hash: npm does not install it, and it does not start',
  { timeout: 90_000 },
  async () => {
    const everything = { command: 'npx', args: ['-y', '@modelcontextprotocol/server-everything@latest'] };
    writeFileSync(join(work, '.mcp.json'), JSON.stringify({ mcpServers: { everything } }));
    const { stdout } = await run(process.execPath, [command, 'mcp', 'lock'], { cwd: work, env: person });
    expect(stdout).toMatch(/everything +@modelcontextprotocol\/server-everything/);
    // Whoever locked it needs no question.
    expect(await started(npx('everything', 'latest'))).toContain('get-sum');
    const text = readFileSync(mcpLockPath(work), 'utf8');
    const integrity = /sha512-[\w+/=]+/.exec(text.slice(text.indexOf('"integrity"')))?.[0] ?? '';
    writeFileSync(mcpLockPath(work), text.replaceAll(integrity, `sha512-${'A'.repeat(86)}==`));
    expect(await started(npx('everything', 'latest'))).toContain('EINTEGRITY');
    expect((await callGovernor(state, 'activity', { limit: 5 })).some(({ entry }) => entry.reason?.includes('EINTEGRITY'))).toBe(true);
  },
);

/** Starts it for something, and says which script ran. */
async function entryOf(line: readonly string[], use: (client: McpClient) => Promise<void>): Promise<string> {
  await using client = new McpClient(line, { cwd: work, env });
  await client.initialize();
  await use(client);
  const lines = processesOf(root).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  return lines.flatMap((one) => one.split('\0')[1] ?? '').find((script) => script.startsWith(join(state, 'mcp', 'packages'))) ?? '';
}
