import type { Scalar } from 'yaml';

/**
 * Where each character of a scalar's value stands in the source: entry `i` is the source offset of `value[i]`,
 * and one entry more than the value is long marks its end. Falls back to the scalar's start for every character
 * if the mapping does not reproduce the value, so that a position may be coarse but is never in another scalar.
 */
export function scalarOffsets(source: string, scalar: Scalar): readonly number[] {
  const value = typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? '');
  const [start, end] = scalar.range ?? [0, 0];
  for (const indent of blockIndents(source, scalar)) {
    const mapped = mapScalar(source, scalar, start, end, indent);
    if (mapped.text === value) return [...mapped.offsets, mapped.end];
  }
  return Array.from({ length: value.length + 1 }, () => start);
}

/** An indentation indicator counts from the parent's indentation, which the scalar does not know: every one is tried. */
function blockIndents(source: string, scalar: Scalar): readonly (number | undefined)[] {
  const explicit = /^[|>][+-]?[1-9]/.test(source.slice(scalar.range?.[0] ?? 0, (scalar.range?.[0] ?? 0) + 3));
  const isBlock = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED';
  return isBlock && explicit ? Array.from({ length: 60 }, (_, index) => index + 1) : [undefined];
}

class Mapping {
  text = '';
  readonly offsets: number[] = [];
  end = 0;

  add(text: string, offset: number): void {
    for (let i = 0; i < text.length; i += 1) this.offsets.push(offset);
    this.text += text;
  }

  /** Takes back trailing blanks down to a length: white space around a fold is not content. */
  trimBlanks(floor: number): void {
    while (this.text.length > floor && /[ \t]$/.test(this.text)) {
      this.text = this.text.slice(0, -1);
      this.offsets.pop();
    }
  }
}

function mapScalar(source: string, scalar: Scalar, start: number, end: number, indent: number | undefined): Mapping {
  const mapping = new Mapping();
  switch (scalar.type) {
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      mapBlock(source, start, end, scalar, mapping, indent);
      return mapping;
    case 'QUOTE_SINGLE':
      mapFlow(source, start + 1, end - 1, 'single', mapping);
      return mapping;
    case 'QUOTE_DOUBLE':
      mapFlow(source, start + 1, end - 1, 'double', mapping);
      return mapping;
    default:
      mapFlow(source, start, end, 'plain', mapping);
      return mapping;
  }
}

function mapFlow(source: string, start: number, end: number, style: 'plain' | 'single' | 'double', mapping: Mapping): void {
  // Blanks that came out of an escape are content and must survive the trimming at a fold.
  let floor = 0;
  let at = start;
  while (at < end) {
    const char = source[at] ?? '';
    if (isBreak(char)) {
      mapping.trimBlanks(floor);
      at = fold(source, at, end, mapping);
      floor = mapping.text.length;
    } else if (style === 'single' && char === "'") {
      mapping.add("'", at);
      at += 2;
    } else if (style === 'double' && char === '\\') {
      at = escape(source, at, end, mapping);
      floor = mapping.text.length;
    } else {
      mapping.add(char, at);
      at += 1;
    }
  }
  mapping.end = end;
}

/** One line break becomes a blank, `n` empty lines more become `n` breaks. */
function fold(source: string, at: number, end: number, mapping: Mapping): number {
  const first = at;
  let breaks = 0;
  let next = at;
  while (next < end) {
    const char = source[next] ?? '';
    if (char === '\n') breaks += 1;
    else if (char !== '\r' && char !== ' ' && char !== '\t') break;
    next += 1;
  }
  mapping.add(breaks <= 1 ? ' ' : '\n'.repeat(breaks - 1), first);
  return next;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};
const hexLength: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function escape(source: string, at: number, end: number, mapping: Mapping): number {
  const char = source[at + 1] ?? '';
  const hex = hexLength[char];
  if (hex !== undefined) {
    const code = Number.parseInt(source.slice(at + 2, at + 2 + hex), 16);
    mapping.add(code <= 0x10ffff ? String.fromCodePoint(code) : '', at);
    return at + 2 + hex;
  }
  if (!isBreak(char)) {
    mapping.add(simpleEscapes[char] ?? char, at);
    return at + 2;
  }
  // An escaped line break joins the lines; empty lines after it still count.
  let next = at + (char === '\r' && source[at + 2] === '\n' ? 3 : 2);
  while (next < end && /[ \t\r\n]/.test(source[next] ?? '')) {
    if (source[next] === '\n') mapping.add('\n', next);
    next += 1;
  }
  return next;
}

interface Line {
  readonly start: number;
  readonly text: string;
}

function mapBlock(source: string, start: number, end: number, scalar: Scalar, mapping: Mapping, known: number | undefined): void {
  const headerEnd = source.indexOf('\n', start);
  if (headerEnd < 0 || headerEnd >= end) {
    mapping.end = end;
    return;
  }
  const header = source.slice(start, headerEnd);
  const lines = linesOf(source, headerEnd + 1, end);
  const indent = known ?? indentOf(lines);
  const content = lines.map((line) => ({ start: line.start + Math.min(indent, line.text.length), text: line.text.slice(indent) }));
  const last = content.findLastIndex((line) => line.text !== '');
  const body = content.slice(0, last + 1);
  if (scalar.type === 'BLOCK_FOLDED') addFolded(body, mapping);
  else addLiteral(body, mapping);
  chomp(header, content.slice(last + 1), body.length > 0, end, mapping);
  mapping.end = end;
}

function linesOf(source: string, start: number, end: number): Line[] {
  const lines: Line[] = [];
  let at = start;
  while (at < end) {
    const found = source.indexOf('\n', at);
    const stop = found < 0 || found >= end ? end : found;
    const text = source.slice(at, stop);
    lines.push({ start: at, text: text.endsWith('\r') ? text.slice(0, -1) : text });
    at = stop + 1;
  }
  return lines;
}

function indentOf(lines: readonly Line[]): number {
  const first = lines.find((line) => /[^ ]/.test(line.text));
  return first === undefined ? 0 : (/^ */.exec(first.text)?.[0].length ?? 0);
}

function addLine(line: Line, mapping: Mapping): void {
  for (let i = 0; i < line.text.length; i += 1) mapping.add(line.text[i] ?? '', line.start + i);
}

function addLiteral(lines: readonly Line[], mapping: Mapping): void {
  lines.forEach((line, index) => {
    addLine(line, mapping);
    if (index < lines.length - 1) mapping.add('\n', line.start + line.text.length);
  });
}

function addFolded(lines: readonly Line[], mapping: Mapping): void {
  let previous: Line | undefined;
  let empty = 0;
  for (const line of lines) {
    if (line.text === '') {
      empty += 1;
      continue;
    }
    if (previous === undefined) mapping.add('\n'.repeat(empty), line.start);
    else joinFolded(previous, line, empty, mapping);
    addLine(line, mapping);
    previous = line;
    empty = 0;
  }
}

/** Lines that are indented further keep their breaks. */
function joinFolded(previous: Line, line: Line, empty: number, mapping: Mapping): void {
  const at = previous.start + previous.text.length;
  const kept = /^[ \t]/.test(previous.text) || /^[ \t]/.test(line.text);
  if (kept) mapping.add('\n'.repeat(empty + 1), at);
  else mapping.add(empty === 0 ? ' ' : '\n'.repeat(empty), at);
}

function chomp(header: string, rest: readonly Line[], hasBody: boolean, end: number, mapping: Mapping): void {
  const mode = /^[|>][1-9]?([+-])/.exec(header)?.[1];
  if (mode === '-') return;
  if (mode === '+') mapping.add('\n'.repeat(rest.length + (hasBody ? 1 : 0)), end);
  else if (hasBody) mapping.add('\n', end);
}

function isBreak(char: string): boolean {
  return char === '\n' || char === '\r';
}
