import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, accessSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

/** Long enough for a slow network; a client gives up much sooner, and its next start goes on from npm's cache. */
const longestMs = 10 * 60_000;
const most = 4_000;
/** Nothing of a package runs, nobody is asked, and the lock says where everything is from. */
const careful = '--ignore-scripts --no-bin-links --no-audit --no-fund --no-update-notifier --omit=dev --loglevel=error'.split(' ');
/** A registry that does not answer is said to be so while the client still waits. */
const impatient = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=1000', '--fetch-timeout=20000'];

/** What would run code inside of npm, or is meant for another npm that runs us: with another folder, or other options. */
const leading = /^(NODE_OPTIONS|npm_.*)$/i;
const kept = /^npm_config_(registry|cache|userconfig|cafile|(https_?)?proxy|noproxy|strict_ssl)$/i;

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs npm in a folder of ours. Rejects with what it said. */
export type Npm = (args: readonly string[], folder: string, env: Environment) => Promise<void>;

export const npm: Npm = async (args, folder, env) => {
  const [command, ...before] = npmProgram(env);
  if (command === undefined)
    throw new Error('npm was not found beside Node or in PATH, and is needed to install the server. Install Node with npm.');
  const child = spawn(command, [...before, ...args, ...careful, ...impatient, '--omit-lockfile-registry-resolved=false'], {
    cwd: folder,
    // Authorities that this machine trusts, as the npm that its user knows does: those of a company's proxy are there alone.
    env: { NODE_USE_SYSTEM_CA: '1', ...Object.fromEntries(Object.entries(env).filter(([name]) => !leading.test(name) || kept.test(name))) },
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
    timeout: longestMs,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-most)));
  await once(child, 'close');
  if (child.exitCode !== 0)
    throw new Error(`npm ${args[0] ?? ''} failed: ${said.trim() || `it ended with ${child.exitCode ?? child.signalCode}`}`);
};

/**
 * That of our own Node first: what PATH says may come from the very configuration that is being looked at. The script itself where it can be
 * found: a `.cmd` needs a shell, and a link runs whatever Node stands first.
 */
export function npmProgram(env: Environment): readonly string[] {
  const folders = [dirname(process.execPath), ...(env['PATH'] ?? env['Path'] ?? '').split(delimiter)].filter(isAbsolute);
  for (const folder of folders) {
    const scripts = ['node_modules/npm/bin/npm-cli.js', '../lib/node_modules/npm/bin/npm-cli.js', '../npm/bin/npm-cli.js'];
    const script = scripts.map((path) => join(folder, path)).find((path) => isThere(path, constants.R_OK));
    if (script !== undefined) return [process.execPath, script];
    const program = join(folder, 'npm');
    if (process.platform !== 'win32' && isThere(program, constants.X_OK)) return [program];
  }
  return [];
}

function isThere(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
