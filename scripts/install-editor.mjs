/**
 * Installs the editor that the tests drive (VS Code as code-server) below test/lab/editor.
 *
 * Plain JavaScript that runs on Node 20, because it also serves on a machine whose own Node is older than ours.
 * `node scripts/install-editor.mjs`, or `installEditor()`.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lab = join(root, 'test', 'lab', 'editor');
const server = join(lab, 'node_modules', 'code-server');
const standIns = {
  spdlog: join(lab, 'stand-ins', 'spdlog.cjs'),
  'native-watchdog': join(lab, 'stand-ins', 'native-watchdog.cjs'),
};
// Extensions of the editor's own that start with every window, and that no test looks at: an eighth of the time until ours runs.
const leftOut =
  'git git-base github emmet npm grunt gulp jake debug-auto-launch debug-server-ready merge-conflict extension-editing typescript-language-features php-language-features microsoft-authentication references-view ms-vscode.js-debug ms-vscode.js-debug-companion ms-vscode.vscode-js-profile-table ipynb notebook-renderers'.split(
    ' ',
  );
// The chat's own extension, which most windows would only start to end it again: while they do, the editor ends its extension host
// and starts another one, and a view that is just being shown stays empty.
const chat = 'copilot';
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

/** What makes an editor one that has a chat. */
export const withChat = `builtin-extensions-dir=${join(server, 'lib', 'vscode', 'extensions-with-chat')}`;

function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted();
}

function wanted() {
  const hash = createHash('sha256');
  for (const file of [join(lab, 'package-lock.json'), ...Object.values(standIns)]) hash.update(readFileSync(file));
  hash.update(leftOut.join() + chat);
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
  for (const name of leftOut) rmSync(join(code, 'extensions', name), { recursive: true, force: true });
  setChatApart(join(code, 'extensions'), join(code, 'extensions-with-chat'));
}

function setChatApart(extensions, all) {
  rmSync(all, { recursive: true, force: true });
  mkdirSync(all);
  renameSync(join(extensions, chat), join(all, chat));
  for (const name of readdirSync(extensions)) symlinkSync(join('..', 'extensions', name), join(all, name));
}

function editorName() {
  const read = (file) => JSON.parse(readFileSync(file, 'utf8')).version;
  const code = read(join(server, 'lib', 'vscode', 'package.json'));
  return `VS Code ${code} (code-server ${read(join(server, 'package.json'))})`;
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) installEditor();
