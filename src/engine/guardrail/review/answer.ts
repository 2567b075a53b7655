import * as z from 'zod/mini';

const answer = z.strictObject({ id: z.string(), match: z.boolean() });
/** Much longer than an answer is; more is not looked at. */
const longest = 2_000;

/**
 * Whether the model said yes. Nothing but the one object that was asked for counts, with the id that the text cannot know:
 * a text that speaks for the model, or a model that repeats the text, brings no answer. Throws a sentence then, without what was said.
 */
export function readAnswer(said: string, id: string): boolean {
  const parsed = z.safeParse(answer, jsonOf(said));
  if (!parsed.success) throw new Error('the answer is not the JSON object that was asked for');
  if (parsed.data.id !== id) throw new Error('the answer is not to this question');
  return parsed.data.match;
}

/** Models like to put JSON into a block of code. */
function jsonOf(said: string): unknown {
  if (said.length > longest) return undefined;
  const [, block] = /^```(?:json)?\n([^`]*)```$/.exec(said.trim()) ?? [];
  try {
    return JSON.parse(block ?? said);
  } catch {
    return undefined;
  }
}
