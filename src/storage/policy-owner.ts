import { type Stats, lstatSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Why this folder cannot speak for the organisation: somebody who is no administrator may change it, or something above
 * it. `undefined` when nobody else can. Throws when it cannot be looked at.
 */
export function whoElseMayWrite(folder: string, administrator = 0): string | undefined {
  if (process.platform === 'win32') return 'its access list cannot be checked by this version';
  const itself = lstatSync(folder);
  if (!itself.isDirectory()) return `${folder} is not a folder`;
  if (isWritable(itself, administrator)) return `others than an administrator may change ${folder}`;
  for (let above = dirname(folder); ; above = dirname(above)) {
    if (isReplaceable(lstatSync(above), administrator)) return `others than an administrator may change ${above}`;
    if (above === dirname(above)) return undefined;
  }
}

/** A file in such a folder: a link would lead to where nobody has looked. */
export function isAdministratorsFile(stat: Stats, administrator = 0): boolean {
  return stat.isFile() && !isWritable(stat, administrator);
}

function isWritable(stat: Stats, administrator: number): boolean {
  return (stat.uid !== 0 && stat.uid !== administrator) || (stat.mode & 0o022) !== 0;
}

/** In a sticky folder such as /tmp everyone may add something, but nobody can replace what is another's. */
function isReplaceable(stat: Stats, administrator: number): boolean {
  const sticky = (stat.mode & 0o1000) !== 0 && (stat.uid === 0 || stat.uid === administrator);
  return !sticky && isWritable(stat, administrator);
}
