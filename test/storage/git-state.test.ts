import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { GitState } from '../../src/engine/request.ts';
import { gitState } from '../../src/storage/git-state.ts';
import { temporaryFolder } from './folder.ts';

function git(cwd: string, ...args: readonly string[]): void {
  const settings = ['user.name=t', 'user.email=t@t', 'init.defaultBranch=main', 'protocol.file.allow=always'];
  execFileSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], { cwd, stdio: 'pipe' });
}

/** A repository with one commit of these files. */
function repository(files: readonly string[] = ['src/a', 'src/b', 'mixed/a', 'half/a', 'weird [x]*/a']): string {
  const folder = temporaryFolder();
  git(folder, 'init');
  writeFileSync(join(folder, '.gitignore'), 'dist\n*.log\n');
  for (const file of files) put(folder, file);
  git(folder, 'add', '.');
  git(folder, 'commit', '-m', 'x');
  return folder;
}

function put(folder: string, file: string, text = 'text\n'): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

test.each<[string, string, GitState]>([
  ['a committed file', 'src/a', 'clean'],
  ['a folder that is committed wholly', 'src', 'clean'],
  ['a committed file whose name looks like a pattern', 'weird [x]*', 'clean'],
  ['a changed file', 'mixed/a', 'changed'],
  ['a folder with a changed and a new file', 'mixed', 'changed'],
  ['a file that is added but in no commit', 'staged', 'changed'],
  ['a new file', 'new', 'untracked'],
  ['a folder of new files', 'fresh', 'untracked'],
  ['a folder with a committed and a new file', 'half', 'untracked'],
  ['a folder with a committed and an ignored file', 'logs', 'untracked'],
  ['an ignored folder', 'dist', 'ignored'],
  ['a file in an ignored folder', 'dist/deep/x', 'ignored'],
  ['an empty folder', 'empty', 'untracked'],
  ['a file that is not there', 'none', 'missing'],
  ['a file below a file', 'src/a/x', 'missing'],
  ["git's own folder", '.git', 'untracked'],
  ["a file in git's own folder", '.git/HEAD', 'untracked'],
  ['a repository inside', 'inner', 'untracked'],
])('%s (%s) is %s', (_, path, expected) => {
  const folder = repository(['src/a', 'src/b', 'mixed/a', 'half/a', 'logs/a', 'weird [x]*/a']);
  put(folder, 'mixed/a', 'other\n');
  for (const file of ['mixed/new', 'new', 'fresh/x', 'half/new', 'logs/x.log', 'dist/deep/x', 'staged']) put(folder, file);
  git(folder, 'add', 'staged');
  mkdirSync(join(folder, 'empty'));
  mkdirSync(join(folder, 'inner'));
  git(join(folder, 'inner'), 'init');
  git(join(folder, 'inner'), 'commit', '--allow-empty', '-m', 'x');
  expect(gitState(join(folder, path))).toBe(expected);
});

test('a whole repository is not kept by git, and what no repository holds is outside', () => {
  const folder = repository();
  expect(gitState(folder)).toBe('outside');
  put(folder, 'x', '');
  expect(gitState(join(dirname(folder), 'certainly-not-there'))).toBe('missing');
  expect(gitState('/')).toBe('outside');
  expect(gitState('/etc/passwd')).toBe('outside');
});

test('a link is judged itself, not what it leads to', () => {
  const folder = repository();
  symlinkSync('src', join(folder, 'link'));
  expect(gitState(join(folder, 'link'))).toBe('untracked');
});

test.each<[string, (folder: string) => void]>([
  ['marked as unchanged', (folder) => git(folder, 'update-index', '--assume-unchanged', 'src/a')],
  ['left out of the working tree', (folder) => git(folder, 'update-index', '--skip-worktree', 'src/a')],
])('a file that git was told not to look at (%s) is unknown', (_, hide) => {
  const folder = repository();
  hide(folder);
  put(folder, 'src/a', 'other\n');
  expect(gitState(join(folder, 'src'))).toBe('unknown');
});

test('a submodule is unknown', () => {
  const folder = repository();
  git(folder, 'submodule', 'add', repository(), 'sub');
  git(folder, 'commit', '-m', 'x');
  expect(gitState(join(folder, 'sub'))).toBe('unknown');
});

test('settings that hide new files do not hide them from us', () => {
  const folder = repository();
  git(folder, 'config', 'status.showUntrackedFiles', 'no');
  put(folder, 'src/new');
  expect(gitState(join(folder, 'src'))).toBe('untracked');
});

test('nothing that a repository names is run, and its index stays as it is', () => {
  const folder = repository();
  const program = join(folder, '.git', 'evil');
  writeFileSync(program, `#!/bin/sh\ntouch '${folder}/.git/ran'\ncat\n`);
  chmodSync(program, 0o755);
  for (const name of ['post-index-change', 'pre-commit']) symlinkSync(program, join(folder, '.git', 'hooks', name));
  for (const setting of ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.process', 'core.pager', 'pager.status'])
    git(folder, 'config', setting, program);
  git(folder, 'config', 'filter.evil.required', 'true');
  writeFileSync(join(folder, '.git', 'info', 'attributes'), '* filter=evil\n');
  put(folder, 'src/a', 'text\n');
  const index = readFileSync(join(folder, '.git', 'index'));
  gitState(join(folder, 'src'));
  expect(existsSync(join(folder, '.git', 'ran'))).toBe(false);
  expect(readFileSync(join(folder, '.git', 'index'))).toEqual(index);
});

test("the environment's own words for git do not lead it elsewhere", () => {
  const folder = repository();
  vi.stubEnv('GIT_DIR', join(repository(), '.git'));
  vi.stubEnv('GIT_WORK_TREE', '/');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(gitState(join(folder, 'src/a'))).toBe('clean');
});

test('without git nothing is known', () => {
  const folder = repository();
  vi.stubEnv('PATH', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(gitState(join(folder, 'src/a'))).toBe('unknown');
});

test('a git that does not answer is not waited for', () => {
  const folder = repository();
  const bin = temporaryFolder();
  writeFileSync(join(bin, 'git'), '#!/bin/sh\nexec /bin/sleep 30\n', { mode: 0o755 });
  vi.stubEnv('PATH', bin);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(gitState(join(folder, 'src/a'))).toBe('unknown');
});
