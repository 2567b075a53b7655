import { createHash } from 'node:crypto';
import type { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { hasPii, hasSecret } from '../guardrail/secrets.ts';
import type { JsonObject } from '../json.ts';
import { conditionEnvironment } from './environment.ts';
import { notBool, problemOf, summaryOf } from './expression-problem.ts';
import { inspect, type ExpressionProblem } from './inspect.ts';
import type { RequestView } from './request-view.ts';
import { shortcutOf } from './shortcut.ts';
import type { Glimpse } from './shortcut-values.ts';
import { jsonView } from './view.ts';

export type { ExpressionProblem } from './inspect.ts';

/** What the functions of a condition need of the call at hand. */
export interface ConditionSubject {
  readonly view: RequestView;
  readonly inside: (path: string, dir: string) => boolean;
  readonly glob: (path: string, pattern: string) => boolean;
  readonly command: (pattern: string, unknownPrograms: 'match' | 'ignore') => boolean;
  readonly place: (path: string) => string;
}

export type ConditionResult = { readonly kind: 'true' } | { readonly kind: 'false' } | { readonly kind: 'fault'; readonly message: string };

export interface Condition {
  readonly expression: string;
  /** Never throws. A fault is anything but a plain true or false. `artifact`: what starts, where conditions may speak of it. */
  readonly evaluate: (subject: ConditionSubject, artifact?: JsonObject) => ConditionResult;
  /** What it is for every call of which that much is known, or `undefined`: that depends on the rest, or might. Never throws. */
  readonly foresee: (glimpse: Glimpse) => boolean | undefined;
}

export type Compiled = { readonly condition: Condition } | { readonly problems: readonly ExpressionProblem[] };

export interface ConditionOptions {
  /** What `command()` makes of commands whose program is unknown. */
  readonly unknownPrograms: 'match' | 'ignore';
  /** Each is compiled when it is first asked. */
  readonly lazily?: boolean;
  /** They may speak of the MCP server that is about to start. */
  readonly ofArtifacts?: true;
}

/** Checks of literal patterns, so that a bad one is found when the policy is read. They throw with what is wrong. */
export interface PatternChecks {
  readonly glob: (pattern: string) => void;
  readonly command: (pattern: string) => void;
}

/**
 * Compiles conditions. `matches` runs on RE2 instead of the engine of the host, so that it is linear in the text.
 * One compiler serves many conditions; it is not for use while another of its conditions is being evaluated.
 */
export class ConditionCompiler {
  readonly #environment: Environment;
  readonly #checks: PatternChecks;
  readonly #options: ConditionOptions;
  readonly #patterns = new Map<string, RE2JS>();
  #subject: ConditionSubject | undefined;
  #work = 0;

  constructor(checks: PatternChecks, options: ConditionOptions = { unknownPrograms: 'match' }) {
    this.#checks = checks;
    this.#options = options;
    this.#environment = this.#build();
  }

  compile(expression: string): Compiled {
    return this.#options.lazily === true ? { condition: this.#later(expression) } : this.#now(expression);
  }

  /** What is wrong with it is found when it is first asked, and is a fault then. */
  #later(expression: string): Condition {
    let known: Compiled | undefined;
    const compile = (): Compiled => (known ??= this.#now(expression));
    return {
      expression,
      evaluate: (subject, artifact) => {
        const compiled = compile();
        if ('condition' in compiled) return compiled.condition.evaluate(subject, artifact);
        return { kind: 'fault', message: compiled.problems[0]?.message ?? 'it cannot be compiled' };
      },
      foresee: (glimpse) => {
        const compiled = compile();
        return 'condition' in compiled ? compiled.condition.foresee(glimpse) : undefined;
      },
    };
  }

  #now(expression: string): Compiled {
    try {
      return this.#compile(expression);
    } catch (cause) {
      return { problems: [problemOf(cause, expression)] };
    }
  }

  #compile(expression: string): Compiled {
    const parsed = this.#environment.parse(expression);
    const problems = inspect(parsed.ast, { regex: (pattern) => void this.#pattern(pattern), ...this.#checks });
    if (problems.length > 0) return { problems };
    const checked = parsed.check();
    if (!checked.valid) return { problems: [problemOf(checked.error, expression)] };
    if (checked.type !== 'bool') return { problems: [notBool(parsed.ast, checked.type ?? 'unknown')] };
    const shortcut = shortcutOf(parsed.ast, (text, pattern) => this.#pattern(pattern).test(text));
    return {
      condition: {
        expression,
        evaluate: (subject, artifact) => {
          const seen = shortcut?.(subject.view);
          return seen === undefined ? this.#evaluate(parsed, subject, artifact) : seen ? held : failed;
        },
        foresee: (glimpse) => shortcut?.(glimpse),
      },
    };
  }

  #evaluate(
    run: (context: Readonly<Record<string, unknown>>) => unknown,
    subject: ConditionSubject,
    artifact: JsonObject | undefined,
  ): ConditionResult {
    this.#subject = subject;
    this.#work = 0;
    try {
      // A null prototype: names are looked up through the prototype chain.
      const context: Record<string, unknown> = Object.create(null);
      context['request'] = subject.view;
      if (artifact !== undefined) context['artifact'] = jsonView(artifact);
      const result = run(context);
      if (result === true) return held;
      if (result === false) return failed;
      return { kind: 'fault', message: 'its result is neither true nor false' };
    } catch (cause) {
      return { kind: 'fault', message: summaryOf(cause) };
    } finally {
      this.#subject = undefined;
    }
  }

  #build(): Environment {
    const environment = conditionEnvironment({
      matches: (text, pattern) => this.#matches(text, pattern),
      inside: (path, dir) => this.#current().inside(path, dir),
      glob: (path, pattern) => this.#current().glob(path, pattern),
      command: (pattern) => this.#current().command(pattern, this.#options.unknownPrograms),
      place: (path) => this.#current().place(path),
      hasSecret: (text) => this.#looks(text, hasSecret),
      hasPii: (text) => this.#looks(text, hasPii),
      digest: (text) => this.#digest(text),
    });
    if (this.#options.ofArtifacts === true) environment.registerVariable('artifact', 'map');
    return environment;
  }

  #current(): ConditionSubject {
    if (this.#subject === undefined) throw new Error('no call is being decided');
    return this.#subject;
  }

  #matches(text: string, pattern: string): boolean {
    this.#spend(text.length);
    return this.#pattern(pattern).test(text);
  }

  #looks(text: string, look: (text: string) => boolean): boolean {
    this.#spend(text.length);
    return look(text);
  }

  #digest(text: string): string {
    this.#spend(text.length);
    return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
  }

  #spend(work: number): void {
    this.#work += work + 100;
    if (this.#work > maxWork) throw new Error('it is over its cost limit');
  }

  #pattern(pattern: string): RE2JS {
    const known = this.#patterns.get(pattern);
    if (known !== undefined) return known;
    if (pattern.length > 1_000) throw new Error('a regular expression has at most 1000 characters');
    const compiled = RE2JS.compile(pattern);
    // Patterns may come from a call: the cache must not grow with them.
    if (this.#patterns.size >= 1_000) this.#patterns.clear();
    this.#patterns.set(pattern, compiled);
    return compiled;
  }
}

const held: ConditionResult = { kind: 'true' };
const failed: ConditionResult = { kind: 'false' };

/** Characters that the functions of one evaluation may read, with a constant for each call. */
const maxWork = 8_388_608;
