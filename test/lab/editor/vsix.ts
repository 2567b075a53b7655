import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
/** What a package is made of. */
const ingredients = [
  'src',
  'media',
  'policies',
  'hooks',
  'scripts/build.ts',
  'scripts/icon-font.ts',
  'scripts/package.ts',
  'scripts/squeeze-zip.ts',
  'scripts/strip-elf.ts',
  'package.json',
  'package-lock.json',
  '.vscodeignore',
];

/** The package for this machine, made anew if anything it is made of is newer. COUNTERSIGN_VSIX names another one. */
export function packagedVsix(): string {
  const given = process.env['COUNTERSIGN_VSIX'];
  if (given !== undefined) return given;
  const target = `${process.platform}-${process.arch}`;
  const file = join(root, 'out', `countersign-${target}.vsix`);
  if (!existsSync(file) || statSync(file).mtimeMs < Math.max(...ingredients.map((each) => newest(join(root, each))))) pack(target);
  return file;
}

function newest(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function pack(target: string): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'package.ts'), target], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The extension could not be packaged: ${stderr}`);
}
