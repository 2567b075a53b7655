import { lstatSync } from 'node:fs';
import { basename, dirname, parse, sep } from 'node:path';
import type { GitState } from '../engine/request.ts';
import { askedGit } from './asked-git.ts';
import { hasCode } from './private-file.ts';

const longestMs = 1_000;

/**
 * What git knows of an absolute path, asked of git itself. `unknown` where git is missing, slow, or refuses. A repository may belong to
 * whoever wants to fool us: nothing that its configuration names is run, and nothing in it is written.
 */
export function gitState(path: string): GitState {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return 'missing';
    if (path === parse(path).root) return 'outside';
    // Git keeps no copy of its own folder.
    if (path.split(sep).some((name) => name.toLowerCase() === '.git')) return 'untracked';
    return askGit(dirname(path), basename(path));
  } catch (error) {
    if (hasCode(error, 'ENOTDIR')) return 'missing';
    return isNoRepository(error) ? 'outside' : 'unknown';
  }
}

function askGit(folder: string, name: string): GitState {
  const git = askedGit(longestMs);
  const filters = filterSettings(git(folder, ['config', '--list', '--name-only', '-z']));
  // `matching` does not walk through ignored folders, which may be huge.
  const options = ['status', '--porcelain=v1', '-z', '--ignored=matching', '--untracked-files=normal', '--ignore-submodules=all'];
  const tracked = parts(git(folder, ['ls-files', '-v', '--stage', '-z', '--', name], filters));
  const status = parts(git(folder, [...options, '--no-renames', '--', name], filters));
  return stateOf(tracked, status);
}

/** `tracked`: lines of `git ls-files -v --stage`; `status`: lines of `git status --porcelain`. */
function stateOf(tracked: readonly string[], status: readonly string[]): GitState {
  // What is in a submodule, and what git was told not to look at, git does not say.
  if (tracked.some((line) => !line.startsWith('H ') || line.startsWith('H 160000'))) return 'unknown';
  if (status.some((line) => !/^(\?\?|!!)/.test(line))) return 'changed';
  if (status.length === 0) return tracked.length > 0 ? 'clean' : 'untracked';
  return tracked.length === 0 && status.every((line) => line.startsWith('!!')) ? 'ignored' : 'untracked';
}

/** Comparing files may run the programs of filters; an empty one runs nothing. */
function filterSettings(names: string): readonly string[] {
  const drivers = parts(names).filter((name) => /^filter\..+\.(clean|smudge|process|required)$/i.test(name));
  if (drivers.some((name) => name.includes('='))) throw new Error('A filter whose name cannot be overridden.');
  return drivers.flatMap((name) => ['-c', `${name}=${/required$/i.test(name) ? 'false' : ''}`]);
}

function isNoRepository(error: unknown): boolean {
  return error instanceof Error && 'stderr' in error && /not a git repository/i.test(String(error.stderr));
}

function parts(text: string): readonly string[] {
  return text.split('\0').filter((part) => part !== '');
}
