/** A value in TOML text, and where it stands. Members of inline tables come after their table. */
export interface TomlValue {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly start: number;
  readonly end: number;
  /** Where its key begins, and what of the key stands before the last name. */
  readonly keyStart: number;
  readonly prefix: string;
  /** In `{ … }`, where a comma parts it from the next one. */
  readonly isInline: boolean;
}

interface Read<T> {
  readonly value: T;
  readonly end: number;
}

type Path = readonly string[];

/** Every value of the text, in its order. Numbers and dates are given as they are written. Throws on what TOML does not allow here. */
export function tomlValues(text: string): readonly TomlValue[] {
  const found: TomlValue[] = [];
  let table: Path = [];
  let at = skip(text, 0);
  while (at < text.length) {
    if (text[at] === '[') {
      const isList = text[at + 1] === '[';
      const key = readKey(text, at + (isList ? 2 : 1));
      table = isList ? [...key.value, String(at)] : key.value;
      at = skip(text, expect(text, key.end, isList ? ']]' : ']'));
      continue;
    }
    at = skip(text, readMember(text, at, table, false, found));
  }
  return found;
}

function readMember(text: string, start: number, table: Path, isInline: boolean, found: TomlValue[]): number {
  const key = readKey(text, start);
  const path = [...table, ...key.value];
  const valueStart = blanks(text, expect(text, key.end, '='));
  const members: TomlValue[] = [];
  const { value, end } = readValue(text, valueStart, path, members);
  found.push({ path, value, start: valueStart, end, keyStart: start, prefix: text.slice(start, key.last), isInline }, ...members);
  return end;
}

function readKey(text: string, start: number): Read<Path> & { readonly last: number } {
  const names: string[] = [];
  let at = blanks(text, start);
  for (;;) {
    const last = at;
    const { value, end } = text[at] === '"' || text[at] === "'" ? readString(text, at) : readWord(text, at, /[\w-]+/y);
    names.push(value);
    at = blanks(text, end);
    if (text[at] !== '.') return { value: names, end: at, last };
    at = blanks(text, at + 1);
  }
}

function readValue(text: string, start: number, path: Path, members: TomlValue[]): Read<unknown> {
  const first = text[start];
  if (first === '"' || first === "'") return readString(text, start);
  if (first === '[') return readList(text, start, path);
  if (first === '{') return readInlineTable(text, start, path, members);
  const { value, end } = readWord(text, start, /[^\s,\]}#][^,\]}#\r\n]*/y);
  const word = value.trimEnd();
  return { value: word === 'true' ? true : word === 'false' ? false : word, end: end - (value.length - word.length) };
}

function readList(text: string, start: number, path: Path): Read<unknown> {
  const value: unknown[] = [];
  let at = skip(text, start + 1);
  while (text[at] !== ']') {
    const one = readValue(text, at, path, []);
    value.push(one.value);
    at = skip(text, one.end);
    if (text[at] === ',') at = skip(text, at + 1);
    else if (text[at] !== ']') throw odd(text, at);
  }
  return { value, end: at + 1 };
}

function readInlineTable(text: string, start: number, path: Path, members: TomlValue[]): Read<unknown> {
  let at = skip(text, start + 1);
  while (text[at] !== '}') {
    at = skip(text, readMember(text, at, path, true, members));
    if (text[at] === ',') at = skip(text, at + 1);
    else if (text[at] !== '}') throw odd(text, at);
  }
  const own = members.filter((member) => member.path.length === path.length + 1);
  return { value: Object.fromEntries(own.map((member) => [member.path.at(-1), member.value])), end: at + 1 };
}

const escapes: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\u001B', '"': '"', '\\': '\\' };

function readString(text: string, start: number): Read<string> {
  const quote = text[start] ?? '';
  const isLong = text.startsWith(quote.repeat(3), start);
  const mark = isLong ? quote.repeat(3) : quote;
  let at = start + mark.length;
  while (!text.startsWith(mark, at)) {
    if (at >= text.length || (!isLong && text[at] === '\n')) throw odd(text, start);
    at += quote === '"' && text[at] === '\\' ? 2 : 1;
  }
  // Up to two quotes may stand before the closing three.
  if (isLong) while (text[at + 3] === quote) at += 1;
  const inside = text.slice(start + mark.length, at).replace(isLong ? /^\r?\n/ : /^$/, '');
  return { value: quote === "'" ? inside : unescaped(inside), end: at + mark.length };
}

function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:[ \t]*\r?\n\s*|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|x([\dA-Fa-f]{2})|(.))/g,
    (_, u?: string, U?: string, x?: string, one?: string) => {
      const code = u ?? U ?? x;
      return code === undefined ? (one === undefined ? '' : (escapes[one] ?? one)) : String.fromCodePoint(Number.parseInt(code, 16));
    },
  );
}

function readWord(text: string, start: number, pattern: RegExp): Read<string> {
  pattern.lastIndex = start;
  const [value] = pattern.exec(text) ?? [];
  if (value === undefined) throw odd(text, start);
  return { value, end: start + value.length };
}

function expect(text: string, at: number, mark: string): number {
  const start = blanks(text, at);
  if (!text.startsWith(mark, start)) throw odd(text, start);
  return start + mark.length;
}

function blanks(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}

/** Space, line ends and comments. */
function skip(text: string, start: number): number {
  const pattern = /(?:[\s\uFEFF]|#[^\n]*)*/y;
  pattern.lastIndex = start;
  return start + (pattern.exec(text)?.[0].length ?? 0);
}

function odd(text: string, at: number): Error {
  return new Error(`Line ${text.slice(0, at).split('\n').length} is not TOML that can be read`);
}
