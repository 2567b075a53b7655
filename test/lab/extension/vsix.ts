import { createVSIX } from '@vscode/vsce';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

/** What was built last (`npm run build`), as a package for this machine. `COUNTERSIGN_VSIX` names another one. */
export async function extensionVsix(directory: string): Promise<string> {
  const given = process.env['COUNTERSIGN_VSIX'];
  if (given !== undefined) return given;
  if (!existsSync(join(root, 'dist', 'extension.mjs'))) throw new Error('Nothing is built. Run: npm run build');
  await mkdir(directory, { recursive: true });
  for (const part of ['dist', 'media', 'policies', 'hooks', 'prebuilds'])
    await cp(join(root, part), join(directory, part), { recursive: true });
  const {
    scripts: _scripts,
    devDependencies: _dev,
    private: _private,
    type: _type,
    ...manifest
  } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await writeFile(join(directory, 'package.json'), JSON.stringify({ ...manifest, engines: { vscode: manifest.engines.vscode } }));
  await writeFile(join(directory, 'README.md'), 'Made by a test.');
  await writeFile(join(directory, 'LICENSE'), 'None.');
  await writeFile(join(directory, '.vscodeignore'), '**/*.map\n');
  const packagePath = join(directory, 'countersign.vsix');
  await createVSIX({ cwd: directory, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}
