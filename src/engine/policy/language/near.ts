/** A part of a file that means the same around the cursor as the whole does. */
export interface Near {
  readonly source: string;
  readonly offset: number;
  /** By how much the offsets of the whole are larger. */
  readonly shift: number;
}

/** A file of a few rules is quick to read as it is. */
const small = 8_000;

/**
 * The document that the cursor is in, and of a long one only the rule: reading everything at each keystroke would keep people waiting.
 * Where a rule begins and ends is told by indentation alone, so that it can be found in a file with faults.
 */
export function nearBy(source: string, offset: number): Near {
  const starts = [...source.matchAll(/^---(?=\s|$)/gm)].map(({ index }) => index);
  const from = starts.findLast((start) => start + 3 <= offset) ?? 0;
  const until = starts.find((start) => start > from && start + 3 > offset) ?? source.length;
  const document = { source: source.slice(from, until), offset: offset - from, shift: from };
  return document.source.length <= small ? document : ownItem(document);
}

function ownItem(document: Near): Near {
  const { source, offset, shift } = document;
  const first = /^spec:.*\n(?:.*\n)*? +rules:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*( *)- /m.exec(source);
  const dash = first?.[1];
  if (first === null || dash === undefined) return document;
  const firstItem = first.index + first[0].length - dash.length - 2;
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1;
  if (lineStart < firstItem) return document;
  const items = [...source.slice(firstItem).matchAll(new RegExp(`^${dash}- `, 'gm'))].map(({ index }) => firstItem + index);
  const end = endOfList(source, firstItem, dash.length);
  if (offset > end) return document;
  const start = items.findLast((item) => item <= lineStart) ?? firstItem;
  const next = items.find((item) => item > start) ?? end;
  const cut = start - firstItem;
  return { source: source.slice(0, firstItem) + source.slice(start, next) + source.slice(end), offset: offset - cut, shift: shift + cut };
}

/** Where a line is indented less than the list's dashes, or as much without one. */
function endOfList(source: string, from: number, indent: number): number {
  const after = new RegExp(`^ {0,${Math.max(indent - 1, 0)}}[^\\s#]|^ {${indent}}[^\\s#-]`, 'gm');
  after.lastIndex = from;
  return after.exec(source)?.index ?? source.length;
}
