import type { Token } from './tokens.ts';

/** What an expression is worth. What cannot be known without running it is `undefined`. */
export type Value = string | number | boolean | null | undefined | readonly Value[];
export type Environment = Map<string, Value>;
export type Call = (name: string, args: readonly Value[], named: ReadonlyMap<string, Value>) => Value;

/** Reads expressions of Go and Python: literals, names, sums, lists, and calls that `call` knows. */
export class Reader {
  readonly tokens: readonly Token[];
  at: number;
  readonly #environment: Environment;
  readonly #call: Call;

  constructor(tokens: readonly Token[], at: number, environment: Environment, call: Call) {
    this.tokens = tokens;
    this.at = at;
    this.#environment = environment;
    this.#call = call;
  }

  expression(): Value {
    let value = this.#operand();
    for (;;) {
      const mark = this.#mark();
      if (mark === '+') value = sum(value, this.#next());
      else if (mark === '*') value = product(value, this.#next());
      // A key of a map: what counts is its value.
      else if (mark === ':') value = this.#next();
      else return value;
    }
  }

  #next(): Value {
    this.at += 1;
    return this.#operand();
  }

  #mark(): string {
    const token = this.tokens[this.at];
    return token?.type === 'mark' ? token.text : '';
  }

  #operand(): Value {
    const token = this.tokens[this.at];
    if (token === undefined) return undefined;
    this.at += 1;
    if (token.type === 'string') return this.#afterString(token.text);
    if (token.type === 'number') return Number(token.text);
    if (token.type === 'name') return this.#named(token.text);
    if (token.text === '-' || token.text === '&' || token.text === '*') return this.#operand();
    if (token.text === '[' && this.#mark() === ']') return this.#composite();
    return closing[token.text] === undefined ? undefined : this.#list(token.text);
  }

  /** Python joins strings that stand side by side. */
  #afterString(first: string): Value {
    let text = first;
    for (let next = this.tokens[this.at]; next?.type === 'string'; next = this.tokens[this.at]) {
      text += next.text;
      this.at += 1;
    }
    while (this.#mark() === '.') {
      const method = this.tokens[this.at + 1]?.text ?? '';
      if (this.tokens[this.at + 2]?.text !== '(') return undefined;
      this.at += 3;
      const { list, named } = this.#arguments(')');
      if (method !== 'format') return undefined;
      text = formatted(text, list, named);
    }
    return text;
  }

  #named(name: string): Value {
    if (this.#mark() === '(') {
      this.at += 1;
      const { list, named } = this.#arguments(')');
      return this.#call(name, list, named);
    }
    if (name === 'map' && this.#mark() === '[') return this.#map();
    const known: Readonly<Record<string, Value>> = { True: true, true: true, False: false, false: false, None: null, nil: null };
    return name in known ? known[name] : this.#environment.get(name);
  }

  /** `[]string{…}`: the first bracket is behind us. */
  #composite(): Value {
    if (this.tokens[this.at + 1]?.text === ',' || this.tokens[this.at + 2]?.text !== '{') return this.#list('[');
    this.at += 3;
    return this.#arguments('}').list;
  }

  #map(): Value {
    while (this.#mark() !== '{' && this.at < this.tokens.length) this.at += 1;
    this.at += 1;
    return this.#arguments('}').list;
  }

  #list(open: string): Value {
    const { list, commas } = this.#arguments(closing[open] ?? ')');
    return open === '(' && commas === 0 && list.length === 1 ? list[0] : list;
  }

  #arguments(close: string): { readonly list: readonly Value[]; readonly named: ReadonlyMap<string, Value>; readonly commas: number } {
    const list: Value[] = [];
    const named = new Map<string, Value>();
    let commas = 0;
    while (this.at < this.tokens.length && this.#mark() !== close) {
      const name = this.tokens[this.at + 1]?.text === '=' ? this.tokens[this.at]?.text : undefined;
      if (name !== undefined) this.at += 2;
      const value = this.expression();
      if (name === undefined) list.push(value);
      else named.set(name, value);
      // What we do not understand is left out, up to the next comma.
      let depth = 0;
      while (this.at < this.tokens.length && (depth > 0 || (this.#mark() !== ',' && this.#mark() !== close))) {
        if ('([{'.includes(this.#mark() || '.')) depth += 1;
        if (')]}'.includes(this.#mark() || '.')) depth -= 1;
        this.at += 1;
      }
      if (this.#mark() === ',') {
        commas += 1;
        this.at += 1;
      }
    }
    this.at += 1;
    return { list, named, commas };
  }
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function sum(a: Value, b: Value): Value {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  return Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : undefined;
}

function product(a: Value, b: Value): Value {
  return typeof a === 'string' && typeof b === 'number' ? a.repeat(b) : undefined;
}

/** Python's `str.format`, as far as names and places go. */
function formatted(text: string, list: readonly Value[], named: ReadonlyMap<string, Value>): string {
  let count = 0;
  return text.replaceAll(/\{\{|\}\}|\{(\w*)\}/g, (all, name?: string) => {
    if (name === undefined) return all[0] ?? '';
    const value = /^\d*$/.test(name) ? list[name === '' ? count++ : Number(name)] : named.get(name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : all;
  });
}
