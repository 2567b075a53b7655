// `node scripts/run.mjs COMMAND [ARGUMENTS]`: brings everything that the command needs, then runs it on Node 24. Itself it runs
// on whatever Node the machine has (20 or newer), before anything is installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The scripts of each command, in order, and whether it drives a browser and a terminal, and an editor that is there before. */
const commands = {
  build: { scripts: ['build.ts'] },
  demo: { scripts: ['build.ts', 'demo.ts'] },
  package: { scripts: ['package.ts'] },
  check: { scripts: ['check.ts'] },
  test: { scripts: ['test.ts'], lab: true },
  rules: { scripts: ['rules-page.ts', 'self-protection-page.ts', 'agents-page.ts'] },
  prices: { scripts: ['prices.ts'] },
  bench: { scripts: ['build.ts', 'bench.ts'], lab: true, editor: true },
  'bench:guards': { scripts: ['build.ts', '../bench/guards/main.ts'] },
  'bench:guardrails': { scripts: ['../bench/guardrails/main.ts'] },
  corpus: { scripts: ['corpus.ts'] },
  fuzz: { scripts: ['fuzz.ts'] },
  mutations: { scripts: ['mutations.ts'] },
  'soak:kills': { scripts: ['build.ts', 'kill-soak.ts'] },
  'soak:export': { scripts: ['export-soak.ts'], lab: true, editor: true },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.countersign-prepared');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.log('Installing the dependencies named in package-lock.json into node_modules (Node 24 and Claude Code among them) …');
  // Without their scripts, which would compile what the packages bring along ready-made; the two that are needed are run below.
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  bringNode24();
  bringClaudeCode();
  writeFileSync(stamp, lock);
}

const [name = '', ...words] = process.argv.slice(2);
const command = commands[name];
if (!command) throw new Error(`"${name}" is not one of ${Object.keys(commands).join(', ')}`);
if (command.lab) await prepareLab();
if (command.editor) (await import('./install-editor.mjs')).installEditor();
for (const [index, script] of command.scripts.entries()) run(script, index === command.scripts.length - 1 ? words : []);

async function prepareLab() {
  const { installBrowser } = await import('./install-browser.mjs');
  const { ensureTmux } = await import('./install-terminal.mjs');
  const { bringRsyslog } = await import('./install-syslog.mjs');
  const { bringExfat } = await import('./install-exfat.mjs');
  const { bringPolkit } = await import('./install-polkit.mjs');
  installBrowser();
  ensureTmux();
  bringRsyslog();
  bringExfat();
  bringPolkit();
}

/** By its path: the shell that npm started may remember the `node` that it found before the installation. */
function run(script, scriptArguments) {
  const folders = [dirname(node24()), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''];
  const env = { ...process.env, PATH: folders.join(delimiter) };
  const { status, error } = spawnSync(node24(), [join(root, 'scripts', script), ...scriptArguments], { cwd: root, stdio: 'inherit', env });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function npm(args) {
  const cli = process.env.npm_execpath;
  // The npm that runs this script; without one, whatever `npm` is on the PATH.
  if (cli) execFileSync(process.execPath, [cli, ...args], { cwd: root, stdio: 'inherit' });
  else execFileSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
}

/** Without its install script, the `node` package has no binary yet. */
function bringNode24() {
  const folder = join(root, 'node_modules', 'node');
  // We may be the Node 24 of an earlier installation, which is gone now.
  const runner = existsSync(process.execPath) ? process.execPath : 'node';
  if (!existsSync(node24())) execFileSync(runner, ['installArchSpecificPackage.js'], { cwd: folder, stdio: 'inherit' });
  // npm links no program that is not there yet.
  const link = join(root, 'node_modules', '.bin', 'node');
  if (process.platform !== 'win32' && !existsSync(link)) symlinkSync(join('..', 'node', 'bin', 'node'), link);
  if (!existsSync(node24())) throw new Error(`Node 24 could not be installed into ${folder}; install Node 24 yourself and run this again.`);
}

/** Its install script puts the client of this platform in its place. */
function bringClaudeCode() {
  execFileSync(node24(), ['install.cjs'], { cwd: join(root, 'node_modules', '@anthropic-ai', 'claude-code'), stdio: 'inherit' });
}

function node24() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}
