import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../bench.ts';

const root = join(import.meta.dirname, '..', '..');

/** What a user downloads. */
export function measurePackage(): Promise<readonly Figure[]> {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/package.ts'), 'linux-x64'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Packaging failed: ${stderr}`);
  const bytes = statSync(join(root, 'out', 'countersign-linux-x64.vsix')).size;
  return Promise.resolve([{ what: 'VSIX for linux-x64', value: bytes / 1e6, unit: 'MB', limit: 2 }]);
}
