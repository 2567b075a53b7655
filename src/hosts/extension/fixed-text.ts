import type { ProblemFix } from '../../channel/messages.ts';
import { removeMember, setMember } from '../../storage/install/json-edit.ts';

/** The file's text with the fix; the same text where it is in there already. Throws on text that is not one JSON object. */
export function fixedText(text: string, { path, set }: NonNullable<ProblemFix['edit']>): string {
  return set === undefined ? removeMember(text, path) : setMember(text, path, set);
}
