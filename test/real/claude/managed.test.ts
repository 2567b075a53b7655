import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const isPossible = process.platform === 'linux' && process.getuid?.() === 0;

test.runIf(isPossible)(
  'managed hooks hold where a project, an option or the person switches hooks off; taking them out leaves no trace',
  async () => {
    const etc = mkdtempSync(join(tmpdir(), 'cs-etc-'));
    try {
      cpSync('/etc', etc, { recursive: true, verbatimSymlinks: true });
      const program = join(import.meta.dirname, 'programs', 'managed.ts');
      const inside = 'mount --bind "$1" /etc && exec "$2" "$3"';
      const { stdout } = await promisify(execFile)('unshare', ['-m', 'sh', '-c', inside, 'sh', etc, process.execPath, program]);
      const found = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
      expect(found.before).toEqual([1, 1]);
      expect(found.shown).toContain('50-countersign.json');
      expect(found.written).toBe(false);
      expect(found.level).toBe('managed');
      expect(found.doctor).toMatch(/managed/);
      expect(found.with).toEqual({
        'nothing special': [0, 1],
        'hooks and plugin off in the project': [0, 1],
        '--bare': [0, expect.any(Number)],
        'other setting sources': [0, 1],
        '--settings that switch hooks off': [0, 1],
      });
      expect(found.left).toEqual({ names: ['managed-settings.json'], organisation: true });
    } finally {
      rmSync(etc, { recursive: true, force: true });
    }
  },
);
