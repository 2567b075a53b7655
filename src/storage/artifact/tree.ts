import { hash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** `sha256:<hex>` over all that lies in a folder: of each file its path, whether it can be run, and its content. Throws on what is no file. */
export function treeDigest(folder: string): string {
  return `sha256:${hash('sha256', linesOf(folder, '').join('\n'))}`;
}

export function fileDigest(path: string): string {
  return hash('sha256', readFileSync(path));
}

function linesOf(root: string, at: string): readonly string[] {
  const entries = readdirSync(join(root, at), { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry): readonly string[] => {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    const place = join(root, path);
    if (entry.isDirectory()) return linesOf(root, path);
    // A name with a line break could be taken for two lines.
    const name = JSON.stringify(path);
    if (entry.isSymbolicLink()) return [`link ${name} ${JSON.stringify(readlinkSync(place))}`];
    if (!entry.isFile()) throw new Error(`${place} is neither a file nor a folder.`);
    return [`${isProgram(place) ? 'program' : 'file'} ${name} ${fileDigest(place)}`];
  });
}

function isProgram(path: string): boolean {
  return process.platform !== 'win32' && (lstatSync(path).mode & 0o100) !== 0;
}
