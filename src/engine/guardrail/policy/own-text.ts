import { RE2JS } from 're2js';
import { longestScan } from '../detect.ts';
import type { Part } from '../finding.ts';
import type { OwnFound } from './document.ts';

/** More finds in one text than that are not looked for. */
const most = 1_000;

/** Looks for a pattern in linear time. Throws where it is none, or where it is found in an empty text. */
export function findPattern(pattern: string): (text: string) => OwnFound {
  const compiled = RE2JS.compile(pattern);
  if (compiled.matcher('').find()) throw new Error('it is found in any text, also in an empty one');
  return (text) => {
    const matcher = compiled.matcher(text.length > longestScan ? text.slice(0, longestScan) : text);
    const parts: Part[] = [];
    while (parts.length < most && matcher.find()) {
      if (matcher.end() > matcher.start()) parts.push({ start: matcher.start(), end: matcher.end() });
    }
    return found(parts, text);
  };
}

/** Looks for words, whatever their capitals and the space between them. */
export function findWords(words: readonly string[]): (text: string) => OwnFound {
  const quoted = words.map((word) => word.trim().split(/\s+/).map(quote).join('\\s+'));
  // Of two that begin alike, the longer one.
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}_])(?:${quoted.toSorted((a, b) => b.length - a.length).join('|')})(?![\\p{L}\\p{N}_])`,
    'giu',
  );
  return (text) => {
    const parts: Part[] = [];
    for (const match of text.slice(0, longestScan).matchAll(pattern)) {
      if (parts.push({ start: match.index, end: match.index + match[0].length }) === most) break;
    }
    return found(parts, text);
  };
}

/** Whether all of a text is what the pattern describes. Throws where it is none. */
export function isWholly(pattern: string): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern);
  return (text) => compiled.matcher(text).matches();
}

/** Without what has a meaning in a regular expression. */
function quote(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function found(parts: readonly Part[], text: string): OwnFound {
  return { parts, until: parts.length === most ? (parts.at(-1)?.end ?? 0) : Math.min(text.length, longestScan) };
}
