import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig, writeConfig } from '../../src/storage/config.ts';
import { ensurePrivateFolder, homeOf, openHome } from '../../src/storage/home.ts';
import { readOrCreateToken } from '../../src/storage/token.ts';
import { canMount, temporaryFolder } from './folder.ts';
import { run } from './programs/program.ts';

const posix = process.platform !== 'win32';
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the home', () => {
  test.each<[string, string | undefined, string]>([
    ['nothing set: in the home directory', undefined, join(homedir(), '.countersign')],
    ['set to nothing: the same', '', join(homedir(), '.countersign')],
    ['set to a path: there', '/srv/x/../countersign', '/srv/countersign'],
  ])('%s', (_, configured, root) => {
    expect(homeOf({ COUNTERSIGN_HOME: configured }).root).toBe(root);
  });

  test('a relative COUNTERSIGN_HOME is refused: it would mean another place in every directory', () => {
    expect(() => homeOf({ COUNTERSIGN_HOME: 'state' })).toThrow(/absolute/);
  });

  test.runIf(posix)('the socket lies inside, unless the path would be too long for a socket', () => {
    expect(homeOf({ COUNTERSIGN_HOME: '/srv/c' }).socket).toBe('/srv/c/run/governor.sock');
    const long = homeOf({ COUNTERSIGN_HOME: `/srv/${'ä'.repeat(60)}`, XDG_RUNTIME_DIR: '/run/user/1' }).socket;
    expect(long).toMatch(/^\/run\/user\/1\/countersign-[0-9a-f]{16}\/governor\.sock$/);
    expect(homeOf({ COUNTERSIGN_HOME: `/srv/${'b'.repeat(100)}`, XDG_RUNTIME_DIR: '/run/user/1' }).socket).not.toBe(long);
  });

  test.runIf(posix)('everything is made for its owner alone', () => {
    const home = openHome({ COUNTERSIGN_HOME: join(temporaryFolder(), 'deep', 'home') });
    for (const folder of [home.root, home.policies, join(home.root, 'run'), home.backups]) expect(modeOf(folder)).toBe(0o700);
  });

  test.runIf(posix)('a folder that others may read is closed; one that others may change is refused', () => {
    const folder = join(temporaryFolder(), 'home');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    ensurePrivateFolder(folder);
    expect(modeOf(folder)).toBe(0o700);
    chmodSync(folder, 0o770);
    expect(() => ensurePrivateFolder(folder)).toThrow(/chmod 700/);
  });

  test.runIf(posix)('a link or a file in its place is refused', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(() => ensurePrivateFolder(join(folder, 'link'))).toThrow(/not a folder/);
  });

  test.runIf(canMount)('a folder of another user is refused', () => {
    const folder = join(temporaryFolder(), 'home');
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 12_345, 12_345);
    expect(() => ensurePrivateFolder(folder)).toThrow(/belongs to another user/);
  });
});

describe('a token', () => {
  test('is made once, and is for its owner alone', () => {
    const path = join(temporaryFolder(), 'hook-token');
    const token = readOrCreateToken(path);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(readOrCreateToken(path)).toBe(token);
    expect(posix ? modeOf(path) : 0o600).toBe(0o600);
  });

  test('is the same for all who ask for it at the same time', async () => {
    const folder = temporaryFolder();
    const paths = Array.from({ length: 200 }, (_, i) => join(folder, `token-${i}`));
    const askers = Array.from({ length: 3 }, () => run('token.ts', [String(Date.now() + 700), ...paths]));
    const answers = await Promise.all(askers.map((asker) => asker.line()));
    expect(new Set(answers).size).toBe(1);
  });

  test.runIf(posix)('that others could read, or that is none, is refused with what to do', () => {
    const path = join(temporaryFolder(), 'hook-token');
    readOrCreateToken(path);
    chmodSync(path, 0o644);
    expect(() => readOrCreateToken(path)).toThrow(/Delete it/);
    chmodSync(path, 0o600);
    writeFileSync(path, '');
    expect(() => readOrCreateToken(path)).toThrow(/does not hold a token/);
  });
});

describe('the configuration', () => {
  test('is empty before it is written, and comes back as it was', () => {
    const home = openHome({ COUNTERSIGN_HOME: join(temporaryFolder(), 'home') });
    expect(readConfig(home)).toEqual({});
    writeConfig(home, { port: 4711 });
    expect(readConfig(home)).toEqual({ port: 4711 });
    expect(readFileSync(home.config, 'utf8')).toBe('{\n  "port": 4711\n}\n');
    expect(posix ? modeOf(home.config) : 0o600).toBe(0o600);
  });

  test.each(['', '{', '[]', '{"port":"1"}', '{"port":0}', '{"port":70000}'])('that reads %j is refused by name', (content) => {
    const home = openHome({ COUNTERSIGN_HOME: join(temporaryFolder(), 'home') });
    writeFileSync(home.config, content);
    expect(() => readConfig(home)).toThrow(/config\.json cannot be understood/);
  });
});

test.runIf(posix)('the home works with a umask that gives everything away', () => {
  const root = join(temporaryFolder(), 'home');
  const program = join(import.meta.dirname, 'programs', 'token.ts');
  execFileSync('sh', ['-c', 'umask 0; exec "$0" "$@"', process.execPath, program, '0', join(root, 'client-token')]);
  expect(modeOf(root)).toBe(0o700);
  expect(modeOf(join(root, 'client-token'))).toBe(0o600);
});
