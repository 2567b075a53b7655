/** A text that a pattern matches, the same at each run: literals, classes, groups, alternatives and repetitions. */
export function textLike(pattern: string): string {
  return new Drawing(pattern).alternatives();
}

class Drawing {
  readonly #source: string;
  #at = 0;
  #state = 0x9e3779b9;

  constructor(source: string) {
    this.#source = source.replace(/^\(\?i\)/, '');
    for (const character of source) this.#state = Math.imul(this.#state ^ character.charCodeAt(0), 0x01000193) >>> 0;
  }

  alternatives(): string {
    const all = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      all.push(this.#sequence());
    }
    return all[this.#below(all.length)] ?? '';
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) text += this.#repeated();
    return text;
  }

  #repeated(): string {
    const start = this.#at;
    let text = this.#atom();
    const end = this.#at;
    const [all = '', least, most] = /^(?:\{(\d+)(?:,(\d*))?\}|[?*+])/.exec(this.#source.slice(end)) ?? [];
    if (all === '') return text;
    const bounds: Readonly<Record<string, readonly [number, number]>> = { '?': [0, 1], '*': [0, 12], '+': [1, 12] };
    const [from, to] = bounds[all] ?? [Number(least), most === undefined ? Number(least) : Number(most || Number(least) + 8)];
    const count = from + this.#below(to - from + 1);
    text = '';
    for (let times = 0; times < count; times += 1) {
      this.#at = start;
      text += this.#atom();
    }
    this.#at = end + all.length;
    return text;
  }

  #atom(): string {
    const character = this.#source[this.#at] ?? '';
    this.#at += 1;
    if (character === '[') return this.#class();
    if (character === '(') return this.#group();
    if (character !== '\\') return character === '.' ? this.#one(letters) : character;
    const escaped = this.#source[this.#at] ?? '';
    this.#at += 1;
    return escaped === 'd' ? this.#one('0123456789') : escaped === 'w' ? this.#one(letters) : escaped === 'b' ? '' : escaped;
  }

  #group(): string {
    if (this.#source.startsWith('?:', this.#at)) this.#at += 2;
    const text = this.alternatives();
    this.#at += 1;
    return text;
  }

  #class(): string {
    const end = /^(?:\\.|[^\]\\])+/.exec(this.#source.slice(this.#at))?.[0].length ?? 0;
    const one = new RegExp(`[${this.#source.slice(this.#at, this.#at + end)}]`);
    this.#at += end + 1;
    return this.#one(printable.filter((character) => one.test(character)).join(''));
  }

  #one(of: string): string {
    return of[this.#below(of.length)] ?? '';
  }

  #below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
