import {
  plainInvocation,
  type CommandAnalysis,
  type Invocation,
  type ShellSurroundings,
  type Span,
  type UnknownPart,
  type Word,
} from '../analysis.ts';
import { isDangerousVariable } from '../programs.ts';
import { anything } from './script.ts';

export interface PowerShellSurroundings extends ShellSurroundings {
  /** What the analysis of shells says of the text for a program: it knows what programs run. `depth`: of the text, in others. */
  readonly shell: (text: string, depth: number) => CommandAnalysis;
}

/** Where a command stands: behind which programs, how deep, and with which rights. */
export interface Place {
  readonly wrappers: readonly string[];
  readonly depth: number;
  readonly fromFile: boolean;
  readonly privileged: boolean;
  readonly disguised: boolean;
}

export const outermost: Place = { wrappers: [], depth: 0, fromFile: false, privileged: false, disguised: false };

/** Each of them may be a program that the analysis of shells is asked about. */
const mostInvocations = 1_500;
const mostReasons = 200;
const mostCharacters = 196_608;

/** Everything that is found out about a text, until it is an analysis. */
export class Gathering {
  readonly surroundings: PowerShellSurroundings;
  readonly #text: string;
  readonly #invocations: Invocation[] = [];
  readonly #unknown: UnknownPart[] = [];
  readonly #folders: Word[] = [];
  readonly #redefined = new Set<string>();
  #pipes = false;
  #network = false;
  #changed = false;
  #failed = false;

  #characters = 0;

  constructor(text: string, surroundings: PowerShellSurroundings) {
    this.#text = text;
    this.surroundings = surroundings;
  }

  result(): CommandAnalysis {
    return {
      text: this.#text,
      parsed: !this.#failed,
      dynamic: this.#unknown.length > 0,
      unknown: this.#unknown,
      invocations: this.#invocations.map((one) => (this.#isDisguised(one) ? { ...one, disguised: true } : one)),
      pipesToInterpreter: this.#pipes,
      network: this.#network,
      directories: this.#folders,
      mentions: [],
    };
  }

  fail(reason: string, place?: Place, span?: Span): void {
    this.#failed = true;
    this.unknown(reason, this.#text, place, span);
  }

  add(invocation: Invocation): void {
    if (!this.isFull) this.#invocations.push(invocation);
    else if (!this.#failed) this.fail('it runs too many commands');
  }

  /** Something that may run anything: an invocation without a program stands for it. */
  unknown(reason: string, text: string, place?: Place, span?: Span, hosts: readonly string[] = []): void {
    this.note({ reason, text, ...(span === undefined ? {} : { span }) });
    const { wrappers, fromFile, privileged } = place ?? outermost;
    this.#network = true;
    // The first that is too many is still told.
    if (this.#invocations.length > mostInvocations) return;
    this.#invocations.push({
      ...plainInvocation,
      args: [anything(text)],
      text,
      wrappers,
      fromFile,
      privileged,
      hosts,
      disguised: true,
      ...(span === undefined ? {} : { span }),
    });
  }

  note(part: UnknownPart): void {
    if (this.#unknown.length < mostReasons) this.#unknown.push(part);
  }

  folders(words: readonly Word[]): void {
    this.#folders.push(...words);
  }

  pipes(): void {
    this.#pipes = true;
  }

  /** Whether a text of so many characters may still be read: texts that stand in each other are read again and again. */
  mayRead(characters: number): boolean {
    this.#characters += characters;
    return this.#characters <= mostCharacters;
  }

  talks(): void {
    this.#network = true;
  }

  /** Whether more cannot be gathered. */
  get isFull(): boolean {
    return this.#invocations.length >= mostInvocations;
  }

  get hasMoved(): boolean {
    return this.#folders.length > 0;
  }

  get isTalking(): boolean {
    return this.#network;
  }

  /** Any name may be another's from here on. */
  change(reason: string, text: string): void {
    this.#changed = true;
    this.note({ reason, text });
  }

  defines(names: ReadonlySet<string>, assigned: ReadonlySet<string>): void {
    for (const name of names) this.#redefined.add(name);
    for (const name of assigned) {
      const variable = /^env:(.*)$/.exec(name)?.[1]?.toUpperCase();
      if (variable !== undefined && isDangerousVariable(variable))
        this.change(`it changes the environment variable ${variable}`, this.#text);
      else if (/^(?:function|alias):|^(?:psdefaultparametervalues|executioncontext)\b/.test(name))
        this.change(`it changes what commands do (${name})`, this.#text);
      else if (/^(?!env:|using:)\w+:/.test(name)) this.unknown(`it writes to ${name}`, this.#text);
    }
  }

  #isDisguised({ program }: Invocation): boolean {
    return this.#changed || (program !== undefined && this.#redefined.has(program.toLowerCase()));
  }
}
