import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside us when bundled, in its own folder in the sources. */
export function programBeside(name: 'hook' | 'mcp-gateway'): string {
  const here = fileURLToPath(import.meta.url);
  return here.endsWith('.ts') ? join(dirname(here), '..', name, 'main.ts') : join(dirname(here), `${name}.mjs`);
}
