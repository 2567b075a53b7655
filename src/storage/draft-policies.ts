import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Layer } from '../engine/decision.ts';
import { withNameClashes } from '../engine/policy/name-clashes.ts';
import type { PolicyFile, PolicySet } from '../engine/policy/policy-set.ts';
import type { PolicyReader } from './policy-folder.ts';
import { readPolicyText } from './policy-text.ts';
import { packFile, packsFolder } from './shipped-policies.ts';

/** The text that a policy file is to have, which need not be saved, or exist. */
export interface Draft {
  readonly path: string;
  readonly text: string;
}

export interface DraftPlaces {
  /** The folder of the user's policies. */
  readonly user: string;
  readonly builtIn: string;
  readonly parse: PolicyReader['parse'];
  readonly isTrusted: PolicyReader['isTrusted'];
}

/**
 * Policies in force as they would be with the drafts: each replaces the file of its path. One that lies in a workspace's `.countersign`
 * counts for that workspace only; any other that is not in force is taken for one of the user's.
 */
export class DraftPolicies {
  readonly #places: DraftPlaces;
  readonly #files: readonly PolicyFile[];

  constructor(drafts: readonly Draft[], places: DraftPlaces) {
    this.#places = places;
    this.#files = drafts.map((draft) => read(draft, places));
  }

  /** As they were read, with what is wrong with them. */
  get files(): readonly PolicyFile[] {
    return this.#files;
  }

  with(inForce: PolicySet, workspace: string): PolicySet {
    const drafts = this.#files.filter((file) => file.layer === 'user' || isOf(workspace, file.path));
    if (drafts.length === 0) return inForce;
    const isObserved = inForce.files.some(({ onlyObserves }) => onlyObserves === true);
    const own = isObserved ? drafts.map((file): PolicyFile => ({ ...file, onlyObserves: true })) : drafts;
    const replaced = new Set(own.map(({ path }) => path));
    const isPack = ({ path }: PolicyFile): boolean => dirname(path) === packsFolder(this.#places.builtIn);
    const files = [...inForce.files.filter((file) => !replaced.has(realPath(file.path)) && !isPack(file)), ...own];
    return { files: [...byFolder(files), ...packsNamedBy(files, this.#places)] };
  }
}

/** Only these files, the packs that they name, and self-protection. */
export function onlyThese(files: readonly PolicyFile[], places: Pick<DraftPlaces, 'builtIn' | 'parse'>): PolicySet {
  const protection = fileAt(join(places.builtIn, 'self-protection.yaml'), 'built-in', places);
  return { files: [...withNameClashes(files), protection, ...packsNamedBy(files, places)] };
}

/** A policy file as it lies on the disk. One that cannot be read has that for a problem. */
export function fileAt(path: string, layer: Layer, { parse }: Pick<DraftPlaces, 'parse'>): PolicyFile {
  const text = readPolicyText(path);
  if (!text.ok) throw new Error(`${path} cannot be read: ${text.why}`);
  return parse({ path, layer, source: text.source, trusted: true });
}

function read({ path: given, text }: Draft, { user, parse, isTrusted }: DraftPlaces): PolicyFile {
  const path = realPath(given);
  const isShared = dirname(path).endsWith('.countersign') && !isIn(user, path);
  const layer = isShared ? 'workspace' : 'user';
  const file = parse({ path, layer, source: text, trusted: !isShared });
  return isShared ? { ...file, trusted: isTrusted(path, file.digest) } : file;
}

/** A workspace is governed by its own folder and by those above. */
function isOf(workspace: string, path: string): boolean {
  const root = dirname(dirname(path));
  return workspace === root || isIn(root, workspace);
}

function isIn(folder: string, path: string): boolean {
  const way = relative(realPath(folder), path);
  return way !== '' && !way.startsWith('..');
}

/** Links followed as far as there is something: a new file lies where its folder does. */
function realPath(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  return existsSync(dirname(absolute)) ? join(realpathSync(dirname(absolute)), absolute.slice(dirname(absolute).length + 1)) : absolute;
}

/** Names are unique within a folder. */
function byFolder(files: readonly PolicyFile[]): readonly PolicyFile[] {
  return [...Map.groupBy(files, ({ path }) => dirname(path)).values()].flatMap(withNameClashes);
}

function packsNamedBy(files: readonly PolicyFile[], places: Pick<DraftPlaces, 'builtIn' | 'parse'>): readonly PolicyFile[] {
  const named = new Set(files.flatMap(({ documents }) => documents.flatMap(({ packs }) => packs)));
  return [...named].map((name) => fileAt(join(packsFolder(places.builtIn), packFile(name)), 'built-in', places));
}
