/** Texts made to order, so that no file here holds what a scanner would take for a secret. */

/** A text that a pattern matches: literals, classes, groups, alternatives (the first), bounded repetitions (the least). */
export function sampleOf(source: string): string {
  return new Sampler(source).alternatives();
}

const letters = 'k7Qw3ZrT9xMb2LfV8nHc5JdY4sGp6Wt';

class Sampler {
  readonly #source: string;
  #at = 0;
  #drawn = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(): string {
    let first: string | undefined;
    for (;;) {
      const text = this.#sequence();
      first ??= text;
      if (this.#source[this.#at] !== '|') return first;
      this.#at += 1;
    }
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) text += this.#repeated(this.#atom());
    return text;
  }

  #atom(): () => string {
    const character = this.#source[this.#at] ?? '';
    this.#at += 1;
    if (character === '[') return this.#class();
    if (character === '(') return this.#group();
    if (character !== '\\') return () => character;
    const escaped = this.#source[this.#at] ?? '';
    this.#at += 1;
    return () => (escaped === 'd' ? this.#draw((c) => /\d/.test(c)) : escaped === 's' ? ' ' : escaped);
  }

  #group(): () => string {
    const [mark = ''] = /^\?(?:<[!=]|[:!=])/.exec(this.#source.slice(this.#at)) ?? [];
    const ahead = mark !== '' && mark !== '?:';
    this.#at += mark.length;
    const start = this.#at;
    const text = this.alternatives();
    const end = this.#at;
    this.#at += 1;
    if (ahead) return () => '';
    return () => (text === '' ? '' : this.#inner(start, end).alternatives());
  }

  /** One that goes on where this one is, so that a repeated group is not the same each time. */
  #inner(start: number, end: number): Sampler {
    const inner = new Sampler(this.#source.slice(start, end));
    inner.#drawn = this.#drawn += 1;
    return inner;
  }

  #class(): () => string {
    const end = this.#source.indexOf(']', this.#at + 1);
    const one = new RegExp(`[${this.#source.slice(this.#at, end)}]`);
    this.#at = end + 1;
    return () => this.#draw((character) => one.test(character));
  }

  #draw(fits: (character: string) => boolean): string {
    for (const character of `${letters}abcdefABCDEF=`.repeat(2).slice((this.#drawn += 1) % letters.length))
      if (fits(character)) return character;
    throw new Error(`nothing fits in ${this.#source}`);
  }

  #repeated(atom: () => string): string {
    const rest = /^(?:\{(\d+)(?:,\d*)?\}|\?)/.exec(this.#source.slice(this.#at));
    if (rest === null) return atom();
    this.#at += rest[0].length;
    return Array.from({ length: Number(rest[1] ?? 0) }, atom).join('');
  }
}
