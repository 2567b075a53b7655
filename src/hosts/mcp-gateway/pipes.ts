import type { Readable, Writable } from 'node:stream';
import { FrameLines, type Overlong } from './frame-lines.ts';

/** Each line that comes from there. */
export function readLines(from: Readable, take: (line: Buffer | Overlong) => void): void {
  const lines = new FrameLines();
  from.on('data', (bytes: Buffer) => lines.push(bytes).forEach(take));
  from.on('end', () => {
    const rest = lines.rest();
    if (rest !== undefined) take(rest);
  });
}

/** Where lines go. Whoever does not read is not written to without an end: the other side waits meanwhile. */
export function outlet(to: Writable, from: () => Readable | undefined): (line: Buffer) => void {
  let isFull = false;
  return (line) => {
    if (to.writableEnded || to.destroyed || to.write(line) || isFull) return;
    isFull = true;
    from()?.pause();
    to.once('drain', () => {
      isFull = false;
      from()?.resume();
    });
  };
}
