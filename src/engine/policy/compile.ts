import type { ConditionOptions } from '../cel/condition.ts';
import { termsOf } from './approval-terms.ts';
import { indexCommands } from './command-index.ts';
import { allCommandsMatch, anyCommandMatches, type UnknownPrograms } from './command-pattern.ts';
import { compileCommandPatterns } from './command-syntax.ts';
import { Conditions } from './compile-conditions.ts';
import { namesOfAgent } from './concerned-agents.ts';
import type { ExemptionRule, Matcher, PolicyDocument, Rule, RuleTest } from './document.ts';
import { parseDuration } from './duration.ts';
import { BadGlob, compileGlob, remembering, type Glob } from './glob.ts';
import { everyPath, somePath } from './path-matcher.ts';
import { compilePathPatterns, type PathPatterns } from './path-pattern.ts';
import type { Position } from './position.ts';
import type { ExemptionSource, RuleSource, ToolPolicySource } from './schema.ts';
import { checkLayer } from './outer-layers.ts';
import { checkPacks, type Origin } from './packs.ts';
import type { YamlDocument } from './yaml-source.ts';

export interface CompileProblem {
  readonly position: Position;
  readonly message: string;
  readonly inSchema?: boolean;
}

type Path = readonly PropertyKey[];

/** Compiles a document whose shape is already checked. What is wrong goes to `problems`; then the result is of no use. */
export function compileDocument(source: ToolPolicySource, yaml: YamlDocument, from: Origin, problems: CompileProblem[]): PolicyDocument {
  const { spec, metadata } = source;
  const compiling = new Compiling(yaml, problems, { unknownPrograms: spec.unknownPrograms ?? 'match', lazily: from.lazily === true });
  compiling.uniqueNames(spec.rules ?? []);
  problems.push(...checkLayer(source, yaml, from), ...checkPacks(source, yaml, from));
  return {
    kind: 'ToolPolicy',
    name: metadata.name,
    ...(metadata.description === undefined ? {} : { description: metadata.description }),
    mode: spec.mode ?? 'enforce',
    defaultAction: spec.defaultAction ?? 'abstain',
    scope: compiling.scope(spec),
    rules: (spec.rules ?? []).map((rule, index) => compiling.rule(rule, ['spec', 'rules', index])),
    packs: spec.packs ?? [],
    ...(spec.onUngoverned === undefined ? {} : { onUngoverned: spec.onUngoverned }),
    exempt: (source.exempt ?? []).map((exemption, index) => compiling.exemption(exemption, ['exempt', index])),
    position: yaml.where(['metadata', 'name']),
  };
}

class Compiling {
  readonly #yaml: YamlDocument;
  readonly #problems: CompileProblem[];
  readonly #unknownPrograms: UnknownPrograms;
  readonly #conditions: Conditions;

  constructor(yaml: YamlDocument, problems: CompileProblem[], options: ConditionOptions) {
    this.#yaml = yaml;
    this.#problems = problems;
    this.#unknownPrograms = options.unknownPrograms;
    this.#conditions = new Conditions(yaml, problems, options);
  }

  problemAtKey(path: Path, message: string): void {
    this.#problems.push({ position: this.#yaml.whereKey(path), message });
  }

  uniqueNames(rules: readonly RuleSource[]): void {
    const seen = new Set<string>();
    rules.forEach((rule, index) => {
      if (seen.has(rule.name))
        this.#problems.push({
          position: this.#yaml.where(['spec', 'rules', index, 'name']),
          message: `A rule named "${rule.name}" stands above already; names are unique within a document`,
        });
      seen.add(rule.name);
    });
  }

  scope(spec: ToolPolicySource['spec']): readonly Matcher[] {
    const agents = spec.agent === undefined ? undefined : this.#globs(spec.agent, ['spec', 'agent']);
    const servers = spec.mcpServer === undefined ? undefined : this.#globs(spec.mcpServer, ['spec', 'mcpServer']);
    const agent: Matcher | undefined = agents && {
      field: 'agent',
      wants: spec.agent ?? [],
      matches: ({ request: { call } }) => namesOfAgent(call).some(agents),
    };
    const server: Matcher | undefined = servers && {
      field: 'mcpServer',
      wants: spec.mcpServer ?? [],
      matches: ({ request: { call } }) => call.mcpServer !== undefined && servers(call.mcpServer),
    };
    return [agent, server].filter((matcher) => matcher !== undefined);
  }

  rule(source: RuleSource, path: Path): Rule {
    this.#checkCombinations(source, path);
    const { rateLimit } = source;
    return {
      name: source.name,
      action: source.action,
      ...(source.message === undefined ? {} : { message: source.message }),
      autoApprove: source.autoApprove ?? false,
      approval: termsOf(source),
      ...(rateLimit === undefined
        ? {}
        : { rateLimit: { calls: rateLimit.calls, perMs: parseDuration(rateLimit.per) ?? 1, per: rateLimit.per } }),
      onLimit: source.onLimit ?? 'deny',
      redact: source.redact ?? [],
      matchers: this.#matchers(source, path),
      conditions: this.#conditions.at(source.conditions, [...path, 'conditions']),
      unless: this.#conditions.at(source.unless, [...path, 'unless']),
      tests: this.#tests(source, path),
      position: this.#yaml.where([...path, 'name']),
      source,
    };
  }

  exemption(source: ExemptionSource, path: Path): ExemptionRule {
    const [policy = '', rule = ''] = source.rule.split('/');
    const endsAt = source.until === undefined ? undefined : endOf(source.until);
    return {
      rule: source.rule,
      reason: source.reason,
      ...(source.until === undefined ? {} : { until: source.until }),
      matchesPolicy: this.#globs(policy, [...path, 'rule']),
      matchesRule: this.#globs(rule, [...path, 'rule']),
      ...(endsAt === undefined ? {} : { endsAt }),
    };
  }

  #checkCombinations(source: RuleSource, path: Path): void {
    if (source.autoApprove === true && source.action !== 'allow')
      this.problemAtKey([...path, 'autoApprove'], '"autoApprove" belongs to the action "allow"');
    if (source.onLimit !== undefined && source.rateLimit === undefined)
      this.problemAtKey([...path, 'onLimit'], '"onLimit" needs a "rateLimit"');
    const asks = source.action === 'require_approval' || source.onLimit === 'require_approval';
    if (source.approval !== undefined && !asks)
      this.problemAtKey([...path, 'approval'], '"approval" belongs to the action "require_approval"');
  }

  #matchers(source: RuleSource, path: Path): readonly Matcher[] {
    const certain = source.action === 'allow' || source.action === 'abstain';
    const matchers: Matcher[] = [];
    if (source.tools !== undefined) {
      const globs = remembering(this.#globs(source.tools, [...path, 'tools']));
      matchers.push({ field: 'tools', matches: (subject) => subject.toolNames.some(globs) });
    }
    if (source.domains !== undefined) {
      const globs = this.#globs(source.domains, [...path, 'domains'], (pattern) => pattern.toLowerCase());
      matchers.push({
        field: 'domains',
        matches: (subject) =>
          certain ? subject.domains.length > 0 && !subject.contactsUnknown && subject.domains.every(globs) : subject.domains.some(globs),
      });
    }
    if (source.commands !== undefined)
      matchers.push(
        this.#commands(
          source.commands,
          [...path, 'commands'],
          certain,
          source.paths?.write !== undefined || source.paths?.any !== undefined,
        ),
      );
    if (source.paths !== undefined) matchers.push(this.#paths(source.paths, [...path, 'paths'], certain));
    return matchers;
  }

  #commands(source: string | readonly string[], path: Path, certain: boolean, filesJudged: boolean): Matcher {
    const patterns = this.#each(source, path, compileCommandPatterns).flat();
    const index = indexCommands(patterns);
    return {
      field: 'commands',
      matches: ({ analysis }) =>
        certain
          ? allCommandsMatch(patterns, analysis, filesJudged)
          : index.concerns(analysis) && anyCommandMatches(index.patternsFor, analysis, this.#unknownPrograms),
    };
  }

  #paths(source: NonNullable<RuleSource['paths']>, path: Path, certain: boolean): Matcher {
    const read = this.#pathPatterns(source.read, [...path, 'read']);
    const write = this.#pathPatterns(source.write, [...path, 'write']);
    const any = this.#pathPatterns(source.any, [...path, 'any']);
    if (read === undefined && write === undefined && any === undefined)
      this.problemAtKey(path, '"paths" needs at least one of read, write, any');
    const reads = [read, any].filter((patterns) => patterns !== undefined);
    const writes = [write, any].filter((patterns) => patterns !== undefined);
    const test = certain ? everyPath : somePath;
    return { field: 'paths', matches: (subject) => test(subject, reads, writes) };
  }

  #pathPatterns(source: string | readonly string[] | undefined, path: Path): PathPatterns | undefined {
    if (source === undefined) return undefined;
    this.#each(source, path, (pattern) => compilePathPatterns([pattern]));
    try {
      return compilePathPatterns(typeof source === 'string' ? [source] : source);
    } catch {
      // Reported just above, at the very pattern.
      return [];
    }
  }

  #tests(source: RuleSource, path: Path): readonly RuleTest[] {
    const expectations = ['deny', 'pass', 'allow', 'require_approval', 'abstain'] as const;
    return expectations.flatMap((expect) =>
      (source.tests?.[expect] ?? []).map((call, index) => ({
        expect,
        call,
        position: this.#yaml.where([...path, 'tests', expect, index]),
      })),
    );
  }

  #globs(source: string | readonly string[], path: Path, prepare: (pattern: string) => string = (pattern) => pattern): Glob {
    const globs = this.#each(source, path, (pattern) => compileGlob(prepare(pattern)));
    return (text) => globs.some((glob) => glob(text));
  }

  #each<T>(source: string | readonly string[], path: Path, compile: (pattern: string) => T): readonly T[] {
    const one = (pattern: string, at: Path): readonly T[] => {
      try {
        return [compile(pattern)];
      } catch (cause) {
        if (!(cause instanceof BadGlob)) throw cause;
        this.#problems.push({ position: this.#yaml.where(at), message: `Bad pattern: ${cause.message}` });
        return [];
      }
    };
    return typeof source === 'string' ? one(source, path) : source.flatMap((pattern, index) => one(pattern, [...path, index]));
  }
}

/** A plain date lasts until its end in UTC; a time without a zone is UTC as well, on every machine. */
function endOf(until: string): number {
  const dayMs = 86_400_000;
  if (!until.includes('T')) return Date.parse(`${until}T00:00:00Z`) + dayMs;
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(until) ? until : `${until}Z`);
}
