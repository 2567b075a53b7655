import type { Word } from '../analysis.ts';
import { findParameter, parametersOf, type Parameter } from './cmdlets.ts';
import type { Argument } from './script.ts';

/** The arguments of a cmdlet, each with the parameter that it is for. */
export interface Bound {
  /** With the full names of parameters. */
  readonly args: readonly Word[];
  readonly values: readonly { readonly parameter: Parameter; readonly word: Word }[];
  /** Names of the switches that are on, lower case. */
  readonly switches: ReadonlySet<string>;
  /** Whether the cmdlet takes these arguments: otherwise it does nothing but complain. */
  readonly fits: boolean;
  /** Whether its parameters are known. */
  readonly known: boolean;
}

export function bind(cmdlet: string, args: readonly Argument[]): Bound {
  const parameters = parametersOf(cmdlet.toLowerCase());
  return parameters === undefined ? unbound(args) : new Binding(parameters).bind(args);
}

function unbound(args: readonly Argument[]): Bound {
  const words = args.flatMap(({ parameter, words: own }) => [...(parameter === undefined ? [] : [parameter]), ...own]);
  return { args: words, values: [], switches: new Set(), fits: true, known: false };
}

class Binding {
  readonly #parameters: readonly Parameter[];
  readonly #args: Word[] = [];
  readonly #values: { readonly parameter: Parameter; readonly word: Word }[] = [];
  readonly #switches = new Set<string>();
  readonly #positional: (readonly Word[])[] = [];
  readonly #named = new Set<string>();
  #fits = true;

  constructor(parameters: readonly Parameter[]) {
    this.#parameters = parameters;
  }

  bind(args: readonly Argument[]): Bound {
    for (let at = 0; at < args.length; at += 1) {
      const arg = args[at];
      if (arg?.parameter === undefined) this.#place(arg?.words ?? []);
      else if (this.#takesNext(arg, args[at + 1])) at += 1;
    }
    this.#bindPositions();
    return { args: this.#args, values: this.#values, switches: this.#switches, fits: this.#fits, known: true };
  }

  #place(words: readonly Word[]): void {
    this.#positional.push(words);
    this.#args.push(...words);
  }

  /** Whether the argument behind a parameter is its value. */
  #takesNext({ parameter: written = '', words }: Argument, next: Argument | undefined): boolean {
    const parameter = findParameter(this.#parameters, written);
    this.#args.push(parameter === undefined ? written : `-${parameter.name}`);
    if (parameter === undefined) this.#fits = false;
    else if (parameter.isSwitch) {
      if (words[0] !== 'False') this.#switches.add(parameter.name.toLowerCase());
    } else {
      const isBehind = words.length === 0 && next !== undefined && next.parameter === undefined;
      this.#value(parameter, isBehind ? next.words : words);
      this.#args.push(...(isBehind ? next.words : words));
      this.#named.add(parameter.name);
      return isBehind;
    }
    this.#args.push(...words);
    return false;
  }

  /** Positions are given to the parameters that were not named. More of them than there are places: the cmdlet complains. */
  #bindPositions(): void {
    const isPathNamed = this.#named.has('LiteralPath');
    const open = this.#parameters
      .filter(({ position, name }) => position !== undefined && !this.#named.has(name) && !(isPathNamed && name === 'Path'))
      .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
    for (const [index, words] of this.#positional.entries()) {
      const parameter = open[index] ?? open.at(-1);
      if (open[index] === undefined) this.#fits = false;
      if (parameter !== undefined) this.#value(parameter, words);
    }
  }

  #value(parameter: Parameter, words: readonly Word[]): void {
    for (const word of words) this.#values.push({ parameter, word });
  }
}
