/** A piece of an expression that may be unfinished. */
export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign';
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** A text without its closing quote. */
  readonly isOpen?: boolean;
}

const pattern =
  /(?<text>[rRbB]{0,2}("""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\[^]|[^"\\\n])*(?:"|$|(?=\n))|'(?:\\[^]|[^'\\\n])*(?:'|$|(?=\n))))|(?<name>[A-Za-z_]\w*)|(?<number>\d[\w.]*)|(?<sign>&&|\|\||[=!<>]=|\.\?|[^\s])/g;

/** Never fails: what no expression can have is a sign of its own. */
export function tokensOf(expression: string): readonly Token[] {
  return [...expression.matchAll(pattern)].map((match): Token => {
    const { index: start, 0: text, groups } = match;
    const common = { start, end: start + text.length, text };
    if (groups?.['text'] !== undefined) return { kind: 'text', ...common, ...(isOpen(text) ? { isOpen: true } : {}) };
    if (groups?.['name'] !== undefined) return { kind: 'name', ...common };
    return { kind: groups?.['number'] === undefined ? 'sign' : 'number', ...common };
  });
}

function isOpen(text: string): boolean {
  const body = text.replace(/^[rRbB]{1,2}/, '');
  const quote = /^("""|'''|"|')/.exec(body)?.[0] ?? '';
  return body.length < 2 * quote.length || !body.endsWith(quote);
}

/** The tokens of the value that ends before `end`: `a.b[0].c(x)`. Empty where there is none. */
export function operandBefore(tokens: readonly Token[], end: number): readonly Token[] {
  let first = end;
  for (;;) {
    const start = unitBefore(tokens, first);
    if (start === undefined) return [];
    first = start;
    const before = tokens[first - 1];
    if (before?.text !== '.' && before?.text !== '.?') return tokens.slice(first, end);
    first -= 1;
  }
}

/** Where a name begins, with all the brackets after it. */
function unitBefore(tokens: readonly Token[], end: number): number | undefined {
  let at = end - 1;
  while (tokens[at]?.text === ')' || tokens[at]?.text === ']') {
    const open = matching(tokens, at);
    if (open === undefined) return undefined;
    const before = tokens[open - 1];
    const isCall = before?.kind === 'name' || before?.text === ')' || before?.text === ']';
    if (!isCall) return open;
    at = open - 1;
  }
  const last = tokens[at];
  return last !== undefined && last.kind !== 'sign' ? at : undefined;
}

function matching(tokens: readonly Token[], close: number): number | undefined {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    const text = tokens[at]?.text;
    if (text === ')' || text === ']' || text === '}') depth += 1;
    if (text === '(' || text === '[' || text === '{') depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}
