/**
 * Installs the editor that the tests drive (VS Code as code-server) below test/lab/editor.
 *
 * Plain JavaScript that runs on Node 20, because it also serves on a machine whose own Node is older than ours.
 * `node scripts/install-editor.mjs`, or `installEditor()`.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { argv, env, execPath, versions } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lab = join(root, 'test', 'lab', 'editor');
const server = join(lab, 'node_modules', 'code-server');
const standIns = {
  spdlog: join(lab, 'stand-ins', 'spdlog.cjs'),
  'native-watchdog': join(lab, 'stand-ins', 'native-watchdog.cjs'),
};
const stampFile = join(lab, 'node_modules', '.stamp-editor');

/**
 * The editor's entry file, to be run with `node24()`. Installs it unless it is there already; then prints one line.
 *
 * @returns {string}
 */
export function installEditor() {
  if (!isInstalled()) {
    const started = Date.now();
    install();
    writeFileSync(stampFile, wanted());
    console.log(`Installed ${editorName()} for the tests in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  }
  return join(server, 'out', 'node', 'entry.js');
}

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

function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted();
}

function wanted() {
  const hash = createHash('sha256');
  for (const file of [join(lab, 'package-lock.json'), ...Object.values(standIns)]) hash.update(readFileSync(file));
  return `${hash.digest('hex')}\n`;
}

// The install scripts compile add-ons, which takes a compiler, half a minute and headers of other libraries (Kerberos,
// X11). What the tests need beyond them (terminals, file watching, search) comes compiled in the packages.
function install() {
  const code = join(server, 'lib', 'vscode');
  npm(['ci', '--ignore-scripts'], lab);
  // Not `ci`: the lock file that the editor ships lacks one package, and `ci` refuses such a file.
  npm(['install', '--ignore-scripts', '--omit=dev'], code);
  npm(['install', '--ignore-scripts', '--omit=dev'], join(code, 'extensions'));
  for (const [name, file] of Object.entries(standIns)) {
    copyFileSync(file, join(code, 'node_modules', '@vscode', name, 'index.js'));
  }
}

function npm(args, directory) {
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

function editorName() {
  const read = (file) => JSON.parse(readFileSync(file, 'utf8')).version;
  const code = read(join(server, 'lib', 'vscode', 'package.json'));
  return `VS Code ${code} (code-server ${read(join(server, 'package.json'))})`;
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) installEditor();
