import * as z from 'zod/mini';
import type { JsonObject } from '../../engine/json.ts';
import { type DiffLine, lineDiff } from './line-diff.ts';

/** The difference that a call makes to a file, as far as its arguments tell: piece by piece. */
export interface Changes {
  readonly file: string;
  readonly pieces: readonly (readonly DiffLine[])[];
  /** Arguments that the difference shows; they need not be shown again. */
  readonly shown: readonly string[];
  /** What a reader must know about it; may be empty. */
  readonly note: string;
}

const edit = z.object({ old_string: z.string(), new_string: z.string(), replace_all: z.optional(z.boolean()) });
const shapes = z.union([
  z.object({ file_path: z.string(), content: z.string() }),
  z.object({ file_path: z.string(), edits: z.array(edit) }),
  z.extend(edit, { file_path: z.string() }),
]);
const changing: ReadonlySet<string> = new Set(['write', 'edit']);

/** `undefined` where the call changes no file, or its arguments are not those of a tool that we can show. */
export function changesOf(tool: string | undefined, args: JsonObject): Changes | undefined {
  const parsed = tool !== undefined && changing.has(tool) ? shapes.safeParse(args) : undefined;
  if (!parsed?.success) return undefined;
  const call = parsed.data;
  const { file_path: file } = call;
  if ('content' in call)
    return {
      file,
      pieces: [lineDiff('', call.content)],
      shown: ['content'],
      note: 'The whole file is written; what it held before is not in the log.',
    };
  const edits = 'edits' in call ? call.edits : [call];
  return {
    file,
    pieces: edits.map((each) => lineDiff(each.old_string, each.new_string)),
    shown: ['edits', 'old_string', 'new_string', 'replace_all'],
    note: edits.some(({ replace_all: all }) => all === true) ? 'Replaced everywhere in the file.' : '',
  };
}
