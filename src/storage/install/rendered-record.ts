import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { writePrivately } from '../private-file.ts';
import { plainText } from './plain-text.ts';

const record = z.object({ version: z.literal(1), files: z.record(z.string(), z.string()) });

type Files = readonly { readonly path: string; readonly text: string }[];

/** Beside the folder, not in it: whatever is rendered into it later, this says what it was. */
export function recordFile(folder: string): string {
  return `${folder}.json`;
}

/** Remembers the digests of what is about to be rendered into that folder. */
export function saveRecord(folder: string, files: Files): void {
  const digests = Object.fromEntries(files.map(({ path, text }) => [path, digest(text)]));
  const text = `${JSON.stringify({ version: 1, files: digests }, null, 2)}\n`;
  if (plainText(recordFile(folder)) !== text) writePrivately(recordFile(folder), text);
}

/** Whether anything was ever rendered there, as far as we know. */
export function hasRecord(folder: string): boolean {
  return plainText(recordFile(folder)) !== undefined;
}

export interface Altered {
  readonly path: string;
  readonly state: 'gone' | 'changed';
}

/** Files that are not, or no longer, as they were rendered. A record that is gone or odd vouches for nothing. */
export function alteredFiles(folder: string): readonly Altered[] {
  const files = recorded(folder);
  if (files === undefined) return [altered(recordFile(folder), hasRecord(folder) ? 'changed' : 'gone')];
  return Object.entries(files).flatMap(([path, expected]) => {
    const text = plainText(join(folder, path));
    if (text === undefined) return [altered(join(folder, path), 'gone')];
    return digest(text) === expected ? [] : [altered(join(folder, path), 'changed')];
  });
}

function altered(path: string, state: Altered['state']): Altered {
  return { path, state };
}

function recorded(folder: string): Readonly<Record<string, string>> | undefined {
  try {
    return z.parse(record, JSON.parse(plainText(recordFile(folder)) ?? '')).files;
  } catch {
    return undefined;
  }
}

function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
