type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly text: string };

/** A test over a whole text. Linear in practice: a star never needs to look back past the last one. */
export type Glob = (text: string) => boolean;

export class BadGlob extends Error {}

const maxAlternatives = 64;

/**
 * Compiles `*` (any characters), `?` (one), `[a-z]`, `[!a-z]`, `{a,b}` and `\` before a special character.
 * Throws `BadGlob` with what is wrong.
 */
export function compileGlob(pattern: string): Glob {
  const alternatives = expandBraces(pattern).map(tokenize);
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined) return compileTokens(only);
  const compiled = alternatives.map(compileTokens);
  return (text) => compiled.some((glob) => glob(text));
}

/** For a glob that is asked about the same few texts again and again, such as the names of tools. */
export function remembering(glob: Glob): Glob {
  const known = new Map<string, boolean>();
  return (text) => {
    const answer = known.get(text) ?? glob(text);
    // Texts come from calls: what is remembered must not grow with them.
    if (known.size < 256) known.set(text, answer);
    return answer;
  };
}

function compileTokens(tokens: readonly Token[]): Glob {
  if (tokens.every((token) => token.kind === 'char')) {
    const literal = tokens.map((token) => token.char).join('');
    return (text) => text === literal;
  }
  if (tokens.length === 1 && tokens[0]?.kind === 'star') return () => true;
  return (text) => matchTokens(tokens, text);
}

/** Whether `text`, in which `undefined` stands for an unknown piece of any length, could equal something the pattern matches. */
export function couldMatchGlob(pattern: string, parts: readonly (string | undefined)[]): boolean {
  if (!endsCouldMeet(pattern, parts)) return false;
  const other = parts.flatMap((part): Token[] =>
    part === undefined ? [{ kind: 'star' }] : part.split('').map((char) => ({ kind: 'char', char })),
  );
  return expandBraces(pattern).some((alternative) => intersects(tokenize(alternative), other));
}

/** What both begin and end with settles nearly every comparison. It may say yes too often, never too rarely. */
function endsCouldMeet(pattern: string, parts: readonly (string | undefined)[]): boolean {
  if (/[?[{\\]/.test(pattern)) return true;
  const star = pattern.indexOf('*');
  const head = star < 0 ? pattern : pattern.slice(0, star);
  const tail = star < 0 ? pattern : pattern.slice(pattern.lastIndexOf('*') + 1);
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  return (head.startsWith(first) || (star >= 0 && first.startsWith(head))) && (tail.endsWith(last) || (star >= 0 && last.endsWith(tail)));
}

/** `{a,b}` written out. Braces without a comma are literal, as in a shell. */
export function expandBraces(pattern: string): readonly string[] {
  let results = [''];
  let at = 0;
  while (at < pattern.length) {
    const char = pattern[at] ?? '';
    const close = char === '{' && pattern[at - 1] !== '$' ? closingBrace(pattern, at) : -1;
    const inside = close < 0 ? [] : splitTop(pattern.slice(at + 1, close));
    if (inside.length > 1) {
      const options = inside.flatMap(expandBraces);
      if (results.length * options.length > maxAlternatives)
        throw new BadGlob(`"${pattern}" has more than ${maxAlternatives} alternatives`);
      results = results.flatMap((head) => options.map((option) => head + option));
      at = close + 1;
    } else {
      const literal = char === '\\' ? pattern.slice(at, at + 2) : char;
      results = results.map((head) => head + literal);
      at += literal.length;
    }
  }
  return results;
}

function closingBrace(pattern: string, open: number): number {
  let depth = 0;
  for (let at = open; at < pattern.length; at += 1) {
    const char = pattern[at];
    if (char === '\\') at += 1;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw new BadGlob(`"${pattern}" has "{" without "}"`);
}

function splitTop(inside: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (let at = 0; at < inside.length; at += 1) {
    const char = inside[at] ?? '';
    if (char === ',' && depth === 0) {
      parts.push('');
      continue;
    }
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    const piece = char === '\\' ? inside.slice(at, at + 2) : char;
    at += piece.length - 1;
    parts[parts.length - 1] += piece;
  }
  return parts;
}

function tokenize(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (char === '?') tokens.push({ kind: 'any' });
    else if (char === '[') {
      const close = pattern.indexOf(']', at + 2);
      if (close < 0) throw new BadGlob(`"${pattern}" has "[" without "]"`);
      const inside = pattern.slice(at + 1, close);
      const negated = inside.startsWith('!') || inside.startsWith('^');
      tokens.push({ kind: 'class', negated, text: negated ? inside.slice(1) : inside });
      at = close;
    } else if (char === '\\') {
      at += 1;
      const escaped = pattern[at];
      if (escaped === undefined) throw new BadGlob(`"${pattern}" ends with a lone "\\"`);
      tokens.push({ kind: 'char', char: escaped });
    } else tokens.push({ kind: 'char', char });
  }
  return tokens;
}

function matchTokens(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let at = 0;
  let starToken = -1;
  let starAt = 0;
  while (at < text.length) {
    const current = tokens[token];
    if (current?.kind === 'star') {
      starToken = token;
      starAt = at;
      token += 1;
    } else if (current !== undefined && matchesChar(current, text[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (starToken >= 0) {
      token = starToken + 1;
      starAt += 1;
      at = starAt;
    } else return false;
  }
  while (tokens[token]?.kind === 'star') token += 1;
  return token === tokens.length;
}

function matchesChar(token: Token, char: string): boolean {
  if (token.kind === 'char') return token.char === char;
  if (token.kind === 'class') return inClass(token.text, char) !== token.negated;
  return true;
}

function inClass(text: string, char: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const from = text[at] ?? '';
    const to = text[at + 1] === '-' ? text[at + 2] : undefined;
    if (to !== undefined) {
      if (char >= from && char <= to) return true;
      at += 2;
    } else if (char === from) return true;
  }
  return false;
}

/** Whether some text is matched by both. Classes count as "any character": it may say yes too often, never too rarely. */
function intersects(a: readonly Token[], b: readonly Token[]): boolean {
  let row = new Set([0]);
  for (let i = 0; i <= a.length; i += 1) {
    const closed = closeOverStars(row, b);
    if (i === a.length) return closed.has(b.length);
    row = step(a[i], closed, b);
    if (row.size === 0) return false;
  }
  return false;
}

function closeOverStars(row: ReadonlySet<number>, b: readonly Token[]): Set<number> {
  const closed = new Set<number>();
  for (const start of row) {
    let at = start;
    closed.add(at);
    while (b[at]?.kind === 'star') {
      at += 1;
      closed.add(at);
    }
  }
  return closed;
}

function step(token: Token | undefined, states: ReadonlySet<number>, b: readonly Token[]): Set<number> {
  const next = new Set<number>();
  for (const at of states) {
    if (token?.kind === 'star') {
      for (let end = at; end <= b.length; end += 1) next.add(end);
      continue;
    }
    const other = b[at];
    if (other === undefined) continue;
    if (other.kind === 'star') next.add(at);
    else if (token?.kind !== 'char' || other.kind !== 'char' || token.char === other.char) next.add(at + 1);
  }
  return next;
}
