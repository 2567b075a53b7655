import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measure } from '../../../src/storage/artifact/measure.ts';
import { differsFromLock, mcpLockPath, readMcpLock } from '../../../src/storage/artifact/mcp-lock.ts';
import { makePlace, type Place } from './run.ts';

const [first, second] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`) as [string, string];

/** A folder whose server is started by a stand-in for docker, which knows the image by these digests. */
function withImage(image: string, digests: readonly string[] | null): Place & { readonly docker: string; readonly told: string } {
  const place = makePlace();
  const docker = join(place.folder, 'docker');
  const told = join(place.folder, 'told');
  const body = `require('node:fs').appendFileSync(${JSON.stringify(told)}, process.argv.slice(2).join(' ') + '\\n');
if (process.argv[2] === 'image' && process.argv.at(-1) !== ${JSON.stringify(image)}) { console.error('No such image'); process.exit(1); }
if (process.argv[2] === 'image') console.log(${JSON.stringify(JSON.stringify(digests))});`;
  writeFileSync(docker, `#!${process.execPath}\n${body}\n`, { mode: 0o755 });
  configure(place, docker, image);
  const run: Place['run'] = (args) => place.run(args, '', { PATH: `${place.folder}:${process.env['PATH'] ?? ''}` });
  return { ...place, run, docker, told, [Symbol.dispose]: () => place[Symbol.dispose]() };
}

function configure({ folder }: Place, docker: string, image: string): void {
  const mcpServers = { db: { command: docker, args: ['run', '-i', '--rm', image, 'stdio'] } };
  writeFileSync(join(folder, '.mcp.json'), JSON.stringify({ mcpServers }));
}

/** What the gateway would start. */
function starts({ folder, home }: Place, docker: string, image: string) {
  const env = { HOME: folder };
  const measuring = { server: 'db', command: docker, args: ['run', image, 'stdio'], cwd: folder, env, person: env };
  return measure({ ...measuring, root: home, workspace: folder });
}

const isWindows = process.platform === 'win32';

test.skipIf(isWindows)('an image is locked by the digest that its registry gave it, and that is what starts from then on', async () => {
  using place = withImage('o/db:1', [`o/other@${second}`, `o/db@${first}`]);
  expect(await place.run(['mcp', 'lock'])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(`db +o/db +${first}`) });
  expect(readMcpLock(place.folder)?.servers).toEqual({ db: { image: 'o/db', digest: first } });
  expect(await starts(place, place.docker, 'o/db:1')).toMatchObject({
    source: { kind: 'image', image: 'o/db:1', digest: first },
    args: ['run', `o/db@${first}`, 'stdio'],
  });
  // Another image is none of it, and neither is another digest.
  expect(await starts(place, place.docker, 'o/evil:1')).toMatchObject({
    source: { image: 'o/evil:1' },
    args: ['run', 'o/evil:1', 'stdio'],
  });
  const locked = readMcpLock(place.folder)?.servers['db'];
  if (locked === undefined) throw new Error('nothing is locked');
  const image = { kind: 'image', image: 'o/db:2', options: [], risky: [] } as const;
  expect(differsFromLock(locked, { ...image, digest: first })).toBeUndefined();
  expect(differsFromLock(locked, { ...image, digest: second })).toContain(first);
  expect(differsFromLock(locked, { ...image, image: 'o/evil', digest: first })).toContain('it should be the image o/db');
  expect(differsFromLock(locked, { kind: 'url', url: 'https://example.com' })).toContain('it should be the image o/db');
});

test.skipIf(isWindows)('what is locked stays until it is updated: then the image is fetched anew', async () => {
  using place = withImage('o/db:1', [`o/db@${second}`]);
  const lock = { version: 1, servers: { db: { image: 'o/db', digest: first } } };
  await place.run(['mcp', 'lock']);
  writeFileSync(mcpLockPath(place.folder), JSON.stringify(lock));
  await place.run(['mcp', 'lock']);
  expect(readMcpLock(place.folder)).toEqual(lock);
  await place.run(['mcp', 'lock', '--update']);
  expect(readMcpLock(place.folder)?.servers['db']).toEqual({ image: 'o/db', digest: second });
  expect(readFileSync(place.told, 'utf8')).toContain('pull --quiet o/db:1');
});

test.skipIf(isWindows).each<[string, string, readonly string[] | null, string]>([
  ['docker’s short name', 'db:1', [`db@${first}`], first],
  ['podman’s full name', 'db:1', [`docker.io/library/db@${first}`], first],
  ['a registry with a port', 'localhost:5000/db', [`localhost:5000/db@${first}`], first],
])('an image is found by %s', async (_, image, digests, digest) => {
  using place = withImage(image, digests);
  await place.run(['mcp', 'lock']);
  expect(readMcpLock(place.folder)?.servers['db']).toMatchObject({ digest });
});

test.skipIf(isWindows)('a line that names a digest needs nobody to look it up', async () => {
  using place = withImage('o/db', []);
  configure(place, place.docker, `o/db@${second}`);
  expect((await place.run(['mcp', 'lock'])).exitCode).toBe(0);
  expect(readMcpLock(place.folder)?.servers['db']).toEqual({ image: 'o/db', digest: second });
  expect(existsSync(place.told)).toBe(false);
});

test.skipIf(isWindows).each<[string, string, readonly string[] | null, string]>([
  ['was never pushed', 'o/db:1', null, 'it was built here'],
  ['is not on this machine', 'o/new:1', [], 'Pull it first'],
])('an image that %s is not locked', async (_, image, digests, said) => {
  using place = withImage('o/db:1', digests);
  configure(place, place.docker, image);
  expect(await place.run(['mcp', 'lock'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(said) });
  expect(existsSync(mcpLockPath(place.folder))).toBe(false);
});

test.skipIf(isWindows)('what a repository calls docker does not run when its servers are locked', async () => {
  using place = withImage('o/db:1', [`o/db@${first}`]);
  const evil = join(place.folder, 'evil');
  mkdirSync(evil);
  writeFileSync(join(evil, 'docker'), `#!/bin/sh\ntouch ${join(evil, 'ran')}\n`, { mode: 0o755 });
  configure(place, join(evil, 'docker'), 'o/db:1');
  expect((await place.run(['mcp', 'lock'])).exitCode).toBe(0);
  expect(existsSync(join(evil, 'ran'))).toBe(false);
});
