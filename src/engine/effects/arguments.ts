import type { Word } from '../shell/analysis.ts';

interface Option {
  readonly name: string;
  readonly value?: Word;
}

/** Arguments told apart into options, their values, and the rest, as the program's manual says. */
export class Arguments {
  readonly all: readonly Word[];
  readonly operands: readonly Word[];
  /** How many of the operands stand before `--`; all where there is none. */
  readonly beforeDashes: number;
  readonly #options: readonly Option[];

  constructor(args: readonly Word[], valued: ReadonlySet<string>, oneDash = false) {
    this.all = args;
    const reading = new Reading(args, valued, oneDash);
    this.operands = reading.operands;
    this.beforeDashes = reading.dashes ?? reading.operands.length;
    this.#options = reading.options;
  }

  /** Whether one of the options is given; long ones may be shortened. */
  has(...names: readonly string[]): boolean {
    return this.#options.some(({ name }) => names.some((wanted) => wanted === name || isShortened(name, wanted)));
  }

  /** The values of an option in order. */
  values(...names: readonly string[]): readonly Word[] {
    return this.#options.flatMap(({ name, value }) => (value !== undefined && names.includes(name) ? [value] : []));
  }
}

function isShortened(name: string, wanted: string): boolean {
  return name.length > 3 && name.startsWith('--') && wanted.startsWith(name);
}

class Reading {
  readonly operands: Word[] = [];
  readonly options: Option[] = [];
  dashes: number | undefined;
  readonly #valued: ReadonlySet<string>;
  readonly #oneDash: boolean;

  constructor(args: readonly Word[], valued: ReadonlySet<string>, oneDash: boolean) {
    this.#valued = valued;
    this.#oneDash = oneDash;
    for (let at = 0; at < args.length; at += 1) {
      const arg = args[at] ?? '';
      if (this.dashes !== undefined) this.operands.push(arg);
      else if (arg === '--') this.dashes = this.operands.length;
      else if (typeof arg !== 'string') this.#partly(arg);
      else if (arg.length < 2 || !arg.startsWith('-')) this.operands.push(arg);
      else if (this.#option(arg, args[at + 1])) at += 1;
    }
  }

  /** Whether the next word is the option's value. */
  #option(arg: string, next: Word | undefined): boolean {
    const equals = arg.indexOf('=');
    if (equals > 0 && (arg.startsWith('--') || this.#oneDash)) {
      this.options.push({ name: this.#whole(arg.slice(0, equals)), value: arg.slice(equals + 1) });
      return false;
    }
    if (arg.startsWith('--') || this.#oneDash || this.#valued.has(arg)) {
      const name = this.#whole(arg);
      const takes = this.#valued.has(name) && next !== undefined;
      this.options.push(takes ? { name, value: next } : { name });
      return takes;
    }
    return this.#cluster(arg, next);
  }

  /** `--outp` is `--output`, where only the beginning of an option with a value is given. */
  #whole(name: string): string {
    if (this.#valued.has(name) || name.length < 4 || !name.startsWith('--')) return name;
    for (const known of this.#valued) if (known.startsWith(name)) return known;
    return name;
  }

  #cluster(arg: string, next: Word | undefined): boolean {
    for (let at = 1; at < arg.length; at += 1) {
      const name = `-${arg[at]}`;
      if (!this.#valued.has(name)) {
        this.options.push({ name });
        continue;
      }
      const rest = arg.slice(at + 1);
      const value = rest === '' ? next : rest;
      this.options.push(value === undefined ? { name } : { name, value });
      return rest === '' && next !== undefined;
    }
    return false;
  }

  /** `--out=$X` is an option with an unknown value; anything else that is partly known may be an operand. */
  #partly(arg: Exclude<Word, string>): void {
    const [first, ...rest] = arg.parts;
    const option = first === undefined ? null : /^(--?[A-Za-z][\w-]*)=(.*)$/s.exec(first);
    if (option !== null)
      this.options.push({ name: this.#whole(option[1] ?? ''), value: { ...arg, parts: option[2] === '' ? rest : [option[2], ...rest] } });
    else if (first !== undefined && this.#valued.has(first.slice(0, 2)) && !first.startsWith('--'))
      this.options.push({ name: first.slice(0, 2), value: { ...arg, parts: first.length === 2 ? rest : [first.slice(2), ...rest] } });
    else this.operands.push(arg);
  }
}
