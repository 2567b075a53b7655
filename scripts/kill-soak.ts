import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Kills the log's writers at 500 random points (or as many as the first argument says), the governor and hooks at as many, and 200
// sessions of the real Claude Code (or as many as the second argument says).
const root = join(import.meta.dirname, '..');
const [writers = '500', sessions = '200'] = process.argv.slice(2);
const env = { ...process.env, COUNTERSIGN_KILLS: writers, COUNTERSIGN_SESSION_KILLS: sessions };

run('unit', 'test/storage/audit-crash.test.ts', 'test/hosts/serve/crash.test.ts');
run('real', 'test/real/claude/kill-soak.test.ts');

function run(project: string, ...tests: readonly string[]): void {
  const args = ['run', '--project', project, '--no-file-parallelism', ...tests];
  const { status } = spawnSync('vitest', args, { cwd: root, stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}
