import { createHash } from 'node:crypto';
import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { hasPii, hasSecret } from '../guardrail/secrets.ts';
import { didYouMean } from '../policy/nearest.ts';
import { conditionEnvironment } from './environment.ts';
import { inspect, type ExpressionProblem } from './inspect.ts';
import { viewTypes, type RequestView } from './request-view.ts';

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
  /** Never throws. A fault is anything but a plain true or false. */
  readonly evaluate: (subject: ConditionSubject) => ConditionResult;
}

export type Compiled = { readonly condition: Condition } | { readonly problems: readonly ExpressionProblem[] };

export interface ConditionOptions {
  /** What `command()` makes of commands whose program is unknown. */
  readonly unknownPrograms: 'match' | 'ignore';
  /** Each is compiled when it is first asked. */
  readonly lazily?: boolean;
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
    let compiled: Compiled | undefined;
    return {
      expression,
      evaluate: (subject) => {
        compiled ??= this.#now(expression);
        if ('condition' in compiled) return compiled.condition.evaluate(subject);
        return { kind: 'fault', message: compiled.problems[0]?.message ?? 'it cannot be compiled' };
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
    return { condition: { expression, evaluate: (subject) => this.#evaluate(parsed, subject) } };
  }

  #evaluate(run: (context: Readonly<Record<string, unknown>>) => unknown, subject: ConditionSubject): ConditionResult {
    this.#subject = subject;
    this.#work = 0;
    try {
      // A null prototype: names are looked up through the prototype chain.
      const context: Record<string, unknown> = Object.create(null);
      context['request'] = subject.view;
      const result = run(context);
      if (result === true) return { kind: 'true' };
      if (result === false) return { kind: 'false' };
      return { kind: 'fault', message: 'its result is neither true nor false' };
    } catch (cause) {
      return { kind: 'fault', message: summaryOf(cause) };
    } finally {
      this.#subject = undefined;
    }
  }

  #build(): Environment {
    return conditionEnvironment({
      matches: (text, pattern) => this.#matches(text, pattern),
      inside: (path, dir) => this.#current().inside(path, dir),
      glob: (path, pattern) => this.#current().glob(path, pattern),
      command: (pattern) => this.#current().command(pattern, this.#options.unknownPrograms),
      place: (path) => this.#current().place(path),
      hasSecret: (text) => this.#looks(text, hasSecret),
      hasPii: (text) => this.#looks(text, hasPii),
      digest: (text) => this.#digest(text),
    });
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

/** Characters that the functions of one evaluation may read, with a constant for each call. */
const maxWork = 8_388_608;

const functionNames = [
  'has',
  'size',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'exists',
  'all',
  'map',
  'filter',
  'inside',
  'glob',
  'command',
  'place',
  'digest',
  'hasSecret',
  'hasPii',
];
const fieldNames = [...new Set(viewTypes.flatMap((type) => Object.keys(type.fields)))];

function problemOf(cause: unknown, expression: string): ExpressionProblem {
  const range = rangeOf(cause, expression);
  const summary = summaryOf(cause);
  const named = /^(No such key|Unknown variable): (.+)$/.exec(summary);
  const called = /overload for '([A-Za-z_.<>, ]*?)([A-Za-z_]+)\(/.exec(summary);
  const hint =
    named?.[2] !== undefined ? didYouMean(named[2], named[1] === 'No such key' ? fieldNames : ['request']) : functionHint(called?.[2]);
  return { ...range, message: `CEL: ${summary}${hint}` };
}

function functionHint(name: string | undefined): string {
  return name === undefined || functionNames.includes(name) ? '' : didYouMean(name, functionNames);
}

function rangeOf(cause: unknown, expression: string): { readonly start: number; readonly end: number } {
  if (typeof cause === 'object' && cause !== null && 'range' in cause) {
    const range = cause.range;
    if (
      typeof range === 'object' &&
      range !== null &&
      'start' in range &&
      'end' in range &&
      typeof range.start === 'number' &&
      typeof range.end === 'number'
    ) {
      return { start: Math.min(range.start, expression.length), end: Math.min(range.end, expression.length) };
    }
  }
  return { start: 0, end: expression.length };
}

function summaryOf(cause: unknown): string {
  const text =
    typeof cause === 'object' && cause !== null && 'summary' in cause
      ? String(cause.summary)
      : cause instanceof Error
        ? cause.message
        : String(cause);
  return (text.split('\n')[0] ?? text).replaceAll('__matches', 'matches').replaceAll(/\bTooLarge\b/g, 'a value too large for conditions');
}

function notBool(ast: ASTNode, type: string): ExpressionProblem {
  const hint = type === 'dyn' ? '; compare it with something, for example "… == true"' : '';
  return {
    start: ast.start,
    end: ast.end,
    message: `CEL: a condition must be true or false, this is ${type === 'dyn' ? 'of unknown type' : `a ${type}`}${hint}`,
  };
}
