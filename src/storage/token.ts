import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hasCode } from './private-file.ts';

/** The secret in that file, 64 hex digits; made up on first use. Throws on a file that holds something else or is open to others. */
export function readOrCreateToken(path: string): string {
  try {
    return readToken(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  // Written aside and linked into place: two processes that start at once agree on one token, and nobody reads half of one.
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(aside, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(aside, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return readToken(path);
}

function readToken(path: string): string {
  const stat = lstatSync(path);
  if (process.getuid !== undefined && (stat.uid !== process.getuid() || (stat.mode & 0o077) !== 0 || !stat.isFile())) {
    throw new Error(`${path} must be a file of yours that nobody else can read. Delete it; a new one is made.`);
  }
  const token = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(token)) throw new Error(`${path} does not hold a token. Delete it; a new one is made.`);
  return token;
}
