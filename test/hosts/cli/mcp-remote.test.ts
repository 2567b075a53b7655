import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRemotes } from '../../../src/storage/mcp-remotes.ts';
import { openHome } from '../../../src/storage/home.ts';
import { writeConfig } from '../../../src/storage/config.ts';
import { makePlace } from './run.ts';

test('a server elsewhere is added, shown without the values of its headers, and forgotten again', async () => {
  using place = makePlace();
  const home = openHome({ COUNTERSIGN_HOME: place.home });
  writeConfig(home, { port: 4711 });
  const header = 'Authorization: Bearer ${secret:DOCS}';
  const added = await place.run(['mcp', 'remote', 'add', 'docs', 'https://docs.example.com/mcp', '--header', header, '--agent', 'codex']);
  const [address] = /^http:\/\/127\.0\.0\.1:4711\/v1\/mcp\/docs\/[0-9a-f]{64}$/m.exec(added.stdout) ?? [];
  expect([added.stderr, address]).toEqual([expect.stringContaining('no address to share'), expect.any(String)]);
  expect(readRemotes(home)).toEqual({ docs: { url: 'https://docs.example.com/mcp', headers: header, agent: 'codex' } });
  // Windows has no such bits.
  expect(statSync(home.remotes).mode & (process.platform === 'win32' ? 0 : 0o077)).toBe(0);
  const listed = await place.run(['mcp', 'remote', 'list', '--json']);
  expect(JSON.parse(listed.stdout)).toEqual([
    { name: 'docs', url: 'https://docs.example.com/mcp', headers: 'Authorization', agent: 'codex', address },
  ]);
  expect((await place.run(['mcp', 'remote', 'rm', 'docs'])).exitCode).toBe(0);
  expect((await place.run(['mcp', 'remote', 'list'])).stdout).toContain('mcp remote add NAME URL');
});

test('what cannot be meant is refused with what to do', async () => {
  using place = makePlace();
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [['add', 'docs', 'ftp://docs.example.com'], 'is no http(s) address'],
    [['add', 'docs', 'https://docs.example.com', '--header', 'no colon'], '--header is "Name: value"'],
    [['add', 'docs', 'https://docs.example.com', '--agent', 'nobody'], '--agent is one of claude-code'],
    [['rm', 'docs'], 'no server "docs"'],
    [['move', 'docs'], 'is not one of add, list, rm'],
  ];
  const runs = await Promise.all(wrong.map(([args]) => place.run(['mcp', 'remote', ...args])));
  expect(runs).toEqual(wrong.map(([, why]) => ({ exitCode: 64, stdout: '', stderr: expect.stringContaining(why) })));
});

test('an agent does not add servers', async () => {
  using place = makePlace();
  const { exitCode, stderr } = await place.run(['mcp', 'remote', 'add', 'x', 'https://x.example.com'], '', { CLAUDECODE: '1' });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('is for a person')]);
});
