import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { hasCode } from './private-file.ts';

/** As many links as Linux follows before it gives up (`MAXSYMLINKS`). */
const mostLinks = 40;

/**
 * The absolute path that the system would reach: `~` is the home directory, and symbolic links are followed in every
 * part that exists, a link to something missing included (writing through it creates the target).
 * Throws where that cannot be known: a loop of links, a folder that may not be searched, a NUL byte, and `..` behind a
 * link, where the system goes up from the link's target and many programs from the link itself.
 */
export function resolvePath(path: string, cwd: string, home: string, look: LinkLook = linkAt): string {
  if (path.includes('\0')) throw new Error('A path with a NUL byte cannot be resolved.');
  const absolute = absolutePath(path, cwd, home);
  const parts = partsOf(absolute);
  const reached = walk(parse(absolute).root, parts, look);
  if (!parts.includes('..')) return reached;
  const tidied = walk(parse(absolute).root, partsOf(resolve(absolute)), look);
  if (tidied === reached) return reached;
  throw new Error(`${path} is ambiguous behind a symbolic link: ${reached} to some programs, ${tidied} to others. Write it without "..".`);
}

/** Where the link at a path leads; `undefined` for anything else. */
export type LinkLook = (path: string) => string | undefined;

/**
 * Looks at each path of the disk once. For the many paths of one call; the next call looks again. `met` hears of every link, and
 * (with `null`) of what cannot be looked at.
 */
export function lookOnce(met: (path: string, target: string | null) => void = () => undefined): LinkLook {
  const seen = new Map<string, string | undefined>();
  return (path) => {
    if (!seen.has(path)) seen.set(path, heardOf(path, met));
    return seen.get(path);
  };
}

function heardOf(path: string, met: (path: string, target: string | null) => void): string | undefined {
  try {
    const target = linkAt(path);
    if (target !== undefined) met(path, target);
    return target;
  } catch (cause) {
    met(path, null);
    throw cause;
  }
}

/** Not `path.resolve`: it would take `..` away before links are followed. */
function absolutePath(path: string, cwd: string, home: string): string {
  const expanded = path === '~' || path.startsWith('~/') || path.startsWith(`~${sep}`) ? home + path.slice(1) : path;
  return isAbsolute(expanded) ? expanded : resolve(cwd) + sep + expanded;
}

/** Without the root. */
function partsOf(path: string): readonly string[] {
  return path
    .slice(parse(path).root.length)
    .split(sep === '\\' ? /[\\/]/ : '/')
    .filter((part) => part !== '' && part !== '.');
}

function walk(root: string, parts: readonly string[], look: LinkLook): string {
  const left = [...parts];
  let reached = root;
  let links = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === '..') {
      reached = dirname(reached);
      continue;
    }
    const next = join(reached, part);
    const target = look(next);
    if (target === undefined) {
      reached = next;
      continue;
    }
    links += 1;
    if (links > mostLinks) throw new Error(`${next} cannot be resolved: too many symbolic links, perhaps a loop.`);
    if (isAbsolute(target)) reached = parse(target).root;
    left.unshift(...partsOf(target));
  }
  return reached;
}

/** Where the link at that path leads; `undefined` for anything else, a missing file included. */
function linkAt(path: string): string | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
  } catch (cause) {
    // A file where a folder is expected, or a name too long to exist: nothing there to follow.
    if (hasCode(cause, 'ENOTDIR') || hasCode(cause, 'ENAMETOOLONG')) return undefined;
    throw new Error(`${path} cannot be resolved: it cannot be looked at.`, { cause });
  }
}
