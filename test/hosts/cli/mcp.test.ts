import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { callGovernor } from '../../lab/governor-call.ts';
import { makePlace, type Place } from './run.ts';

/** Odd on purpose: what stands around an entry must stay as it is. */
const project = `{
    "mcpServers": {
        "files":  {"command": "npx", "args": ["-y", "server-filesystem", "."],
                   "env": {"A": "1"}},
        "far": { "type": "http", "url": "https://example.com/mcp" }
    },   "other": [1.0, 12345678901234567890]
}
`;

function userFile(folder: string): string {
  const servers = { memory: { command: 'memory-server' } };
  return JSON.stringify({
    numStartups: 3,
    mcpServers: servers,
    projects: { [folder]: { mcpServers: { notes: { command: 'notes', args: ['--x'] } } } },
  });
}

function configured(): Place & { readonly read: (name: string) => string } {
  const place = makePlace();
  writeFileSync(join(place.folder, '.mcp.json'), project);
  writeFileSync(join(place.folder, '.claude.json'), userFile(place.folder));
  return { ...place, read: (name) => readFileSync(join(place.folder, name), 'utf8'), [Symbol.dispose]: () => place[Symbol.dispose]() };
}

const list = async ({ run }: Place): Promise<readonly unknown[]> =>
  JSON.parse((await run(['mcp', 'list', '--json'])).stdout).map(({ name, scope, how, command }: Readonly<Record<string, unknown>>) => [
    name,
    scope,
    how,
    command,
  ]);

const remoteGateway = ({ home }: Place) => ({
  command: join(home, 'agents', 'mcp-gateway'),
  args: ['--name', 'far', '--agent', 'claude-code', '--', 'https://example.com/mcp'],
});

test('servers of all scopes are wrapped and unwrapped again, to the byte', async () => {
  using place = configured();
  expect(await list(place)).toEqual([
    ['notes', 'local', 'direct', ['notes', '--x']],
    ['files', 'project', 'direct', ['npx', '-y', 'server-filesystem', '.']],
    ['far', 'project', 'remote', ['https://example.com/mcp']],
    ['memory', 'user', 'direct', ['memory-server']],
  ]);
  const wrapped = await place.run(['mcp', 'wrap', '--yes']);
  expect([wrapped.exitCode, wrapped.stdout]).toEqual([0, expect.stringContaining('countersign mcp login far')]);
  const { files, far } = JSON.parse(place.read('.mcp.json')).mcpServers;
  expect(files).toEqual({
    command: join(place.home, 'agents', 'mcp-gateway'),
    args: ['--name', 'files', '--agent', 'claude-code', '--', 'npx', '-y', 'server-filesystem', '.'],
    env: { A: '1' },
  });
  expect(far).toEqual({ type: 'stdio', ...remoteGateway(place) });
  expect(place.read('.mcp.json')).toContain('"other": [1.0, 12345678901234567890]');
  expect((await list(place)).filter((row) => JSON.stringify(row).includes('gateway'))).toHaveLength(4);
  expect((await place.run(['mcp', 'wrap', '--yes'])).stdout).toContain('already');
  expect((await place.run(['mcp', 'unwrap', '--yes'])).exitCode).toBe(0);
  expect([place.read('.mcp.json'), place.read('.claude.json')]).toEqual([project, userFile(place.folder)]);
});

test('a program that is only called like the gateway is not shown as ours, and wrapping puts ours in its place', async () => {
  using place = configured();
  const args = ['/srv/mcp-gateway.mjs', '--name', 'files', '--', 'npx', 'server'];
  writeFileSync(join(place.folder, '.mcp.json'), JSON.stringify({ mcpServers: { files: { command: 'node', args } } }));
  expect((await place.run(['mcp', 'list'])).stdout).toContain('/srv/mcp-gateway.mjs, not this gateway');
  await place.run(['mcp', 'wrap', 'files', '--yes']);
  expect(JSON.stringify(JSON.parse(place.read('.mcp.json')).mcpServers.files)).not.toContain('/srv/mcp-gateway.mjs');
  expect((await place.run(['mcp', 'list'])).stdout).not.toContain('not this gateway');
});

test('without a yes nothing is changed, and what would be is shown', async () => {
  using place = configured();
  const { stdout, stderr } = await place.run(['mcp', 'wrap', 'files']);
  expect(stdout).toContain('- {"command": "npx"');
  expect(stdout).toContain('--name');
  expect([stderr, place.read('.mcp.json')]).toEqual([expect.stringContaining('--yes does it'), project]);
});

test('one server by its name; what its client wrote anew around it stays', async () => {
  using place = configured();
  await place.run(['mcp', 'wrap', 'memory', '--yes']);
  expect(place.read('.mcp.json')).toBe(project);
  const value = JSON.parse(place.read('.claude.json'));
  writeFileSync(join(place.folder, '.claude.json'), JSON.stringify({ ...value, numStartups: 4 }, undefined, 2));
  await place.run(['mcp', 'unwrap', 'memory', '--yes']);
  expect(JSON.parse(place.read('.claude.json'))).toEqual({ ...JSON.parse(userFile(place.folder)), numStartups: 4 });
});

test('a wrapped entry that was changed since loses our part, and nothing else', async () => {
  using place = configured();
  await place.run(['mcp', 'wrap', 'files', '--yes']);
  const value = JSON.parse(place.read('.mcp.json'));
  value.mcpServers.files.env.A = '2';
  writeFileSync(join(place.folder, '.mcp.json'), JSON.stringify(value));
  await place.run(['mcp', 'unwrap', '--yes']);
  expect(JSON.parse(place.read('.mcp.json')).mcpServers.files).toEqual({
    command: 'npx',
    args: ['-y', 'server-filesystem', '.'],
    env: { A: '2' },
  });
});

const toml = '[mcp_servers.files]\ncommand = "npx" # mine\nargs = ["-y", "server"]\n';

test('to uninstall an agent takes the gateway from before its servers, and from nobody else’s', async () => {
  using place = configured();
  mkdirSync(join(place.folder, '.codex'));
  writeFileSync(join(place.folder, '.codex', 'config.toml'), toml);
  await place.run(['install', 'codex', '--yes']);
  await place.run(['mcp', 'wrap', 'files', '--yes']);
  expect(place.read('.codex/config.toml')).toContain('agents/mcp-gateway');
  const { exitCode, stdout } = await place.run(['uninstall', 'codex', '--yes']);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('start without the gateway again')]);
  expect(place.read('.codex/config.toml')).toBe(toml);
  expect(place.read('.mcp.json')).toContain('mcp-gateway');
});

test('--agent chooses whose servers are meant', async () => {
  using place = configured();
  mkdirSync(join(place.folder, '.codex'));
  writeFileSync(join(place.folder, '.codex', 'config.toml'), toml);
  expect(await place.run(['mcp', 'wrap', '--agent', 'codex', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(place.read('.mcp.json')).toBe(project);
  const { stdout } = await place.run(['mcp', 'list', '--agent', 'codex', '--json']);
  expect(JSON.parse(stdout)).toMatchObject([
    { id: 'codex/user/files', agent: 'codex', how: 'gateway', isOurs: true, patienceMs: 1_800_000 },
  ]);
  expect((await place.run(['mcp', 'list', '--agent', 'nobody'])).exitCode).toBe(64);
});

test('a secret that stands in an entry is not shown', async () => {
  using place = configured();
  // Made up here, so that it stands nowhere.
  const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
  writeFileSync(
    join(place.folder, '.mcp.json'),
    JSON.stringify({ mcpServers: { files: { command: 'x', env: { GITHUB_TOKEN: secret } } } }),
  );
  const { stdout } = await place.run(['mcp', 'wrap', '--yes']);
  expect([stdout.includes('GITHUB_TOKEN'), stdout.includes(secret), place.read('.mcp.json').includes(secret)]).toEqual([true, false, true]);
});

test('an agent cannot take the gateway away', async () => {
  using place = configured();
  const { exitCode, stderr } = await place.run(['mcp', 'unwrap', '--yes'], '', { CLAUDECODE: '1' });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('for a person')]);
});

test('a governor tells of a server that is new and not behind the gateway, until a person says what is to become of it', async () => {
  using place = configured();
  const problems = async (): Promise<string> => JSON.stringify((await callGovernor(place.home, 'status', {})).problems);
  await place.run(['mcp', 'wrap', '--yes']);
  await place.run(['sessions']);
  expect(await problems()).toBe('[]');
  mkdirSync(join(place.folder, '.codex'));
  writeFileSync(join(place.folder, '.codex', 'config.toml'), toml.replace('files', 'fresh'));
  await until('a problem', async () => (await problems()).includes('countersign mcp wrap fresh'));
  await place.run(['mcp', 'unwrap', 'fresh', '--yes']);
  await until('no problem', async () => (await problems()) === '[]');
});

test('a name that no server has is wrong usage', async () => {
  using place = configured();
  expect((await place.run(['mcp', 'wrap', 'nobody', '--yes'])).exitCode).toBe(64);
});

test('"mcp run" becomes the server: its output, its input and its exit code', async () => {
  using place = makePlace();
  mkdirSync(place.home, { mode: 0o700 });
  const program = 'process.stdin.on("data", (d) => process.stdout.write(d)).on("end", () => process.exit(5))';
  const { stdout, exitCode } = await place.run(
    ['mcp', 'run', '--', process.execPath, '-e', program, '--', '--help'],
    '{"jsonrpc":"2.0","method":"odd"}\n',
  );
  expect([stdout, exitCode]).toEqual(['{"jsonrpc":"2.0","method":"odd"}\n', 5]);
});
