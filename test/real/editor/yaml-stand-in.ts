import { createVSIX } from '@vscode/vsce';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package that goes by the name of Red Hat's YAML extension and does nothing: what others leave to it shows. */
export async function otherYamlExtension(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const manifest = { name: 'vscode-yaml', publisher: 'redhat', version: '1.0.0', engines: { vscode: '^1.100.0' } };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  for (const file of ['README.md', 'LICENSE']) await writeFile(join(directory, file), 'Made by a test.');
  const packagePath = join(directory, 'stand-in.vsix');
  await createVSIX({ cwd: directory, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}
