/** The npm that serves here, for packages that the tests drive and that are no part of the project. Runs on Node 20, as its callers do. */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { env, execPath, versions } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * A Node 24: ourselves, or else the one among the project's dependencies.
 *
 * @returns {string}
 */
export function node24() {
  if (versions.node.startsWith('24.')) return execPath;
  const own = join(root, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(own)) throw new Error(`The editor needs Node 24, and there is none at ${own}. Run "npm ci" first.`);
  return own;
}

/**
 * Runs npm for the package in `directory`. Throws when it fails.
 *
 * @param {readonly string[]} args
 * @param {string} directory
 */
export function npm(args, directory) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', `--prefix=${directory}`];
  execFileSync(node24(), [npmCli(), ...args, ...quiet], {
    cwd: directory,
    env: withoutOuterNpm(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

// An npm that runs us hands its own package, prefix and switches to every npm below it.
function withoutOuterNpm() {
  const inherited = /^npm_(package|lifecycle|config_(local_prefix|global|prefix|omit|include|ignore_scripts|nodedir))/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !inherited.test(name)));
}

function npmCli() {
  const candidates = [env.npm_execpath, join(dirname(execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')];
  const onPath = (env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'npm'));
  const found = [...candidates, ...onPath].find((file) => file && existsSync(file) && isNpmCli(file));
  if (!found) throw new Error('Found no npm. Install Node.js with npm, or run this through "npm run".');
  return realpathSync(found);
}

// A version manager's "npm" on the PATH may be a shell script, which Node cannot run.
function isNpmCli(file) {
  return realpathSync(file).endsWith(join('npm', 'bin', 'npm-cli.js'));
}
