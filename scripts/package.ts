import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packBinding } from './pack-binding.ts';
import { packageSizes } from './package-sizes.ts';
import { squeezeZip } from './squeeze-zip.ts';
import { withoutTests } from './without-tests.ts';

/** VS Code's platform names and the prebuilt SQLite binding each of them needs. */
const targets: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'alpine-x64': 'linuxmusl-x64',
  'alpine-arm64': 'linuxmusl-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'win32-x64',
  'win32-arm64': 'win32-arm64',
};
/** What a download may cost: a promise of ours, not of the marketplace. */
const limit = 2_000_000;
const root = join(import.meta.dirname, '..');
const wanted = process.argv.includes('--all') ? Object.keys(targets) : [process.argv[2] ?? `${process.platform}-${process.arch}`];

run('node', [join(root, 'scripts/build.ts'), '--release']);
for (const target of wanted) await pack(target);
// What may be too large for another platform is made as well, to be sure.
for (const target of inDoubt(wanted[0] ?? '')) await pack(target);

async function pack(target: string): Promise<void> {
  const binding = targets[target];
  if (!binding) throw new Error(`Unknown target "${target}"; one of ${Object.keys(targets).join(', ')}.`);
  const stage = join(root, 'out', 'vsix', target);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(join(stage, 'prebuilds'), { recursive: true });
  for (const entry of ['dist', '.vscodeignore', 'media', 'policies', 'hooks', 'README.md', 'LICENSE', 'CHANGELOG.md']) {
    if (existsSync(join(root, entry))) cpSync(join(root, entry), join(stage, entry), { recursive: true });
  }
  for (const file of globSync('policies/**/*.yaml', { cwd: stage })) rewrite(join(stage, file), withoutTests);
  const { name, bytes } = packBinding(binding, readFileSync(join(root, 'prebuilds', `${binding}.node`)));
  writeFileSync(join(stage, 'prebuilds', name), bytes);
  writeFileSync(join(stage, 'package.json'), manifest());
  const file = fileFor(target);
  run(
    process.execPath,
    [
      join(root, 'node_modules/@vscode/vsce/vsce'),
      'package',
      '--no-dependencies',
      '--no-rewrite-relative-links',
      '--allow-missing-repository',
      '--target',
      target,
      '--out',
      file,
    ],
    stage,
  );
  writeFileSync(file, await squeezeZip(readFileSync(file)));
  const { size } = statSync(file);
  console.log(`${file} ${size} bytes`);
  if (size > limit) throw new Error(`${file} is larger than the ${limit} bytes that we allow it. See what grew: unzip -v.`);
}

/** Whoever makes a package for their own machine learns that another platform's became too large. */
function inDoubt(made: string): readonly string[] {
  const { size } = statSync(fileFor(made));
  const bindings = Object.entries(targets).map(
    ([target, name]) => [target, readFileSync(join(root, 'prebuilds', `${name}.node`))] as const,
  );
  const sizes = Object.entries(packageSizes(made, size, Object.fromEntries(bindings))).toSorted(([, one], [, other]) => other - one);
  for (const [largest, bytes] of sizes.slice(0, 1)) console.log(`The largest platform is ${largest}: at most ${bytes} of ${limit} bytes.`);
  return sizes.filter(([target, most]) => most > limit && !wanted.includes(target)).map(([target]) => target);
}

function fileFor(target: string): string {
  return join(root, 'out', `countersign-${target}.vsix`);
}

function rewrite(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** Without what only a checkout needs: npm scripts and the development dependencies. */
function manifest(): string {
  const {
    scripts: _scripts,
    devDependencies: _dev,
    private: _private,
    type: _type,
    ...rest
  } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `${JSON.stringify({ ...rest, engines: { vscode: rest.engines.vscode } }, null, 2)}\n`;
}

function run(command: string, args: readonly string[], cwd = root): void {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
