import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { ensurePrivateFolder, homeOf } from './home.ts';

/** Beside the bundle's folder. */
const packages = join(import.meta.dirname, '..', 'prebuilds');
let known: { readonly path?: string } | undefined;

/**
 * The path of the compiled SQLite where our package carries it packed; `undefined` where it lies beside the program as it is. It is
 * unpacked once, into `lib` of the state folder, and its digest is compared with the one in the package's name whenever it is loaded.
 */
export function nativeBinding(): string | undefined {
  known ??= found(packages, join(homeOf().root, 'lib'));
  return known.path;
}

export function found(folder: string, lib: string): { readonly path?: string } {
  const [file, digest] = packagesIn(folder).flatMap((name) => [/^[\w-]+\.([0-9a-f]{64})\.node\.br$/.exec(name) ?? []])[0] ?? [];
  return file === undefined || digest === undefined ? {} : { path: unpacked(join(folder, file), digest, lib) };
}

function packagesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.node.br'));
  } catch {
    return [];
  }
}

function unpacked(file: string, digest: string, lib: string): string {
  const name = `sqlite-${digest}.node`;
  const path = join(lib, name);
  if (digestOf(path) === digest) return path;
  const bytes = brotliDecompressSync(readFileSync(file));
  if (sha256(bytes) !== digest) throw new Error(`${file} is not what it was when Countersign was made. Install Countersign again.`);
  try {
    ensurePrivateFolder(lib);
    put(bytes, path);
    forgetOthers(lib, name);
    return path;
  } catch {
    // A state folder on a full or read-only disk: what needs it says so itself, and who only reads a log needs nothing of it.
    return unpackedAside(bytes);
  }
}

function put(bytes: Buffer, path: string): void {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, bytes, { mode: 0o700 });
  renameSync(aside, path);
}

/** Of earlier versions. Where one is still in use, some systems keep it. */
function forgetOthers(lib: string, name: string): void {
  for (const other of readdirSync(lib).filter((one) => one !== name && /^sqlite-[0-9a-f]{64}\.node$/.test(one))) {
    try {
      rmSync(join(lib, other));
    } catch {
      // The next version tries again.
    }
  }
}

function unpackedAside(bytes: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'sqlite.node');
  put(bytes, path);
  return path;
}

function digestOf(path: string): string | undefined {
  try {
    return sha256(readFileSync(path));
  } catch {
    return undefined;
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
