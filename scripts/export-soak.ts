import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Exports 20,000 entries (or as many as the first argument says) to the real rsyslogd and to a collector, killed on the way.
const root = join(import.meta.dirname, '..');
const env = { ...process.env, COUNTERSIGN_EXPORT_COUNT: process.argv[2] ?? '20000' };
const { status } = spawnSync('vitest', ['run', '--project', 'real', 'test/real/export'], { cwd: root, stdio: 'inherit', env });
process.exit(status ?? 1);
