import { ConditionCompiler, type ConditionOptions } from '../cel/condition.ts';
import { compileCommandPatterns } from './command-syntax.ts';
import type { RuleCondition } from './document.ts';
import { compilePathPatterns } from './path-pattern.ts';
import type { Position } from './position.ts';
import type { YamlDocument } from './yaml-source.ts';

interface Problem {
  readonly position: Position;
  readonly message: string;
}

/** Compiles the lists of conditions of one document. What is wrong with one goes to `problems`, with its place in the expression. */
export class Conditions {
  readonly #yaml: YamlDocument;
  readonly #problems: Problem[];
  readonly #compiler: ConditionCompiler;

  constructor(yaml: YamlDocument, problems: Problem[], options: ConditionOptions) {
    this.#yaml = yaml;
    this.#problems = problems;
    this.#compiler = new ConditionCompiler(
      { glob: (pattern) => void compilePathPatterns([pattern]), command: (pattern) => void compileCommandPatterns(pattern) },
      options,
    );
  }

  at(sources: readonly { readonly cel: string }[] | undefined, path: readonly PropertyKey[]): readonly RuleCondition[] {
    return (sources ?? []).flatMap(({ cel }, index): readonly RuleCondition[] => {
      const at = [...path, index, 'cel'];
      const compiled = this.#compiler.compile(cel);
      if ('condition' in compiled) return [{ condition: compiled.condition, position: this.#yaml.where(at) }];
      for (const { start, end, message } of compiled.problems)
        this.#problems.push({ position: this.#yaml.whereIn(at, start, end), message });
      return [];
    });
  }
}
