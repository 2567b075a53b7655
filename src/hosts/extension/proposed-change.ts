import * as z from 'zod/mini';
import type { JsonObject } from '../../engine/json.ts';

/** A file before and after a call, as far as it can be told before the call runs. */
export interface ProposedChange {
  readonly before: string;
  readonly after: string;
  /** What the person must know about this difference; empty when it is exactly what the agent's tool would do. */
  readonly caution: string;
}

const edit = z.object({ old_string: z.string(), new_string: z.string(), replace_all: z.optional(z.boolean()) });
type Edit = z.infer<typeof edit>;

/** The arguments of the tools that change one file, in the words of the agents that have them. */
const change = z.union([
  z.object({ file_path: z.string(), content: z.string() }),
  z.object({ file_path: z.string(), edits: z.array(edit) }),
  z.extend(edit, { file_path: z.string() }),
]);

/** The file that a call would change; `undefined` when its arguments are not those of a tool that we can show. */
export function changedFile(args: JsonObject): string | undefined {
  const parsed = change.safeParse(args);
  return parsed.success ? parsed.data.file_path : undefined;
}

/** What the call would make of `current`; `undefined` there means that the file does not exist. */
export function proposedChange(args: JsonObject, current: string | undefined): ProposedChange | undefined {
  const parsed = change.safeParse(args);
  if (!parsed.success) return undefined;
  const call = parsed.data;
  if ('content' in call) return { before: current ?? '', after: call.content, caution: '' };
  const edits = 'edits' in call ? call.edits : [call];
  return applyEdits(edits, current ?? '');
}

function applyEdits(edits: readonly Edit[], before: string): ProposedChange {
  let after = before;
  for (const each of edits) {
    const found = after.split(each.old_string).length - 1;
    if (each.old_string !== '' && found === 0)
      return piecewise(edits, 'The text to replace is not in the file: the edit would fail. Only the pieces are shown.');
    if (found > 1 && !each.replace_all && each.old_string !== '') {
      return piecewise(edits, `The text to replace is in the file ${found} times: the edit would fail. Only the pieces are shown.`);
    }
    after = applyEdit(each, after);
  }
  return { before, after, caution: '' };
}

function applyEdit({ old_string, new_string, replace_all }: Edit, text: string): string {
  // An empty text to replace is how a file is created.
  if (old_string === '') return new_string + text;
  // A function, because `$&` in a replacement string would be expanded, and the person would see another text than the agent writes.
  return replace_all ? text.replaceAll(old_string, () => new_string) : text.replace(old_string, () => new_string);
}

function piecewise(edits: readonly Edit[], caution: string): ProposedChange {
  return {
    before: edits.map((each) => each.old_string).join('\n⋯\n'),
    after: edits.map((each) => each.new_string).join('\n⋯\n'),
    caution,
  };
}
