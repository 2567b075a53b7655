import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const programs = ['/usr/bin/pkexec', '/usr/bin/pkttyagent', '/usr/bin/dbus-daemon', '/usr/lib/polkit-1/polkitd'];
const isPossible = process.platform === 'linux' && process.getuid?.() === 0 && programs.every((path) => existsSync(path));

test.runIf(isPossible)(
  'the managed installation of the editor: polkit asks for the password, and what is answered is what happens',
  async () => {
    const etc = mkdtempSync(join(tmpdir(), 'cs-etc-'));
    try {
      cpSync('/etc', etc, { recursive: true, verbatimSymlinks: true });
      chmodSync(etc, 0o755);
      const program = join(import.meta.dirname, 'programs', 'password.ts');
      // An /etc and a system bus that nobody else sees.
      const inside = 'mount --bind "$1" /etc && mount -t tmpfs none /run && exec "$2" "$3"';
      const { stdout } = await promisify(execFile)('unshare', ['-m', 'sh', '-c', inside, 'sh', etc, process.execPath, program]);
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
        nobodyAsks: {
          exitCode: 1,
          says: expect.stringMatching(/no program here asks for .* in a terminal.* your own settings all the same/s),
          there: false,
        },
        wrong: { exitCode: 1, says: expect.stringContaining("no administrator's password was given, or a wrong one"), there: false },
        right: { exitCode: 0, says: expect.stringContaining('no file of a project or a person switches them off'), there: true },
        owner: { uid: 0, mode: '644' },
        removed: { exitCode: 0, says: expect.stringContaining('as they were before: the managed settings'), there: false },
        folder: false,
      });
    } finally {
      rmSync(etc, { recursive: true, force: true });
    }
  },
);
