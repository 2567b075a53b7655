// Brings everything a command needs: runs on whatever Node the machine has (20 or newer), before anything is installed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.countersign-prepared');
const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.log('Installing the dependencies named in package-lock.json into node_modules (Node 24 and Claude Code among them) …');
  npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  bringNode24();
  writeFileSync(stamp, lock);
}

if (process.argv.includes('--lab')) {
  const { installBrowser } = await import('./install-browser.mjs');
  const { installEditor } = await import('./install-editor.mjs');
  const { ensureTmux } = await import('./install-terminal.mjs');
  installBrowser();
  installEditor();
  ensureTmux();
}

function npm(args) {
  const cli = process.env.npm_execpath;
  // The npm that runs this script; without one, whatever `npm` is on the PATH.
  if (cli) execFileSync(process.execPath, [cli, ...args], { cwd: root, stdio: 'inherit' });
  else execFileSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
}

/** npm versions that hold back install scripts leave the `node` package without its binary. */
function bringNode24() {
  const packageDir = join(root, 'node_modules', 'node');
  const binary = join(packageDir, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary)) execFileSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: packageDir, stdio: 'inherit' });
  if (!existsSync(binary)) throw new Error(`Node 24 could not be installed into ${packageDir}; install Node 24 yourself and run this again.`);
}
