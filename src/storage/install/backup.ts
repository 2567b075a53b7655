import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { ensurePrivateFolder } from '../home.ts';
import { writePrivately } from '../private-file.ts';

/** How a file was before we touched anything, and what it was when we had finished. */
const saved = z.object({
  file: z.string(),
  /** Name of the copy in the backup's folder; missing where there was no file. */
  copy: z.optional(z.string()),
  mode: z.optional(z.number()),
  /** SHA-256 of what our installation left there; missing while it is under way, and when somebody else changed the file in between. */
  after: z.optional(z.string()),
});
export type Saved = z.infer<typeof saved>;

const manifest = z.object({
  version: z.literal(1),
  files: z.array(saved),
  folders: z.array(z.object({ folder: z.string(), existed: z.boolean() })),
});
type Manifest = z.infer<typeof manifest>;

/** The state of an agent's files before our first installation; survives a crash at any point, and every later installation. */
export class Backup {
  readonly #folder: string;
  /** Files that may get a new "after": those that were as we left them. Others are judged by their content. */
  #settled: ReadonlySet<string> = new Set();

  constructor(folder: string) {
    this.#folder = folder;
  }

  get isThere(): boolean {
    return existsSync(this.#manifestFile);
  }

  /** Call before any change. What an earlier call saved stays: that was the state before us. */
  save(files: readonly string[], folders: readonly string[]): void {
    ensurePrivateFolder(this.#folder);
    const known = this.#read();
    const freshFiles = files.filter((file) => !known.files.some((one) => one.file === file)).map((file) => this.#saveFile(file));
    const freshFolders = folders
      .filter((folder) => !known.folders.some((one) => one.folder === folder))
      .map((folder) => ({ folder, existed: existsSync(folder) }));
    const keptFiles = known.files.map(({ after, ...rest }): Saved =>
      after !== undefined && after === digestOf(rest.file) ? { ...rest, after } : rest,
    );
    this.#write({ version: 1, files: [...keptFiles, ...freshFiles], folders: [...known.folders, ...freshFolders] });
    this.#settled = new Set([...freshFiles, ...keptFiles.filter(({ after }) => after !== undefined)].map(({ file }) => file));
  }

  /** Call after the last change. */
  settle(): void {
    const now = this.#read();
    this.#write({ ...now, files: now.files.map((one) => (this.#settled.has(one.file) ? { ...one, after: digestOf(one.file) } : one)) });
  }

  file(file: string): Saved | undefined {
    return this.#read().files.find((one) => one.file === file);
  }

  /** Every file that any of our installations touched. */
  get files(): readonly string[] {
    return this.#read().files.map(({ file }) => file);
  }

  /** Whether that folder was there before us; `undefined` when nobody looked. */
  hadFolder(folder: string): boolean | undefined {
    return this.#read().folders.find((one) => one.folder === folder)?.existed;
  }

  /** The bytes before us; `undefined` where there was no file. */
  before(entry: Saved): Buffer | undefined {
    return entry.copy === undefined ? undefined : readFileSync(join(this.#folder, entry.copy));
  }

  /** Puts the file back as it was. */
  restore(entry: Saved): void {
    const before = this.before(entry);
    if (before === undefined) rmSync(entry.file, { force: true });
    else replaceFile(entry.file, before, entry.mode);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #saveFile(file: string): Saved {
    if (!existsSync(file)) return { file };
    const copy = `${randomBytes(4).toString('hex')}-${file.split(/[\\/]/).at(-1) ?? 'file'}`;
    copyFileSync(file, join(this.#folder, copy));
    return { file, copy, mode: statSync(file).mode & 0o777 };
  }

  get #manifestFile(): string {
    return join(this.#folder, 'manifest.json');
  }

  #read(): Manifest {
    if (!this.isThere) return { version: 1, files: [], folders: [] };
    try {
      return z.parse(manifest, JSON.parse(readFileSync(this.#manifestFile, 'utf8')));
    } catch (cause) {
      throw new Error(`${this.#manifestFile} cannot be understood. The files beside it are the copies from before the installation`, {
        cause,
      });
    }
  }

  #write(content: Manifest): void {
    writePrivately(this.#manifestFile, `${JSON.stringify(content, undefined, 2)}\n`);
  }
}

/** In one step, with the mode it has or is to have; through a link to the file that it points at. */
export function replaceFile(file: string, content: string | Buffer, mode?: number): void {
  const target = existsSync(file) ? realpathSync(file) : file;
  mkdirSync(dirname(target), { recursive: true });
  const aside = `${target}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(aside, content, { mode: mode ?? (existsSync(target) ? statSync(target).mode & 0o777 : 0o600), flag: 'wx' });
  renameSync(aside, target);
}

/** SHA-256 of the file's bytes, or `missing`. */
export function digestOf(file: string): string {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'missing';
}
