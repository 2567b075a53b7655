import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Kills the log's writers at 500 random points (or as many as the first argument says), and the governor and hooks at as many.
const root = join(import.meta.dirname, '..');
const env = { ...process.env, COUNTERSIGN_KILLS: process.argv[2] ?? '500' };
const tests = ['test/storage/audit-crash.test.ts', 'test/hosts/serve/crash.test.ts'];
const args = ['run', '--project', 'unit', '--no-file-parallelism', ...tests];
const { status } = spawnSync('vitest', args, { cwd: root, stdio: 'inherit', env });
process.exit(status ?? 1);
