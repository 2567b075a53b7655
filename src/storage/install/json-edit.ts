import { isDeepStrictEqual } from 'node:util';

/** Edits of JSON text that leave every other byte as it was. They throw on text that is not one JSON object. */

type Path = readonly string[];
type Json = Readonly<Record<string, unknown>>;

/** Whether there is such a member. */
export function hasMember(text: string, path: Path): boolean {
  return valueAt(objectOf(text), path) !== undefined;
}

/** The text with that member, and the objects around it where they are missing. An equal value changes nothing. */
export function setMember(text: string, path: Path, value: unknown): string {
  const root = objectOf(text);
  if (isDeepStrictEqual(valueAt(root, path), value)) return text;
  const without = removeMember(text, path);
  const depth = deepestObject(objectOf(without), path);
  const place = scanObject(without, path.slice(0, depth));
  const rest = path.slice(depth);
  const nested = rest.slice(1).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  return insertFirst(without, place, depth + 1, rest[0] ?? '', nested);
}

/** Where a member's value stands; `undefined`: there is no such member. */
export function valueSpan(text: string, path: Path): { readonly start: number; readonly end: number } | undefined {
  if (!hasMember(text, path)) return undefined;
  const { valueStart, end } = memberAt(text, path);
  return { start: valueStart, end };
}

/** The text without that member. Objects around it stay, even when they become empty. */
export function removeMember(text: string, path: Path): string {
  if (!hasMember(text, path)) return text;
  const members = scanObject(text, path.slice(0, -1)).members;
  // A name may stand there twice; the last one counted, none may be left.
  const at = members.findLastIndex(({ name }) => name === path.at(-1));
  const [previous, member, next] = [members[at - 1], members[at], members[at + 1]];
  if (member === undefined) return text;
  const [from, to] = previous !== undefined ? [previous.end, member.end] : [member.start, next?.start ?? member.end];
  return removeMember(text.slice(0, from) + text.slice(to), path);
}

/** Of members of one name the last, which counts. */
function memberAt(text: string, path: Path): Span['members'][number] {
  const member = scanObject(text, path.slice(0, -1)).members.findLast(({ name }) => name === path.at(-1));
  if (member === undefined) throw new Error(`No member "${path.at(-1) ?? ''}"`);
  return member;
}

interface Span {
  /** Just after `{`. */
  readonly open: number;
  readonly members: readonly { readonly name: string; readonly start: number; readonly valueStart: number; readonly end: number }[];
}

function insertFirst(text: string, { open, members }: Span, depth: number, name: string, value: unknown): string {
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const line = `\n${indent.repeat(depth)}`;
  const rendered = `${JSON.stringify(name)}: ${JSON.stringify(value, null, indent).replaceAll('\n', line)}`;
  const close = members.length > 0 ? ',' : `\n${indent.repeat(depth - 1)}`;
  const rest = members.length > 0 ? text.slice(open) : text.slice(text.indexOf('}', open));
  return `${text.slice(0, open)}${line}${rendered}${close}${rest}`;
}

function deepestObject(root: Json, path: Path): number {
  let depth = 0;
  while (depth < path.length - 1 && isObject(valueAt(root, path.slice(0, depth + 1)))) depth += 1;
  return depth;
}

/** The members of the object at `path`, which is known to be there. */
function scanObject(text: string, path: Path): Span {
  let open = text.indexOf('{') + 1;
  let members = membersFrom(text, open);
  for (const name of path) {
    const member = members.findLast((one) => one.name === name);
    if (member === undefined) throw new Error(`No member "${name}"`);
    open = member.valueStart + 1;
    members = membersFrom(text, open);
  }
  return { open, members };
}

function membersFrom(text: string, open: number): Span['members'] {
  const members: Span['members'][number][] = [];
  let at = skipSpace(text, open);
  while (text[at] === '"') {
    const nameEnd = skipString(text, at);
    const valueStart = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = skipValue(text, valueStart);
    members.push({ name: String(JSON.parse(text.slice(at, nameEnd))), start: at, valueStart, end });
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return members;
}

/** The text is valid JSON: a value ends where its brackets are closed, or at the next separator. */
function skipValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') {
      at = skipString(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if ('{['.includes(character)) depth += 1;
    else if ('}]'.includes(character)) {
      if (depth === 0) return trimmedEnd(text, start, at);
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (character === ',' && depth === 0) return trimmedEnd(text, start, at);
  }
  return text.length;
}

function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}

function skipString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}

function objectOf(text: string): Json {
  const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
  if (!isObject(value)) throw new Error('It is not a JSON object');
  return value;
}

function valueAt(root: Json, path: Path): unknown {
  return path.reduce<unknown>((value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), root);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
