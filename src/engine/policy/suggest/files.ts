import { literal } from '../call-patterns.ts';
import { normalizePath } from '../path-pattern.ts';

/** A path of the log, and how often it was used. */
export interface UsedPath {
  readonly path: string;
  readonly workspace: string;
  readonly home: string;
  readonly times: number;
}

interface Folder {
  readonly folders: Map<string, Folder>;
  /** How often the path itself was used. */
  times: number;
  refused: boolean;
}

/** So many files of one folder stand for the folder. */
const enough = 3;

/**
 * Patterns that match every used path, and as little else as can be read: a folder stands for its files where at least three of them were
 * used, and nothing below it was refused. Of a whole workspace that takes three folders of it; of a home or a disk it never happens.
 */
export function pathPatterns(used: readonly UsedPath[], refused: readonly UsedPath[]): ReadonlyMap<string, number> {
  const roots = new Map<string, Folder>();
  for (const one of used) nodeOf(roots, one).times += one.times;
  for (const one of refused) nodeOf(roots, one).refused = true;
  const patterns = new Map<string, number>();
  for (const [root, folder] of roots) gather(root, folder, 0, patterns);
  return patterns;
}

/** The node of the path, made where it is missing. */
function nodeOf(roots: Map<string, Folder>, one: UsedPath): Folder {
  const [root, names] = placed(one);
  let node = childOf(roots, root);
  for (const name of names) node = childOf(node.folders, name);
  return node;
}

function placed({ path, workspace, home }: UsedPath): readonly [root: string, names: readonly string[]] {
  const absolute = normalizePath(path);
  for (const [root, folder] of [
    ['${workspace}', normalizePath(workspace)],
    ['~', normalizePath(home)],
  ] as const)
    if (absolute === folder || absolute.startsWith(`${folder}/`)) return [root, absolute.slice(folder.length).split('/').filter(Boolean)];
  return ['', absolute.split('/').filter(Boolean)];
}

function childOf(folders: Map<string, Folder>, name: string): Folder {
  const known = folders.get(name) ?? { folders: new Map<string, Folder>(), times: 0, refused: false };
  folders.set(name, known);
  return known;
}

function gather(prefix: string, folder: Folder, depth: number, patterns: Map<string, number>): void {
  if (folder.times > 0 && !folder.refused) patterns.set(prefix === '' ? '/' : prefix, folder.times);
  if (standsForAll(prefix, folder, depth)) {
    patterns.set(`${prefix}/**`, below(folder).times);
    return;
  }
  for (const [name, child] of folder.folders) gather(`${prefix}/${literal(name)}`, child, depth + 1, patterns);
}

function standsForAll(prefix: string, folder: Folder, depth: number): boolean {
  const { files, refused } = below(folder);
  if (refused || files < enough) return false;
  if (prefix === '${workspace}') return folder.folders.size >= enough;
  return depth >= (prefix.startsWith('${workspace}') ? 1 : 2);
}

function below({ folders }: Folder): { readonly files: number; readonly times: number; readonly refused: boolean } {
  let files = 0;
  let times = 0;
  let refused = false;
  for (const child of folders.values()) {
    const inner = below(child);
    files += inner.files + (child.times > 0 ? 1 : 0);
    times += inner.times + child.times;
    refused ||= inner.refused || child.refused;
  }
  return { files, times, refused };
}
