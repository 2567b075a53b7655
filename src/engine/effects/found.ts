import type { Invocation, Word } from '../shell/analysis.ts';
import { foundBy } from './deleting.ts';

/** Follows what `find` finds into the commands that get it: `find … -exec rm {} +` and `find … | xargs rm`. */
export class Found {
  readonly #text: string;
  /** What each `find` finds: one of them may run thousands of commands. */
  readonly #known = new Map<Invocation, readonly Word[]>();
  #last: Invocation | undefined;
  #executing: Invocation | undefined;
  #piped: Invocation | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The invocation with the words that stand for what is found replaced by that. To be asked of each in order. */
  replaced(name: string, invocation: Invocation): Invocation {
    if (name === 'find' && invocation.isWrapper) this.#executing = invocation;
    if (name === 'xargs') this.#piped = this.#pipesInto(invocation) ? this.#last : undefined;
    if (!invocation.isWrapper) this.#last = name === 'find' ? invocation : undefined;
    const wrapper = invocation.wrappers.at(-1);
    if (wrapper === 'find') return this.#substitute(invocation, this.#executing, (word) => word.text === '{}');
    return wrapper === 'xargs'
      ? this.#substitute(invocation, this.#piped, (word) => word.parts.every((part) => part === undefined))
      : invocation;
  }

  #substitute(invocation: Invocation, finding: Invocation | undefined, stands: (word: Exclude<Word, string>) => boolean): Invocation {
    if (finding === undefined) return invocation;
    const found = this.#known.get(finding) ?? foundBy(finding.args);
    this.#known.set(finding, found);
    return { ...invocation, args: invocation.args.flatMap((arg) => (typeof arg !== 'string' && stands(arg) ? found : [arg])) };
  }

  /** Whether nothing but a pipe stands between the last `find` and an `xargs`. */
  #pipesInto({ span }: Invocation): boolean {
    const before = this.#last?.span;
    return before !== undefined && span !== undefined && /^\s*(2>\s*\/dev\/null\s*)?\|\s*$/.test(this.#text.slice(before.end, span.start));
  }
}
