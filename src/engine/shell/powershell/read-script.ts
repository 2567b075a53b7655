import { readExpression, type ExpressionContext } from './expressions.ts';
import { readMembers } from './members.ts';
import type { Argument, Command, Element, Nested, Redirect, Script } from './script.ts';
import { NotUnderstood, Scanner } from './scanner.ts';
import { readKeyword } from './statements.ts';
import { readArgument, readVerbatim, readWord } from './words.ts';

/** What of a text was understood; `failed`: where and why not all of it was. */
export interface ReadScript {
  readonly script: Script;
  readonly failed?: { readonly reason: string; readonly at: number };
}

/** Signs that some take for blanks or ends and others do not. */
const oddSigns = /[^\P{Cc}\t\r\n]|[\u2028\u2029\ufeff]/u;

/** Reads a PowerShell text. Whatever is not plainly understood ends it: nothing is guessed. */
export function readScript(text: string, assigned: ReadonlySet<string>): ReadScript {
  const reader = new Reader(text, assigned);
  try {
    reader.statements('');
    const odd = text.search(oddSigns);
    return odd < 0
      ? { script: reader.script }
      : { script: reader.script, failed: { reason: 'a sign stands there that nobody sees', at: odd } };
  } catch (error) {
    // Nothing but our own complaint is expected here, and any other fault leaves the text just as unknown.
    const known = error instanceof NotUnderstood;
    return { script: reader.script, failed: { reason: known ? error.message : 'it cannot be read', at: known ? error.at : 0 } };
  }
}

class Reader {
  readonly script: Script = { pipelines: [], calls: [], unknown: [], redefined: new Set(), assigned: new Set() };
  readonly #scan: Scanner;
  readonly #context: ExpressionContext;

  constructor(text: string, assigned: ReadonlySet<string>) {
    this.#scan = new Scanner(text);
    this.#context = {
      scan: this.#scan,
      nested: this.#nested,
      script: this.script,
      assigned,
      statement: () => this.#scan.nested(() => this.#statement()),
    };
  }

  readonly #nested: Nested = {
    group: () => this.#enclosed('(', ')'),
    rest: () => this.#scan.nested(() => this.statements(')')),
    block: () => this.#enclosed('{', '}'),
    index: () => this.#enclosed('[', ']'),
    table: () => this.#scan.nested(() => this.#table()),
    members: (type) => readMembers(this.#context, type),
  };

  statements(close: string): void {
    const scan = this.#scan;
    for (;;) {
      do scan.skipLines();
      while (scan.take(/;/y) !== undefined);
      if (scan.isDone) return close === '' ? undefined : scan.fail(`"${close}" is missing`);
      if (close !== '' && scan.sees(close)) return void (scan.at += 1);
      const isBlock =
        this.#statement() ||
        scan.text
          .slice(Math.max(0, scan.at - 40), scan.at)
          .trimEnd()
          .endsWith('}');
      scan.skipBlanks();
      if (
        !isBlock &&
        scan.take(/&(?!&)/y) === undefined &&
        scan.look(/[\r\n;]|$(?![^])/y) === undefined &&
        (close === '' || !scan.sees(close))
      )
        scan.fail(`"${scan.next}" is not understood`);
    }
  }

  #enclosed(open: string, close: string): void {
    this.#scan.nested(() => {
      this.#scan.expect(open);
      this.statements(close);
    });
  }

  /** `name = value` in lines. */
  #table(): void {
    const scan = this.#scan;
    scan.expect('{');
    for (;;) {
      do scan.skipLines();
      while (scan.take(/;/y) !== undefined);
      if (scan.take(/\}/y) !== undefined) return;
      if (scan.take(/[\p{L}_][\p{L}\p{N}_-]*(?=\s*=)/uy) === undefined) readWord(this.#context);
      scan.skipLines();
      scan.expect('=');
      scan.skipLines();
      this.#statement();
    }
  }

  /** Whether it ended with a block, behind which another statement may follow at once. */
  #statement(): boolean {
    const kind = readKeyword(this.#context);
    if (kind === 'block') return true;
    if (kind === 'done') return false;
    const scan = this.#scan;
    do {
      scan.skipLines();
      this.#pipeline();
      scan.skipBlanks();
    } while (scan.take(/&&|\|\|/y) !== undefined);
    return false;
  }

  #pipeline(): void {
    const scan = this.#scan;
    const elements: Element[] = [];
    do {
      scan.skipLines();
      elements.push(this.#element());
      scan.skipBlanks();
      // A line may begin with the bar that continues the one before.
      const at = scan.at;
      scan.skipLines();
      if (scan.look(/\|(?!\|)/y) === undefined) scan.at = at;
    } while (scan.take(/\|(?!\|)/y) !== undefined);
    this.script.pipelines.push(elements);
  }

  #element(): Element {
    if (this.#startsExpression()) {
      const value = readExpression(this.#context);
      return { kind: 'value', ...value, redirects: this.#redirects() };
    }
    return this.#command();
  }

  /** A command may begin with a digit (`7z`); a number is one as a whole. */
  #startsExpression(): boolean {
    return (
      this.#scan.look(/['‘’‚‛"“”„$(@[{!,+]|[-–—―](?:not|bnot|split|join|[^\p{L}])/iuy) !== undefined ||
      this.#scan.look(/(?:0x[\da-f]+|\d+(?:\.\d+)?)(?:[kmgtp]b)?(?=[\s;|)}\],*/%+-]|\.\.|$)/iuy) !== undefined
    );
  }

  #redirects(): readonly Redirect[] {
    const found: Redirect[] = [];
    this.#scan.skipBlanks();
    for (let one = this.#redirect(); one !== undefined; one = this.#redirect()) {
      found.push(...one);
      this.#scan.skipBlanks();
    }
    return found;
  }

  /** `undefined`: none is here. Empty: it leads to another stream. */
  #redirect(): readonly Redirect[] | undefined {
    const scan = this.#scan;
    const found = scan.take(/[1-6*]?>(?:&[1-6]|>)?/y);
    if (found === undefined) return undefined;
    if (found[0].includes('&')) return [];
    scan.skipBlanks();
    const isNothing = scan.look(/\$null(?![\w:.[])/iy) !== undefined;
    const target = readWord(this.#context);
    return isNothing ? [] : [{ target }];
  }

  #command(): Command {
    const scan = this.#scan;
    const start = scan.at;
    const operator = scan.take(/&(?!&)|\.(?=[\s'"$({])/y)?.[0] === '.' ? '.' : scan.text[start] === '&' ? '&' : '';
    if (operator !== '') scan.skipBlanks();
    const isBlock = operator !== '' && scan.sees('{');
    const name = isBlock ? undefined : (scan.take(/[%?](?=[\s{(]|$)/y)?.[0] ?? readWord(this.#context));
    if (isBlock) this.#nested.block();
    const args: Argument[] = [];
    const redirects: Redirect[] = [];
    let end = scan.at;
    for (scan.skipBlanks(); scan.look(/[\r\n;|)}]|&|$(?![^])/y) === undefined; scan.skipBlanks()) {
      const redirect = this.#redirect();
      if (redirect !== undefined) redirects.push(...redirect);
      else args.push(scan.look(/--%(?=\s|$)/y) === undefined ? readArgument(this.#context) : readVerbatim(this.#context));
      end = scan.at;
    }
    return { kind: 'command', name, operator, args, redirects, text: scan.text.slice(start, end), span: { start, end } };
  }
}
