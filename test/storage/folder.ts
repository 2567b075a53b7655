import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Whether this machine lets us have a small disk of our own. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/** An empty disk of that size (`1m`), gone when the test ends. */
export function mountDisk(size: string): string {
  const disk = join(temporaryFolder(), 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]);
  // Lazily: whatever still has a file open there must not leave the disk behind.
  onTestFinished(() => void execFileSync('umount', ['-l', disk]));
  return disk;
}

/** Writes into that file until nothing fits any more. */
export function fillDisk(path: string): void {
  for (let size = 65_536; size >= 512; size /= 2) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Full for this size: the next one is smaller.
    }
  }
}
