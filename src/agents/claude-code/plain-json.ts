/** A member to look for, and what was found: a text, a number, `true`, `false`, `null`, an empty list; of an object `true`. */
export interface Member {
  readonly name: string;
  readonly members: readonly Member[];
  /** `undefined`: there is none. */
  value: unknown;
  /** The text that it had last: most are the same in each line, and one text is better than many that are alike. */
  last: string;
}

export function member(name: string, members: readonly Member[] = none): Member {
  return { name, members, value: undefined, last: '' };
}

const open = 0x7b;
const close = 0x7d;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const list = 0x5b;
const zero = 0x30;
const nine = 0x39;
/** More digits may be more than a number can hold. */
const mostDigits = 15;
const none: readonly never[] = [];

/**
 * Reads members of an object that is written plainly: without escapes and spaces, no lists but empty ones, whole numbers, and nothing
 * twice. That is quicker than a JSON parser, which has to make something of everything, and nearly every line of a transcript is so
 * plain. One for many texts, one after the other.
 */
export class PlainJson {
  readonly #members: readonly Member[];
  #text = '';
  #at = 0;

  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /** Puts what a JSON parser would find into the members. False where the text is not so plain. */
  read(text: string): boolean {
    forget(this.#members);
    if (text.charCodeAt(0) !== open || text.includes('\\')) return false;
    this.#text = text;
    this.#at = 0;
    return this.#object(this.#members) && this.#at === text.length;
  }

  /** From `{` to behind its `}`. */
  #object(members: readonly Member[]): boolean {
    const text = this.#text;
    do {
      const key = this.#at + 2;
      if (text.charCodeAt(key - 1) !== quote) return false;
      const end = text.indexOf('"', key);
      if (end < 0 || text.charCodeAt(end + 1) !== colon) return false;
      this.#at = end + 2;
      const found = memberAt(text, key, end - key, members);
      const value = this.#value(found);
      if (value === undefined || found?.value !== undefined) return false;
      if (found !== undefined) found.value = value;
    } while (text.charCodeAt(this.#at) === comma);
    if (text.charCodeAt(this.#at) !== close) return false;
    this.#at += 1;
    return true;
  }

  #value(found: Member | undefined): unknown {
    const first = this.#text.charCodeAt(this.#at);
    if (first === quote) return this.#string(found);
    if (first >= zero && first <= nine) return this.#count();
    if (first === open) return this.#object(found?.members ?? none) || undefined;
    if (first === list) return this.#passes('[]') ? none : undefined;
    if (this.#passes('null')) return null;
    if (this.#passes('false')) return false;
    return this.#passes('true') || undefined;
  }

  #string(found: Member | undefined): string | undefined {
    const text = this.#text;
    const from = this.#at + 1;
    if (found !== undefined && text.charCodeAt(from + found.last.length) === quote && text.startsWith(found.last, from)) {
      this.#at = from + found.last.length + 1;
      return found.last;
    }
    const end = text.indexOf('"', from);
    if (end < 0) return undefined;
    this.#at = end + 1;
    return found === undefined ? '' : (found.last = text.slice(from, end));
  }

  #count(): number | undefined {
    const text = this.#text;
    const from = this.#at;
    let count = 0;
    let at = from;
    for (let digit = text.charCodeAt(at); digit >= zero && digit <= nine; digit = text.charCodeAt(at)) {
      count = 10 * count + digit - zero;
      at += 1;
    }
    this.#at = at;
    const isPlain = at - from === 1 || (at - from <= mostDigits && text.charCodeAt(from) !== zero);
    return isPlain ? count : undefined;
  }

  #passes(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }
}

function forget(members: readonly Member[]): void {
  for (const one of members) {
    one.value = undefined;
    forget(one.members);
  }
}

function memberAt(text: string, key: number, length: number, members: readonly Member[]): Member | undefined {
  for (let n = 0; n < members.length; n += 1) {
    const one = members[n];
    if (one !== undefined && one.name.length === length && text.startsWith(one.name, key)) return one;
  }
  return undefined;
}
