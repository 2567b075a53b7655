import type { ShellSurroundings, Word } from './analysis.ts';
import type { State } from './state.ts';
import { anything, concat, isKnown, textOf } from './word-parts.ts';

/** As long as a path may be on any system. */
const maxPath = 4_096;

/** The text of a file: what the text itself wrote into it, or else what lies there now. */
export function knownFile(path: Word, surroundings: ShellSurroundings | undefined, state: State): Word | undefined {
  const place = placeOf(path, surroundings, state);
  if (place === undefined) return undefined;
  if (place === '/dev/null') return '';
  return state.file(place) ?? (place.startsWith('/') ? surroundings?.readText?.(place) : undefined);
}

/** Whether the text itself wrote the file. */
export function wroteFile(path: Word, surroundings: ShellSurroundings | undefined, state: State): boolean {
  const place = placeOf(path, surroundings, state);
  return place !== undefined && state.file(place) !== undefined;
}

/** Where a word leads, when there is one such place. Absolute where the surroundings are known. */
export function placeOf(path: Word, surroundings: ShellSurroundings | undefined, state: State): string | undefined {
  const [directory, ...others] = state.directories;
  if (!isKnown(path) || path === '' || directory === undefined) return undefined;
  if (path.startsWith('$')) return undefined;
  const absolute = isAbsolute(path);
  if (!absolute && (others.length > 0 || !isKnown(directory))) return undefined;
  const joined = absolute ? path : joinPath(isKnown(directory) ? directory : '', path);
  if (joined === '~' || joined.startsWith('~/')) return surroundings === undefined ? joined : normal(surroundings.home + joined.slice(1));
  return joined.startsWith('/') || surroundings === undefined ? normal(joined) : normal(`${surroundings.cwd}/${joined}`);
}

/** `$PWD`: absolute where the surroundings are known, so that it stays the same when the directory is changed. */
export function workingDirectory(surroundings: ShellSurroundings | undefined, state: State): Word {
  const here = state.directories.length === 1 && state.directories[0] === '.';
  if (surroundings === undefined && here) return '.';
  return placeOf('.', surroundings, state) ?? { ...anything('$PWD', 'environment'), many: false };
}

/** A directory reached from another one by `cd`. */
export function enter(from: Word, to: Word): Word {
  if (isAbsolute(isKnown(to) ? to : (to.parts[0] ?? ''))) return to;
  if (textOf(from).length > maxPath) return anything('a directory');
  if (isKnown(from) && isKnown(to)) return joinPath(from, to);
  return concat([from, '/', to]);
}

function joinPath(from: string, to: string): string {
  return normal(from === '.' || from === '' ? to : `${from}/${to}`);
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || path === '~' || path.startsWith('~/') || path.startsWith('$') || /^[A-Za-z]:[\\/]/.test(path);
}

/** Without `.`, and without `..` where what it leaves is known. */
function normal(path: string): string {
  const root = path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '~') parts.pop();
    else if (part !== '..' || root === '') parts.push(part);
  }
  return root + parts.join('/') || '.';
}
