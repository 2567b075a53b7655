import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

// Runs the extension's own tests in code-server, and in a desktop VS Code where one can be had. Exits with 1 if any fails.
const root = join(import.meta.dirname, '..', '..');
const inServer = runIn('code-server', {});
const missing = await whatIsMissingForDesktop();
if (missing !== undefined) notRun(`extension tests in a desktop VS Code (${missing})`);
const inDesktop = missing !== undefined || runIn('a desktop VS Code', { COUNTERSIGN_TEST_DESKTOP: '1' });
process.exitCode = inServer && inDesktop ? 0 : 1;

function runIn(editor: string, env: NodeJS.ProcessEnv): boolean {
  console.log(`— extension tests in ${editor}`);
  const program = [process.execPath, join(root, 'node_modules', '@vscode', 'test-cli', 'out', 'bin.mjs')];
  const [command = '', ...args] = env['COUNTERSIGN_TEST_DESKTOP'] === '1' && needsDisplay() ? ['xvfb-run', '-a', ...program] : program;
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;
}

function needsDisplay(): boolean {
  return process.platform === 'linux' && process.env['DISPLAY'] === undefined;
}

async function whatIsMissingForDesktop(): Promise<string | undefined> {
  // Asked first: without a display there is nothing to download for.
  if (needsDisplay() && spawnSync('xvfb-run', ['--help'], { stdio: 'ignore' }).status !== 0) return 'no display here';
  const downloads = 'https://update.code.visualstudio.com/api/releases/stable';
  const reachable = await fetch(downloads, { signal: AbortSignal.timeout(5000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  return reachable ? undefined : 'no download here';
}

function notRun(reason: string): void {
  console.log(`not run: ${reason}`);
  mkdirSync(join(root, 'test-output'), { recursive: true });
  appendFileSync(join(root, 'test-output', 'not-run.txt'), `${reason}\n`);
}
