import { piecesOf, type Piece } from './strings.ts';
import type { Language } from '../inner.ts';

export type Token =
  | { readonly kind: 'name' | 'mark' | 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly pieces: readonly Piece[] }
  /** Text between backticks, `%x{}` or `qx{}`: it is run by a shell. */
  | { readonly kind: 'shell'; readonly pieces: readonly Piece[] };

interface Syntax {
  readonly comments: readonly string[];
  readonly blockComments?: boolean;
  readonly backticks?: 'shell' | 'template';
  readonly regexes?: boolean;
  /** Strings in which a dollar sign begins a variable. */
  readonly dollars?: boolean;
  readonly hashes?: boolean;
  readonly quoteWords?: boolean;
}

const syntaxes: Readonly<Record<Language, Syntax>> = {
  python: { comments: ['#'] },
  javascript: { comments: ['//'], blockComments: true, backticks: 'template', regexes: true },
  perl: { comments: ['#'], backticks: 'shell', regexes: true, dollars: true, quoteWords: true },
  ruby: { comments: ['#'], backticks: 'shell', regexes: true, hashes: true, quoteWords: true },
  php: { comments: ['#', '//'], blockComments: true, backticks: 'shell', dollars: true },
  awk: { comments: ['#'], regexes: true },
  lua: { comments: ['--'] },
  applescript: { comments: ['--', '#'] },
  r: { comments: ['#'] },
  shell: { comments: ['#'] },
  powershell: { comments: ['#'] },
  other: { comments: ['#'] },
};

const maxTokens = 20_000;
const openers = new Set(['(', '[', '{']);
const ends = new Set([')', ']', '}']);

const maxNesting = 64;

/**
 * The words, strings and marks of a program text; comments are left out. Good enough to find calls, not to judge grammar. `undefined`
 * where there are too many, or too many brackets in each other.
 */
export function tokenize(text: string, language: Language): readonly Token[] | undefined {
  const syntax = syntaxes[language];
  const tokens: Token[] = [];
  let at = 0;
  let depth = 0;
  while (at < text.length) {
    if (tokens.length > maxTokens || depth > maxNesting) return undefined;
    const next = readToken(text, at, language, syntax, tokens.at(-1));
    if (next.token?.kind === 'mark') depth = Math.max(0, depth + (openers.has(next.token.text) ? 1 : ends.has(next.token.text) ? -1 : 0));
    if (next.token !== undefined) tokens.push(next.token);
    at = Math.max(next.end, at + 1);
  }
  return tokens;
}

interface Read {
  readonly token: Token | undefined;
  readonly end: number;
}

const namePattern =
  /[$@%&]?[A-Za-z_][\w]*(?:(?:\.|::|->|\?\.|:(?=[a-z]+\())[A-Za-z_]\w*[!?]?)*|\.[A-Za-z_]\w*[!?]?(?:\.[A-Za-z_]\w*)*|->[A-Za-z_]\w*/y;
const numberPattern = /\d[\w.]*/y;
const blankPattern = /[ \t\r]+/y;
const prefixPattern = /[rbfuRBFU]{1,2}(?=["'])/y;

function readToken(text: string, at: number, language: Language, syntax: Syntax, before: Token | undefined): Read {
  const blank = match(blankPattern, text, at);
  if (blank !== undefined) return { token: undefined, end: at + blank.length };
  const char = text[at] ?? '';
  if (syntax.comments.some((mark) => text.startsWith(mark, at))) return { token: undefined, end: lineEnd(text, at) };
  if (syntax.blockComments === true && text.startsWith('/*', at)) return { token: undefined, end: endOf(text, '*/', at + 2) };
  const prefix = language === 'python' ? match(prefixPattern, text, at) : undefined;
  if (prefix !== undefined) return readString(text, at + prefix.length, syntax, /f/i.test(prefix), /r/i.test(prefix));
  if (char === '"' || char === "'") return readString(text, at, syntax, false, false);
  if (char === '`' && syntax.backticks !== undefined) return readString(text, at, syntax, syntax.backticks === 'template', false);
  if (syntax.quoteWords === true) {
    const quoted = readQuoteWord(text, at, language);
    if (quoted !== undefined) return quoted;
  }
  if (char === '/' && syntax.regexes === true && mayStartRegex(before)) return readRegex(text, at);
  const name = match(namePattern, text, at);
  if (name !== undefined) return { token: { kind: 'name', text: name }, end: at + name.length };
  const number = match(numberPattern, text, at);
  if (number !== undefined) return { token: { kind: 'number', text: number }, end: at + number.length };
  const two = text.slice(at, at + 2);
  const mark = /^(==|!=|<=|>=|=>|\.\.|\|\||&&|\+=|\.=|=~)$/.test(two) ? two : char;
  return { token: { kind: 'mark', text: mark }, end: at + mark.length };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end + mark.length;
}

function mayStartRegex(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'name') return /^(return|typeof|case|in|of|if|unless|and|or|not|split|grep|when)$/.test(before.text);
  return before.kind === 'mark' && !/^[)\]}]$/.test(before.text);
}

function readRegex(text: string, at: number): Read {
  let inClass = false;
  for (let next = at + 1; next < text.length; next += 1) {
    const char = text[next];
    if (char === '\\') next += 1;
    else if (char === '\n') break;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return { token: { kind: 'number', text: '/regex/' }, end: next + 1 };
  }
  return { token: { kind: 'mark', text: '/' }, end: at + 1 };
}

function readString(text: string, at: number, syntax: Syntax, formatted: boolean, raw: boolean): Read {
  const quote = text[at] ?? '';
  const triple =
    text.startsWith(quote.repeat(3), at) &&
    (quote === '"' || quote === "'") &&
    syntax.comments[0] === '#' &&
    !syntax.quoteWords &&
    !syntax.dollars;
  const mark = triple ? quote.repeat(3) : quote;
  const start = at + mark.length;
  let end = start;
  const inserts = quote === '`' && syntax.backticks === 'template' ? '${' : quote !== "'" && syntax.hashes === true ? '#{' : undefined;
  while (end < text.length && !text.startsWith(mark, end)) {
    if (inserts !== undefined && text.startsWith(inserts, end)) end = Math.min(closing(text, end + 2, '{') + 1, text.length);
    else end += text[end] === '\\' ? 2 : 1;
  }
  const body = text.slice(start, end);
  const live = quote === '"' || quote === '`';
  const pieces = piecesOf(body, {
    braces: formatted && quote !== '`',
    template: quote === '`' && syntax.backticks === 'template',
    dollars: syntax.dollars === true && live,
    hashes: syntax.hashes === true && live,
    raw: raw || (quote === "'" && (syntax.dollars === true || syntax.hashes === true)),
  });
  const shell = quote === '`' && syntax.backticks === 'shell';
  return { token: { kind: shell ? 'shell' : 'string', pieces }, end: Math.min(end + mark.length, text.length) };
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** `q{…}`, `qq{…}`, `qx{…}`, `qw{…}` and `m{…}` of Perl; `%x{…}`, `%q{…}`, `%w{…}` of Ruby. */
function readQuoteWord(text: string, at: number, language: Language): Read | undefined {
  const pattern = language === 'perl' ? /(qx|qq|qw|qr|q|m|s|tr|y)\s*([^\w\s,;)=.>-])/y : /%(x|q|Q|w|W|i|r)?([{(<[|!/])/y;
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found?.[2] === undefined || /[\w$@%&.:]/.test(text[at - 1] ?? ' ')) return undefined;
  const kind = found[1] ?? 'Q';
  if (language === 'perl' && found[2] === '#' && /\s/.test(found[0])) return undefined;
  const start = at + found[0].length;
  const end = closing(text, start, found[2]);
  const body = text.slice(start, end);
  const live = {
    braces: false,
    template: false,
    dollars: language === 'perl' && kind !== 'q',
    hashes: language === 'ruby' && kind !== 'q',
    raw: kind === 'q',
  };
  if (/^(m|s|tr|y|qr|r)$/.test(kind))
    return {
      token: { kind: 'number', text: '/regex/' },
      end:
        kind === 's' || kind === 'tr' || kind === 'y'
          ? closing(text, end + 1, found[2] in closers ? (text[end + 1] ?? '') : found[2]) + 1
          : end + 1,
    };
  return { token: { kind: kind === 'qx' || kind === 'x' ? 'shell' : 'string', pieces: piecesOf(body, live) }, end: end + 1 };
}

function closing(text: string, start: number, open: string): number {
  const close = closers[open] ?? open;
  let depth = 1;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === close) {
      depth -= 1;
      if (depth === 0) return at;
    } else if (text[at] === open) depth += 1;
  }
  return text.length;
}
