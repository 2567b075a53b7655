import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

test('servers of all scopes are wrapped and unwrapped again, to the byte', async () => {
  using place = configured();
  expect(await list(place)).toEqual([
    ['notes', 'local', 'direct', ['notes', '--x']],
    ['files', 'project', 'direct', ['npx', '-y', 'server-filesystem', '.']],
    ['far', 'project', 'remote', []],
    ['memory', 'user', 'direct', ['memory-server']],
  ]);
  const wrapped = await place.run(['mcp', 'wrap', '--yes']);
  expect([wrapped.exitCode, wrapped.stderr]).toEqual([0, expect.stringContaining('far is not started here')]);
  const { files, far } = JSON.parse(place.read('.mcp.json')).mcpServers;
  expect(files).toEqual({
    command: process.execPath,
    args: [expect.stringMatching(/mcp-gateway.main\.ts$/), '--name', 'files', '--', 'npx', '-y', 'server-filesystem', '.'],
    env: { A: '1' },
  });
  expect(far).toEqual({ type: 'http', url: 'https://example.com/mcp' });
  expect(place.read('.mcp.json')).toContain('"other": [1.0, 12345678901234567890]');
  expect((await list(place)).filter((row) => JSON.stringify(row).includes('gateway'))).toHaveLength(3);
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
  expect(JSON.parse(place.read('.mcp.json')).mcpServers.files.args[0]).not.toBe('/srv/mcp-gateway.mjs');
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

test('an agent cannot take the gateway away', async () => {
  using place = configured();
  const { exitCode, stderr } = await place.run(['mcp', 'unwrap', '--yes'], '', { CLAUDECODE: '1' });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('for a person')]);
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
