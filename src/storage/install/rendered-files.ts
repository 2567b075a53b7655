import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensurePrivateFolder } from '../home.ts';
import { hasCode, writePrivately } from '../private-file.ts';

/** Writes the plugin's files, each in one step and readable for its owner alone. Says which ones were not like that already. */
export function renderInto(folder: string, files: readonly { readonly path: string; readonly text: string }[]): readonly string[] {
  ensurePrivateFolder(folder);
  return files.flatMap(({ path, text }) => {
    const file = join(folder, path);
    if (readIfThere(file) === text) return [];
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writePrivately(file, text);
    return [file];
  });
}

/** The text of that file; `undefined` where there is none. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}
