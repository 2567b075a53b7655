/** A piece of an agent's text: as it is, or a character that would not be seen (or would change what is seen), named. */
export interface Segment {
  readonly text: string;
  readonly marked: boolean;
}

// What Unicode says may be ignored when drawing (zero width, tags, variation selectors, fillers); format characters (bidi);
// halves of a surrogate pair, private and unassigned characters; the empty braille cell; control characters except tab and
// line feed; separators other than a plain space.
const invisible = /[\p{DI}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u2800]|(?![\n\t])\p{Cc}|(?! )\p{Zs}/gu;

/** The text in pieces; joined, nothing of it is hidden. */
export function visibleSegments(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(invisible)) {
    if (match.index > end) segments.push({ text: text.slice(end, match.index), marked: false });
    segments.push({ text: nameOf(match[0]), marked: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) segments.push({ text: text.slice(end), marked: false });
  return segments;
}

/** The same as one string. */
export function visibleText(text: string): string {
  return visibleSegments(text)
    .map((segment) => segment.text)
    .join('');
}

/** `‹U+202E›` */
function nameOf(character: string): string {
  return `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`;
}
