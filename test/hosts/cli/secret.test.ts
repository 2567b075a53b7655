import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AuthorizationServer } from '../../storage/secrets/authorization-server.ts';
import { makePlace } from './run.ts';

const set = ['secret', 'set', 'TOKEN', '--in-file'];

test('a secret is read from a pipe, listed without its value, and removed', async () => {
  using place = makePlace();
  expect((await place.run(set, 'abc def\n')).stdout).toContain('TOKEN is kept in an encrypted file, and was read back');
  const listed = await place.run(['secret', 'list', '--json']);
  expect(JSON.parse(listed.stdout)).toEqual([{ id: 'TOKEN', name: 'TOKEN', kept: 'file', setAt: expect.any(Number) }]);
  expect((await place.run(['secret', 'list'])).stdout).toMatch(/TOKEN +encrypted file .* never/);
  expect(listed.stdout).not.toContain('abc def');
  expect((await place.run(['secret', 'rm', 'TOKEN'])).exitCode).toBe(0);
  expect((await place.run(['secret', 'rm', 'TOKEN'])).exitCode).toBe(1);
});

test.each<[string, readonly string[], string, Readonly<Record<string, string>>, number, string]>([
  ['a value as an argument', [...set, 'abc'], '', {}, 64, 'an argument could be seen'],
  ['no value', set, '', {}, 1, '1 to 32768 characters'],
  ['a name that is none', ['secret', 'set', '../x'], 'abc', {}, 64, 'no name for a secret'],
  ['a path to remove', ['secret', 'rm', '../config'], '', {}, 1, 'There is no secret'],
  ['an agent that sets one', set, 'abc', { CLAUDECODE: '1' }, 1, 'belongs to an agent'],
  ['an agent that removes one', ['secret', 'rm', 'TOKEN'], '', { CLAUDECODE: '1' }, 1, 'belongs to an agent'],
  ['an agent that logs in', ['mcp', 'login', 'https://127.0.0.1:1/mcp'], '', { CLAUDECODE: '1' }, 1, 'belongs to an agent'],
])('refused: %s', async (_, args, input, env, exitCode, why) => {
  using place = makePlace();
  const ran = await place.run(args, input, env);
  expect([ran.exitCode, ran.stderr]).toEqual([exitCode, expect.stringContaining(why)]);
});

test('a person logs in at a remote server by its name, and out again', async () => {
  using place = makePlace();
  using server = await AuthorizationServer.open();
  writeFileSync(join(place.folder, '.mcp.json'), JSON.stringify({ mcpServers: { far: { type: 'http', url: server.mcp.href } } }));
  const running = place.start(['mcp', 'login', 'far']);
  const printed = new Promise<string>((resolve) => {
    let text = '';
    running.child.stdout?.on('data', (part: string) => {
      text += part;
      const [address] = /http:\S+authorize\S+(?=\n)/.exec(text) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
  await (await fetch(await printed)).text();
  expect(await running.exitCode).toBe(0);
  expect((await place.run(['secret', 'list'])).stdout).toContain(`login at ${server.mcp.href}`);
  expect((await place.run(['mcp', 'logout', 'far'])).exitCode).toBe(0);
  expect((await place.run(['mcp', 'logout', 'far'])).exitCode).toBe(1);
});
