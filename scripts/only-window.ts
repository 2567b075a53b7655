import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Throws where a program would load a file that needs `vscode`, now or later: outside a window that file cannot be loaded. */
export function refuseVscodeIn(dist: string, programs: readonly string[]): void {
  for (const program of programs) {
    const files = new Set([`${program}.mjs`]);
    // Grows while it is walked: each file names those that it loads.
    for (const file of files) {
      const path = join(dist, file);
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      if (/\bfrom\s*["']vscode["']/.test(text))
        throw new Error(`${program}.mjs loads ${file}, which needs "vscode": see scripts/chunk-plan.ts`);
      for (const [, name = ''] of text.matchAll(/["'`]\.\/([\w-]+\.mjs)["'`]/g)) files.add(name);
    }
  }
}
