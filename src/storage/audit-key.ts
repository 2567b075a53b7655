import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, renameSync } from 'node:fs';
import { readSigningKey, secretText, signingKeyOf, type SigningKey } from '../engine/audit/note.ts';
import { writePrivately } from './private-file.ts';

/** Makes a key and keeps it in `path`, for its owner alone. `name` is the log's; made up where it is a new log. */
export function createKey(path: string, name = `countersign/${randomBytes(8).toString('hex')}`): SigningKey {
  const seed = randomBytes(32);
  const key = signingKeyOf(name, seed);
  writePrivately(path, `${secretText(key, seed)}\n`);
  return key;
}

/** `undefined` where there is none. Throws on a file that holds something else or is open to others. */
export function readKey(path: string): SigningKey | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (process.getuid !== undefined && (stat.uid !== process.getuid() || (stat.mode & 0o077) !== 0 || !stat.isFile())) {
    throw new Error(`${path} must be a file of yours that nobody else can read: it signs the log. Find out who changed it.`);
  }
  try {
    return readSigningKey(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} does not hold the log's key. Restore it from a backup, or run: countersign audit rotate-key --lost`, {
      cause,
    });
  }
}

/** The public half beside it, for whoever checks the log. */
export function publishKey(path: string, key: SigningKey): void {
  const file = publicKeyFile(path);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== `${key.verifier.text}\n`) writePrivately(file, `${key.verifier.text}\n`);
}

export function publicKeyFile(path: string): string {
  return `${path}.pub`;
}

/** Where the next key waits until the log says that it takes over. */
export function nextKeyFile(path: string): string {
  return `${path}.next`;
}

/** The key with that text: the one in place, or one whose change was written down but that did not come to its place. */
export function keyInPlace(path: string, text: string): SigningKey | undefined {
  const key = readKey(path);
  if (key?.verifier.text === text) return key;
  const next = readKey(nextKeyFile(path));
  if (next?.verifier.text !== text) return undefined;
  renameSync(nextKeyFile(path), path);
  return next;
}
