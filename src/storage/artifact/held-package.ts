import { hash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { writePrivately } from '../private-file.ts';
import { npm, type Npm } from './npm.ts';
import { readPackageLock, type LockedPackage } from './package-lock.ts';
import { artifactPlaces } from './places.ts';
import { treeDigest } from './tree.ts';

export interface Wanted {
  readonly name: string;
  readonly spec: string;
  /** A package-lock.json that says what to install; left out: what the registry has, the first time. */
  readonly lock?: string;
}

/** A package with all that it needs, in a folder of ours that nothing but this was ever written to. */
export interface HeldPackage extends LockedPackage {
  readonly name: string;
  readonly folder: string;
  readonly tree: string;
  /** The package-lock.json that it was installed from. */
  readonly lock: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The package as it was when it was first asked for, installed if need be, its files read and hashed anew. Rejects where they are not
 * what they were.
 */
export async function holdPackage(root: string, wanted: Wanted, env: Environment, run: Npm = npm): Promise<HeldPackage> {
  const { packages, resolved } = artifactPlaces(root);
  const memo = join(resolved, `${hash('sha256', JSON.stringify([wanted.name, wanted.spec, wanted.lock ?? ''])).slice(0, 40)}.json`);
  const known = remembered(memo);
  const there = known && held(folderOf(packages, known.tree), known.tree, wanted);
  if (there !== undefined) return there;
  const fresh = await install(packages, wanted, wanted.lock ?? known?.lock, (args, folder) => run(args, folder, env));
  mkdirSync(resolved, { recursive: true, mode: 0o700 });
  writePrivately(memo, JSON.stringify({ version: 1, tree: fresh.tree, lock: fresh.lock }));
  return fresh;
}

/** Forgets what a name and version got, so that the next start asks the registry again. */
export function forgetPackage(root: string, { name, spec }: Wanted): void {
  const memo = hash('sha256', JSON.stringify([name, spec, ''])).slice(0, 40);
  rmSync(join(artifactPlaces(root).resolved, `${memo}.json`), { force: true });
}

const leftOverMs = 60 * 60_000;
const memoShape = z.object({ version: z.literal(1), tree: z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/)), lock: z.string() });

/** One that cannot be read was never made. */
function remembered(memo: string): z.infer<typeof memoShape> | undefined {
  if (!existsSync(memo)) return undefined;
  try {
    return z.parse(memoShape, JSON.parse(readFileSync(memo, 'utf8')));
  } catch {
    return undefined;
  }
}

/** What lies there already, if it is what is wanted. Throws where it is no longer what was installed. */
function held(folder: string, tree: string, { name, lock: wanted }: Wanted): HeldPackage | undefined {
  if (!existsSync(folder)) return undefined;
  if (treeDigest(folder) !== tree)
    throw new Error(
      `The files of ${name} were changed after they were installed, in ${folder}. Remove that folder: they are installed anew.`,
    );
  // The hash covers it as well: nothing but this says which versions lie there.
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  return wanted !== undefined && wanted !== lock ? undefined : { ...readPackageLock(lock, name), name, folder, tree, lock };
}

async function install(
  packages: string,
  wanted: Wanted,
  known: string | undefined,
  run: (args: readonly string[], folder: string) => Promise<void>,
): Promise<HeldPackage> {
  removeLeftOvers(packages);
  const aside = join(packages, `new-${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(join(aside, 'package.json'), manifest(wanted));
    const lockFile = join(aside, 'package-lock.json');
    if (known === undefined) await run(['install', '--package-lock-only'], aside);
    else writeFileSync(lockFile, known);
    const lock = readFileSync(lockFile, 'utf8');
    // What nothing holds is not even fetched.
    readPackageLock(lock, wanted.name);
    await run(['ci'], aside);
    // Its own record of what it installed: nothing reads it, and versions of npm differ in it.
    rmSync(join(aside, 'node_modules', '.package-lock.json'), { force: true });
    protect(aside);
    const tree = treeDigest(aside);
    const folder = folderOf(packages, tree);
    // Whoever was first, the same files came of it.
    if (!existsSync(folder)) renameSync(aside, folder);
    const placed = held(folder, tree, { ...wanted, lock });
    if (placed === undefined) throw new Error(`${wanted.name} could not be installed from its lock.`);
    return placed;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Of installations whose client gave up on them. */
function removeLeftOvers(packages: string): void {
  if (!existsSync(packages)) return;
  for (const name of readdirSync(packages)) {
    const path = join(packages, name);
    const stat = name.startsWith('new-') ? statSync(path, { throwIfNoEntry: false }) : undefined;
    if (stat !== undefined && Date.now() - stat.mtimeMs > leftOverMs) rmSync(path, { recursive: true, force: true });
  }
}

function manifest({ name, spec }: Wanted): string {
  return `${JSON.stringify({ name: 'held', version: '0.0.0', private: true, dependencies: { [name]: spec } })}\n`;
}

function folderOf(packages: string, tree: string): string {
  return join(packages, tree.slice('sha256:'.length));
}

/** Nobody writes to what was installed by mistake; whoever does on purpose is noticed by the hash. */
function protect(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) protect(path);
    else if (entry.isFile()) chmodSync(path, 0o444);
  }
}
