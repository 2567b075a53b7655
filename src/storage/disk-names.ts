import { lstatSync, opendirSync, readdirSync } from 'node:fs';
import { join, parse, sep } from 'node:path';

/** What a disk makes of names. */
export interface DiskNames {
  /** Whether a folder takes names for the same that differ in capitals only; `undefined` where nothing in it tells. */
  readonly foldsCase: (folder: string) => boolean | undefined;
  /** A path as its names stand on a disk that folds case; what is not there is kept as it is. */
  readonly trueName: (path: string) => string;
}

export const diskNames: DiskNames = { foldsCase, trueName };

/** A folder may have a million names: a few tell as much. */
const mostNames = 32;

/**
 * Tried, not guessed from the system: there are disks that fold on Linux (exFAT, shares, ext4 with `casefold`) and disks that do not on
 * macOS. A name that is found in other letters, and not listed in them, is folded. Numbers of inodes say nothing: some disks give
 * another one to each spelling.
 */
function foldsCase(folder: string): boolean | undefined {
  try {
    const telling = someNames(folder).filter((name) => swapped(name) !== name);
    if (telling.length === 0) return undefined;
    const found = telling.find((name) => lstatSync(join(folder, swapped(name)), { throwIfNoEntry: false }) !== undefined);
    return found !== undefined && !readdirSync(folder).includes(swapped(found));
  } catch {
    return undefined;
  }
}

function someNames(folder: string): readonly string[] {
  const listing = opendirSync(folder);
  try {
    const names: string[] = [];
    for (let entry = listing.readSync(); entry !== null && names.length < mostNames; entry = listing.readSync()) names.push(entry.name);
    return names;
  } finally {
    listing.closeSync();
  }
}

function trueName(path: string): string {
  const { root } = parse(path);
  const parts = path.slice(root.length).split(sep).filter(Boolean);
  return parts.reduce((folder, part) => join(folder, nameIn(folder, part)), root);
}

function nameIn(folder: string, part: string): string {
  try {
    const names = readdirSync(folder);
    return names.includes(part) ? part : (names.find((name) => name.toLowerCase() === part.toLowerCase()) ?? part);
  } catch {
    return part;
  }
}

function swapped(name: string): string {
  return name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
}
