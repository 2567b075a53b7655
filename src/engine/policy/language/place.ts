import { type Part, type Path, readParts, readTree, type Span } from './part.ts';
import { innerSpan, spotAt } from './spot.ts';

/** Where something is being written, and what it would replace. */
export interface Place {
  /** Of the map that the field would be in, or of the value. */
  readonly path: Path;
  readonly role: 'field' | 'value';
  /** A lone word in a list may become a value or the first field of a map. */
  readonly isLone: boolean;
  /** The fields that are there already. */
  readonly siblings: readonly string[];
  readonly replace: Span;
  /** What stands there up to the cursor. */
  readonly typed: string;
  /** Within quotes, only characters of the value may be written. */
  readonly quote: '"' | "'" | undefined;
  readonly isFlow: boolean;
  /** Whether the field's colon is there already. */
  readonly hasColon: boolean;
  /** The whole document, for its kind. */
  readonly root: Part;
  /** By how much further lines are to be indented beyond the line's own indentation. */
  readonly extraIndent: number;
}

const mark = 'zz0countersign0zz';

/** Where the cursor is, in a file that is being written and therefore seldom without a fault. */
export function placeAt(source: string, offset: number): Place | undefined {
  return inQuotes(source, offset) ?? marked(source, offset);
}

function inQuotes(text: string, offset: number): Place | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  if (!/["']/.test(text.slice(lineStart, offset))) return undefined;
  const roots = readParts(text);
  const spot = spotAt(roots, offset);
  if (spot?.role !== 'value' || spot.part.kind !== 'text') return undefined;
  const first = text.charAt(spot.part.start);
  const inner = innerSpan(text, spot.part);
  if ((first !== '"' && first !== "'") || offset < inner.start || offset > inner.end) return undefined;
  return {
    path: spot.part.path,
    role: 'value',
    isLone: false,
    siblings: [],
    replace: inner,
    typed: text.slice(inner.start, offset),
    quote: first,
    isFlow: spot.around.some(({ isFlow }) => isFlow),
    hasColon: true,
    root: rootOf(roots, spot.part),
    extraIndent: 0,
  };
}

/** Puts a word of ours at the cursor, and looks where it has gone. */
function marked(text: string, offset: number): Place | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  if (/(^|\s)#/.test(before)) return undefined;
  const typed = /[^\s,[\]{}"'#:]*$/.exec(before)?.[0] ?? '';
  const rest = /^[^\s,[\]{}"'#:]*/.exec(text.slice(offset))?.[0] ?? '';
  const replace = { start: offset - typed.length, end: offset + rest.length };
  const lead = before.slice(0, before.length - typed.length);
  const hasColon = /^[ \t]*:/.test(text.slice(replace.end));
  const isLineStart = /^[ \t]*(- +)*$/.test(lead) && !hasColon;
  if (isLineStart && isBesideItems(text.slice(0, lineStart), lead)) {
    const item = find(text, replace, `- ${mark}:`);
    const list = item && { ...item, path: item.path.slice(0, -1), siblings: [] };
    if (list) return { ...list, isLone: true, replace, typed, quote: undefined, hasColon, extraIndent: 0 };
  }
  // As a field first: alone in a line, that is what it mostly becomes.
  for (const word of isLineStart ? [`${mark}:`, mark] : [mark]) {
    const found = find(text, replace, word);
    if (found !== undefined) return { ...found, replace, typed, quote: undefined, hasColon, extraIndent: dashes(lead) };
  }
  return undefined;
}

/** Under the dashes of a list, only another dash can stand. */
function isBesideItems(before: string, lead: string): boolean {
  if (lead.trim() !== '') return false;
  const above = before.split('\n').findLast((line) => line.trim() !== '' && !/^\s*#/.test(line) && indentOf(line) <= lead.length);
  return above !== undefined && indentOf(above) === lead.length && /^\s*- /.test(above);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A list's dash moves what follows it to the right. */
function dashes(lead: string): number {
  return /^[ \t]*((?:- +)*)$/.exec(lead)?.[1]?.length ?? 0;
}

type Found = Pick<Place, 'path' | 'role' | 'isLone' | 'siblings' | 'isFlow' | 'root'>;

function find(text: string, { start, end }: Span, word: string): Found | undefined {
  const changed = text.slice(0, start) + word + text.slice(end);
  const { roots, faults } = readTree(changed);
  // Our word stands where nothing can: then what it was taken for means nothing.
  if (faults.some((fault) => fault.start < start + word.length && fault.end > start)) return undefined;
  const spot = spotAt(roots, start + word.indexOf(mark) + 1);
  const parent = spot?.around.at(-1);
  if (spot === undefined) return undefined;
  const { part, role, around } = spot;
  const common = { isFlow: around.some(({ isFlow }) => isFlow), root: rootOf(roots, part) };
  if (role === 'key' && part.key?.name === mark)
    return {
      ...common,
      path: part.path.slice(0, -1),
      role: 'field',
      isLone: parent?.parts.length === 1,
      siblings: (parent?.parts ?? []).flatMap(({ key }) => (key === undefined || key.name === mark ? [] : [key.name])),
    };
  if (role === 'value' && part.scalar?.value === mark) return { ...common, path: part.path, role: 'value', isLone: true, siblings: [] };
  return undefined;
}

function rootOf(roots: readonly Part[], part: Part): Part {
  return roots.find((root) => root.start <= part.start && part.end <= root.end) ?? part;
}
