import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { gitFacts, gitSetting } from '../../src/storage/git.ts';
import { resolvePath } from '../../src/storage/resolve-path.ts';
import { MachineSurroundings, workspaceRoot } from '../../src/storage/surroundings.ts';
import { temporaryFolder } from './folder.ts';

function git(cwd: string, ...args: readonly string[]): void {
  execFileSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', '-c', 'protocol.file.allow=always', ...args],
    { cwd, stdio: 'pipe' },
  );
}

function repository(): string {
  const folder = temporaryFolder();
  git(folder, 'init');
  git(folder, 'commit', '--allow-empty', '-m', 'x');
  return folder;
}

describe('a path', () => {
  function tree() {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real', 'deep'), { recursive: true });
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('real/deep', join(folder, 'relative'));
    symlinkSync(join(folder, 'real'), join(folder, 'absolute'));
    symlinkSync('absolute', join(folder, 'twice'));
    symlinkSync('/etc/missing/file', join(folder, 'dangling'));
    return folder;
  }

  test.each<[string, string, string]>([
    ['stays where no link is', 'real/deep/x', 'real/deep/x'],
    ['loses dots and double slashes', './real//./deep/', 'real/deep'],
    ['follows a link', 'relative/x', 'real/deep/x'],
    ['follows a link to a link', 'twice/deep', 'real/deep'],
    ['goes up where both ways lead to the same', 'absolute/deep/../x', 'real/x'],
    ['goes up through what does not exist', 'missing/../file', 'file'],
    ['is kept where the rest does not exist', 'absolute/new/file.txt', 'real/new/file.txt'],
    ['below a file stays what it is', 'file/x', 'file/x'],
    ['follows a link as its last part', 'absolute', 'real'],
  ])('%s', (_, path, expected) => {
    const folder = tree();
    expect(resolvePath(path, folder, '/home/ada')).toBe(join(folder, expected));
    expect(resolvePath(`${folder}/${path}`, '/', '/home/ada')).toBe(join(folder, expected));
  });

  test('that is a link to something missing is what it would create', () => {
    expect(resolvePath('dangling', tree(), '/home/ada')).toBe('/etc/missing/file');
  });

  test.each<[string, string, string]>([
    ['~', '/w', '/home/ada'],
    ['~/x', '/w', '/home/ada/x'],
    ['~bob/x', '/w', '/w/~bob/x'],
    ['a/~/x', '/w', '/w/a/~/x'],
    ['../../../x', '/w', '/x'],
    ['/', '/w', '/'],
    ['', '/w', '/w'],
  ])('%j in %s is %s', (path, cwd, expected) => {
    expect(resolvePath(path, cwd, '/home/ada')).toBe(expected);
  });

  test('whose links form a loop cannot be resolved', () => {
    const folder = temporaryFolder();
    symlinkSync('b', join(folder, 'a'));
    symlinkSync('a', join(folder, 'b'));
    expect(() => resolvePath('a/x', folder, '/home/ada')).toThrow(/too many symbolic links/);
    expect(() => resolvePath('a\0', folder, '/home/ada')).toThrow(/NUL/);
  });

  test('that goes up behind a link means two things, and is refused', () => {
    expect(() => resolvePath('relative/../x', tree(), '/home/ada')).toThrow(/ambiguous/);
  });

  test('reaches what the system reaches', () => {
    const folder = tree();
    for (const path of [
      'relative',
      'absolute',
      'twice',
      'twice/deep',
      'twice/deep/../deep',
      'real/../file',
      process.platform === 'linux' ? '/proc/self/cwd' : 'file',
    ]) {
      expect(resolvePath(path, folder, '/home/ada')).toBe(realpathSync.native(path.startsWith('/') ? path : `${folder}/${path}`));
    }
  });

  test('too long to exist is kept', () => {
    expect(resolvePath('x'.repeat(5000), '/w', '/home/ada')).toBe(`/w/${'x'.repeat(5000)}`);
  });
});

describe('the workspace', () => {
  test('is the nearest folder above with .git or .countersign, by its real name', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'repo', '.git'), { recursive: true });
    mkdirSync(join(folder, 'repo', 'inner', '.countersign'), { recursive: true });
    mkdirSync(join(folder, 'repo', 'inner', 'a', 'b'), { recursive: true });
    mkdirSync(join(folder, 'plain'));
    symlinkSync(join(folder, 'repo'), join(folder, 'link'));
    expect(workspaceRoot(join(folder, 'repo', 'src', 'not-there'))).toBe(join(folder, 'repo'));
    expect(workspaceRoot(join(folder, 'repo', 'inner', 'a', 'b'))).toBe(join(folder, 'repo', 'inner'));
    expect(workspaceRoot(join(folder, 'link'))).toBe(join(folder, 'repo'));
    expect(workspaceRoot(join(folder, 'plain'))).toBe(join(folder, 'plain'));
  });

  test('is not the home directory for its .countersign, which is our state', () => {
    const home = temporaryFolder();
    mkdirSync(join(home, '.countersign'));
    mkdirSync(join(home, 'a'));
    vi.stubEnv('HOME', home);
    expect(workspaceRoot(join(home, 'a'))).toBe(join(home, 'a'));
    vi.unstubAllEnvs();
  });

  test('is remembered for a moment, then looked at again', () => {
    let now = 0;
    const folder = repository();
    const surroundings = new MachineSurroundings({ now: () => now, cacheMs: 100, trusted: (root) => root === folder });
    expect(surroundings.workspace(folder)).toEqual({ root: folder, branch: 'main', remote: '', trusted: true });
    git(folder, 'switch', '-c', 'feature/x');
    expect(surroundings.workspace(folder).branch).toBe('main');
    now = 101;
    expect(surroundings.workspace(folder).branch).toBe('feature/x');
  });

  test('is trusted by nobody unless someone says so', () => {
    expect(new MachineSurroundings().workspace(temporaryFolder()).trusted).toBe(false);
  });
});

describe('git', () => {
  test('knows branch and remote; credentials in the URL are left out', () => {
    const folder = repository();
    git(folder, 'remote', 'add', 'upstream', 'git@example.com:up/stream.git');
    expect(gitFacts(folder)).toEqual({ branch: 'main', remote: 'git@example.com:up/stream.git' });
    git(folder, 'remote', 'add', 'origin', 'https://user:secret@example.com/a/b.git');
    expect(gitFacts(folder).remote).toBe('https://example.com/a/b.git');
  });

  test('in a worktree has its own branch and the shared remote', () => {
    const folder = repository();
    git(folder, 'remote', 'add', 'origin', 'https://example.com/a.git');
    const tree = join(temporaryFolder(), 'tree');
    git(folder, 'worktree', 'add', '-b', 'side', tree);
    expect(workspaceRoot(tree)).toBe(tree);
    expect(gitFacts(tree)).toEqual({ branch: 'side', remote: 'https://example.com/a.git' });
  });

  test('in a submodule has the submodule’s own facts', () => {
    const inner = repository();
    const outer = repository();
    git(outer, 'submodule', 'add', inner, 'sub');
    expect(gitFacts(join(outer, 'sub'))).toEqual({ branch: 'main', remote: inner });
  });

  test('with a detached HEAD, or damaged, has no branch', () => {
    const folder = repository();
    git(folder, 'checkout', '--detach');
    expect(gitFacts(folder).branch).toBe('');
    rmSync(join(folder, '.git', 'HEAD'));
    expect(gitFacts(folder)).toEqual({ branch: '', remote: '' });
    expect(gitFacts(temporaryFolder())).toEqual({ branch: '', remote: '' });
  });

  test.each<[string, string | undefined]>([
    ['[user]\n\temail = a@b.c\n', 'a@b.c'],
    ['[User]\n  Email = "a@b.c" # mine\n', 'a@b.c'],
    ['[user] email = a@b.c ; mine', 'a@b.c'],
    ['[user]\nemail = a@b.c\n[user]\nemail = d@e.f\n', 'd@e.f'],
    ['[other]\nemail = a@b.c\n', undefined],
    ['', undefined],
  ])('reads the email from %j', (config, email) => {
    expect(gitSetting(config, 'user', 'email')).toBe(email);
  });
});

test('the user has a name, a home, and the email of the git configuration', () => {
  const home = temporaryFolder();
  writeFileSync(join(home, '.gitconfig'), '[user]\n\temail = ada@example.com\n');
  vi.stubEnv('HOME', home);
  const user = new MachineSurroundings({ roles: () => ['lead'] }).user();
  vi.unstubAllEnvs();
  expect(user).toEqual({ name: userInfo().username, email: 'ada@example.com', roles: ['lead'], home });
  expect(homedir()).not.toBe(home);
});

test.runIf(process.getuid?.() !== 0 && process.platform !== 'win32')(
  'a path through a folder that may not be searched cannot be resolved',
  () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0);
    onTestFinished(() => chmodSync(join(folder, 'closed'), 0o700));
    expect(() => resolvePath('closed/x', folder, '/home/ada')).toThrow(/cannot be looked at/);
  },
);

test('where a governor decides, it is known by its process, its programs and, once there is one, its port', () => {
  const surroundings = new MachineSurroundings({ programs: ['/opt/countersign/dist'] });
  expect(surroundings.governor?.()).toEqual({ pid: process.pid, programs: ['/opt/countersign/dist'] });
  surroundings.governsOn(40_404);
  expect(surroundings.governor?.()).toMatchObject({ port: 40_404 });
  expect(new MachineSurroundings().governor).toBeUndefined();
});
