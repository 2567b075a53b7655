import type { JsonValue } from '../../json.ts';
import type { Part } from '../finding.ts';
import { notScanned, type Hit } from './inspect.ts';
import { editStrings } from './strings.ts';

/** The name that stands in a text for what was taken out: the same value has the same. */
export type Placeholder = (kind: string, hash: string) => string;

/** The value without what was found; `whole` says of which finds all of the string goes in which they stand. */
export function rewrite(value: JsonValue, hits: readonly Hit[], placeholder: Placeholder, whole: (hit: Hit) => boolean): JsonValue {
  const byLeaf = Map.groupBy(hits, ({ leaf }) => leaf);
  return editStrings(value, (text, index) => {
    const here = byLeaf.get(index);
    if (here === undefined) return text;
    const withheld = here.find(whole);
    return withheld === undefined ? without(text, here, placeholder) : withheldNote(withheld);
  });
}

function withheldNote({ watch, why }: Hit): string {
  return `[withheld by guardrail "${watch.document.name}"${why === undefined ? '' : `: it could not be reviewed, because ${why}`}]`;
}

/** Of parts that overlap, the first gives its name to them all. */
function without(text: string, hits: readonly Hit[], placeholder: Placeholder): string {
  let written = '';
  let end = 0;
  for (const hit of hits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (hit.start >= end)
      written += text.slice(end, hit.start) + (hit.kind === notScanned ? cutNote(hit) : placeholder(hit.kind, hit.hash));
    end = Math.max(end, hit.end);
  }
  return written + text.slice(end);
}

function cutNote({ start, end }: Part): string {
  return `… (${end - start} more characters are withheld: too much to look through)`;
}
