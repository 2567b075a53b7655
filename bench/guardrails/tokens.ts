/** What a source in Go or Python is made of, as far as lists of test cases need it. */
export interface Token {
  readonly type: 'string' | 'name' | 'number' | 'mark';
  readonly text: string;
  readonly line: number;
}

const forms: Readonly<Record<'go' | 'python', RegExp>> = {
  go: /(?<skip>\s+|\/\/[^\n]*|\/\*[^]*?\*\/)|(?<string>`[^`]*`|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+')|(?<name>[A-Za-z_][\w.]*)|(?<number>\d[\w.]*)|(?<mark>:=|[^])/y,
  python:
    /(?<skip>\s+|#[^\n]*)|(?<string>[rRbBuUfF]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'))|(?<name>[A-Za-z_][\w.]*)|(?<number>\d[\w.]*)|(?<mark>[^])/y,
};

export function tokensOf(source: string, language: 'go' | 'python'): readonly Token[] {
  const form = new RegExp(forms[language].source, 'y');
  const tokens: Token[] = [];
  let line = 1;
  for (let match = form.exec(source); match !== null; match = form.exec(source)) {
    const { string, name, number, mark } = match.groups ?? {};
    // What a string of Python computes is not known here.
    if (string !== undefined && /^\w?f/i.test(string)) tokens.push({ type: 'name', text: '', line });
    else if (string !== undefined) tokens.push({ type: 'string', text: unquoted(string), line });
    else if (name !== undefined) tokens.push({ type: 'name', text: name, line });
    else if (number !== undefined) tokens.push({ type: 'number', text: number, line });
    else if (mark !== undefined) tokens.push({ type: 'mark', text: mark, line });
    line += match[0].split('\n').length - 1;
  }
  return tokens;
}

function unquoted(literal: string): string {
  const [, prefix = '', quote = ''] = /^([a-zA-Z]*)("""|'''|["'`])/.exec(literal) ?? [];
  const body = literal.slice(prefix.length + quote.length, -quote.length);
  return quote === '`' || /r/i.test(prefix) ? body : body.replaceAll(escape, escaped);
}

const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|\r?(\n)|([^]))/g;
const single: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0', b: '\b', f: '\f', v: '\v' };

function escaped(_: string, x?: string, u?: string, long?: string, newline?: string, other = ''): string {
  const code = x ?? u ?? long;
  if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
  return newline !== undefined ? '' : (single[other] ?? other);
}
