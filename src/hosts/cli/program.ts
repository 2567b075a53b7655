import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const isSource = import.meta.url.endsWith('.ts');

/** Another of our programs, as it lies beside this one: bundled in `dist`, or in the sources. */
export function programPath(name: 'serve' | 'hook' | 'mcp-gateway'): string {
  return isSource ? join(here, '..', name, 'main.ts') : join(here, `${name}.mjs`);
}
