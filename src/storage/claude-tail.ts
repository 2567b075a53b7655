import { closeSync, openSync, readSync, statSync } from 'node:fs';
import * as z from 'zod/mini';

/** What the end of a transcript says about its session. */
export interface Tail {
  readonly model?: string;
  readonly mode?: string;
}

interface Read extends Tail {
  readonly size: number;
  readonly changed: number;
}

/** The last answer of a model stands within that many bytes of the end, or is not worth looking for. */
const tailBytes = 64 * 1024;
/** Not the name of a model: the client wrote the line itself. */
const synthetic = '<synthetic>';

const lineSchema = z.object({
  message: z.optional(z.object({ model: z.optional(z.string()) })),
  permissionMode: z.optional(z.string()),
});

/** Read again only where the file has changed. */
export class ClaudeTails {
  readonly #read = new Map<string, Read>();

  /** Nothing where there is no such file, or it says nothing. */
  of(path: string): Tail {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return {};
    const known = this.#read.get(path);
    if (known?.size === found.size && known.changed === found.mtimeMs) return known;
    const tail = { ...known, ...lastOf(textOfEnd(path, found.size)), size: found.size, changed: found.mtimeMs };
    this.#read.set(path, tail);
    return tail;
  }
}

function lastOf(text: string): Tail {
  let tail: Tail = {};
  for (const line of text.split('\n').toReversed()) {
    if (tail.model !== undefined && tail.mode !== undefined) break;
    if (!line.includes('"model"') && !line.includes('"permissionMode"')) continue;
    const { message, permissionMode: mode } = parsed(line);
    const model = message?.model;
    if (tail.model === undefined && model !== undefined && model !== synthetic) tail = { ...tail, model };
    if (tail.mode === undefined && mode !== undefined) tail = { ...tail, mode };
  }
  return tail;
}

/** Nothing of a line that is cut off, or is not what we know. */
function parsed(line: string): z.infer<typeof lineSchema> {
  try {
    return z.parse(lineSchema, JSON.parse(line));
  } catch {
    return {};
  }
}

function textOfEnd(path: string, size: number): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(Math.min(size, tailBytes));
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, size - bytes.length));
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
