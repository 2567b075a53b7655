import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { hasCode } from '../private-file.ts';

const largest = 8 * 1024 * 1024;

/**
 * The text of a file that others may have put there: `undefined` where there is none, '' where it is no ordinary file, cannot be read or
 * is a giant. Never throws and never waits: a pipe in a file's place must not keep us from looking at the others.
 */
export function plainText(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR') ? undefined : '';
  }
  try {
    const found = fstatSync(descriptor);
    return found.isFile() && found.size <= largest ? readFileSync(descriptor, 'utf8') : '';
  } catch {
    return '';
  } finally {
    closeSync(descriptor);
  }
}
