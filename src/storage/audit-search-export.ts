import { randomBytes } from 'node:crypto';
import { realpathSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import * as z from 'zod/mini';
import type { StoredEntry } from '../engine/audit/export/origin.ts';
import { columns, recordOfRow, rowSchema } from './audit-rows.ts';
import type { Database } from './database.ts';

/** Why nothing may be written there: what lies in our own folder is what everything else rests on. */
export function whyNotThere(file: string, home: string): string | undefined {
  if (!isAbsolute(file)) return `"${file}" is no absolute path.`;
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) return `${file} is a folder. Choose a file.`;
  if (statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory() !== true) return `The folder ${dirname(file)} does not exist.`;
  const path = relative(comparable(realpathSync.native(home)), comparable(join(realpathSync.native(dirname(file)), 'file')));
  const isInside = !isAbsolute(path) && path !== '..' && !path.startsWith(`..${sep}`);
  return isInside ? `${file} lies in Countersign's own folder, where nothing else may be written. Choose another place.` : undefined;
}

/** Where case may not matter, it does not. */
function comparable(path: string): string {
  return process.platform === 'linux' ? path : path.toLowerCase();
}

/** The entries of these numbers in pages. One that this version cannot understand is an error: an export must not leave it out. */
export function* storedPages(database: Database, numbers: Iterable<number>, pageSize = 500): Generator<readonly StoredEntry[]> {
  const read = database.prepare(`SELECT ${columns} FROM entries WHERE seq = ?`).raw();
  let page: StoredEntry[] = [];
  for (const seq of numbers) {
    const row = z.parse(rowSchema, read.get(seq));
    page.push({ record: recordOfRow(row), text: row[7] });
    if (page.length === pageSize) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

/** Only a whole file gets the name; only its owner can read it. `between` is waited for after each text; where it rejects, nothing is left. */
export async function writeTexts(file: string, texts: Iterable<string>, between: () => Promise<void>): Promise<void> {
  const partial = `${file}.${randomBytes(4).toString('hex')}.part`;
  const handle = await open(partial, 'wx', 0o600);
  try {
    await writeAll(handle, texts, between);
    await rename(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

async function writeAll(handle: FileHandle, texts: Iterable<string>, between: () => Promise<void>): Promise<void> {
  try {
    for (const text of texts) {
      await handle.appendFile(text);
      await between();
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
