import { readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import * as z from 'zod/mini';
import type { Package } from './agent-programs.ts';

const manifestSchema = z.object({ name: z.string(), version: z._default(z.string(), '') });

/** The npm package that a file belongs to, symlinks resolved. Nothing for what is in none, or cannot be read. */
export function nearestPackage(file: string): Package | undefined {
  if (!isAbsolute(file)) return undefined;
  try {
    for (let folder = dirname(realpathSync(file)); ; folder = dirname(folder)) {
      const found = manifestIn(folder);
      if (found !== undefined || folder === dirname(folder)) return found;
    }
  } catch {
    return undefined;
  }
}

/** Inner ones without a name only say how files are to be read. */
function manifestIn(folder: string): Package | undefined {
  try {
    return z.parse(manifestSchema, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  } catch {
    return undefined;
  }
}
