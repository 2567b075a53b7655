/** Thrown where a text is not understood; caught where an analysis begins. */
export class NotUnderstood extends Error {
  readonly at: number;

  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

const mostDepth = 100;

/** A place in a text that moves on. */
export class Scanner {
  readonly text: string;
  at = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  get next(): string {
    return this.text[this.at] ?? '';
  }

  get isDone(): boolean {
    return this.at >= this.text.length;
  }

  sees(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Whether the pattern, which must be sticky, matches here; moves behind it. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = this.look(pattern);
    if (found !== undefined) this.at += found[0].length;
    return found;
  }

  look(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text) ?? undefined;
  }

  expect(sign: string): void {
    if (!this.sees(sign)) this.fail(`"${sign}" is missing`);
    this.at += sign.length;
  }

  fail(reason: string): never {
    throw new NotUnderstood(reason, this.at);
  }

  /** Blanks, comments and continued lines; not the end of a line. */
  skipBlanks(): void {
    while (this.take(/[^\S\r\n]+|`\r?\n|#[^\r\n]*/y) !== undefined || this.#blockComment());
  }

  skipLines(): void {
    do this.skipBlanks();
    while (this.take(/[\r\n]+/y) !== undefined);
  }

  nested<T>(read: () => T): T {
    if ((this.#depth += 1) > mostDepth) this.fail('it is nested too deeply');
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #blockComment(): boolean {
    if (!this.sees('<#')) return false;
    const end = this.text.indexOf('#>', this.at + 2);
    if (end < 0) this.fail('a comment does not end');
    this.at = end + 2;
    return true;
  }
}
