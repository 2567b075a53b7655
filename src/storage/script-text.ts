import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

const mostBytes = 262_144;

/**
 * The text of a script by its absolute path, links followed. `undefined` where there is none that can be judged: not a plain file, over
 * 256 KiB, not UTF-8, or binary. Never waits for a pipe or a device.
 */
export function scriptText(path: string): string | undefined {
  let file: number | undefined;
  try {
    // Opening a device can already do something; what is opened is looked at again, because the first look may be outdated.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
    return fstatSync(file).isFile() ? textOf(bytesOf(file)) : undefined;
  } catch {
    // Whatever cannot be read is not known, and the engine treats it so.
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Not by its size: files of the kernel say 0. `undefined`: it is too long. */
function bytesOf(file: number): Buffer | undefined {
  const buffer = Buffer.allocUnsafe(mostBytes + 1);
  let length = 0;
  for (let got = -1; got !== 0 && length < buffer.length; length += got) got = readSync(file, buffer, length, buffer.length - length, null);
  return length > mostBytes ? undefined : buffer.subarray(0, length);
}

function textOf(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined || bytes.includes(0)) return undefined;
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
