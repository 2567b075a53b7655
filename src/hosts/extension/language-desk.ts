import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { toolArguments } from '../../agents/claude-code/tool-arguments.ts';
import type { Layer } from '../../engine/decision.ts';
import { conditionAt } from '../../engine/policy/language/condition-part.ts';
import { conditionCompletions } from '../../engine/policy/language/condition-completion.ts';
import { type Completion, completions } from '../../engine/policy/language/completion.ts';
import type { Fix } from '../../engine/policy/language/fix.ts';
import { fixesFor } from '../../engine/policy/language/fixes.ts';
import { type Fold, folds } from '../../engine/policy/language/folding.ts';
import { riskText, riskyArguments } from '../../engine/policy/language/hints.ts';
import { type Hover, hoverAt } from '../../engine/policy/language/hover.ts';
import { nearBy } from '../../engine/policy/language/near.ts';
import { outline, type OutlineItem } from '../../engine/policy/language/outline.ts';
import { type Part, readParts, type Span } from '../../engine/policy/language/part.ts';
import { type Renamed, renamedAt, renameEdits } from '../../engine/policy/language/rename.ts';
import { type Declared, holds, isMeant, type Reference, type RuleNames, ruleNames } from '../../engine/policy/language/rule-names.ts';
import { parsePolicyFile } from '../../engine/policy/parse-file.ts';
import { lintFile } from '../../engine/policy/lint/lint-file.ts';
import type { LintContext } from '../../engine/policy/lint/finding.ts';
import type { PolicyFile, PolicyProblem } from '../../engine/policy/policy-set.ts';
import { parsePolicyTestFile } from '../../engine/policy/policy-test-file.ts';
import { packFile, packNames, packsFolder } from '../../storage/shipped-policies.ts';
import { policySnippets } from './policy-snippets.ts';
import { type FileRange, placeIn, type Range, rangeIn, zeroBased } from './language/file-range.ts';
import { knownNames, type SeenNames } from './language/known.ts';
import { type OpenText, PolicyTexts } from './language/policy-texts.ts';

// What the window needs of the engine, for writing policies. A bundle of its own, which shares its pieces with the governor's.

/** A policy file in the editor, as it stands there. */
export interface EditedPolicy {
  readonly path: string;
  readonly layer: Layer;
  readonly isTestFile: boolean;
  readonly source: string;
}

/** What lies around it. */
export interface Surroundings {
  /** Texts that are not saved. */
  readonly open: readonly OpenText[];
  /** Folders with policies, the nearest first. */
  readonly folders: readonly PolicyPlace[];
  readonly seen: SeenNames;
  /** Leaves out what another YAML extension says by our JSON Schema. */
  readonly onlyNames: boolean;
}

export interface PolicyPlace {
  readonly path: string;
  readonly layer: Layer;
}

/** The files of the folder that a policy is about. */
export type WorkspaceFiles = NonNullable<LintContext['workspace']>;

/** Something that works, and may not be what is meant. */
export interface Remark extends Range {
  readonly message: string;
  readonly severity: 'warning' | 'hint';
}

/** Answers what an editor asks about a policy file. Knows nothing of the editor. */
export class LanguageDesk {
  readonly #shipped: string;
  readonly #texts: PolicyTexts;
  readonly #files = new WeakMap<RuleNames, PolicyFile>();
  #read: { readonly source: string; readonly roots: readonly Part[] } = { source: '', roots: [] };

  /** `shipped`: the folder of the policies that we ship. */
  constructor(shipped: string) {
    this.#shipped = shipped;
    this.#texts = new PolicyTexts(shipped);
  }

  problems({ path, layer, isTestFile, source }: EditedPolicy): readonly PolicyProblem[] {
    if (isTestFile) return parsePolicyTestFile({ path, source }).problems;
    return this.#parsed({ path, layer, source }).problems;
  }

  /** What works, and may not be what is meant. `workspace` is left out where its files are not known. */
  remarks(policy: EditedPolicy, around: Surroundings, now: Date, workspace?: WorkspaceFiles): readonly Remark[] {
    if (policy.isTestFile) return [];
    const file = this.#parsed(policy);
    const others = (): readonly PolicyFile[] => this.#everywhere(policy, around).map((text) => this.#fileOf(text, around));
    const findings = lintFile(file, {
      now,
      // Read only for policies that speak of others: there are many.
      get files() {
        return others();
      },
      argumentsOf: toolArguments,
      ...(workspace === undefined ? {} : { workspace }),
    });
    const linted = findings.map(({ position, message, severity }): Remark => ({ ...zeroBased(position), message, severity }));
    return [...linted, ...this.#risks(policy.source).filter((risk) => !linted.some((one) => startsWithin(one, risk)))];
  }

  complete({ source: whole, isTestFile, path }: EditedPolicy, at: number, around: Surroundings): readonly Completion[] {
    const known = this.#known(path, around);
    const { source, offset, shift } = nearBy(whole, at);
    const condition = isTestFile ? undefined : conditionAt(source, readParts(source), offset);
    const found =
      condition === undefined
        ? completions({ source, offset, isTestFile, onlyNames: around.onlyNames, known, snippets: policySnippets })
        : conditionCompletions(source, offset, condition, known);
    return found.map((one) => ({ ...one, replace: { start: one.replace.start + shift, end: one.replace.end + shift } }));
  }

  hover({ source, isTestFile, path }: EditedPolicy, offset: number, around: Surroundings): Hover | undefined {
    const known = this.#known(path, around);
    return hoverAt({ source, roots: this.#roots(source), offset, isTestFile, onlyNames: around.onlyNames, known });
  }

  outline({ source }: EditedPolicy): readonly OutlineItem[] {
    return outline(this.#roots(source));
  }

  folds({ source }: EditedPolicy): readonly Fold[] {
    return folds(source, this.#roots(source));
  }

  fixes({ source, isTestFile, path }: EditedPolicy, problem: Span, around: Surroundings): readonly Fix[] {
    return fixesFor({ source, roots: this.#roots(source), isTestFile, problem, known: this.#known(path, around) });
  }

  /** Where the rule is written that is named at the offset, or the pack. */
  definitions(policy: EditedPolicy, offset: number, around: Surroundings): readonly FileRange[] {
    const { references, packs } = this.#namesOf(policy);
    const pack = packs.find(({ span }) => holds(span, offset));
    if (pack !== undefined) return this.#packRange(pack.text);
    const reference = references.find(({ policy: named, rule }) => holds(named?.span, offset) || holds(rule.span, offset));
    if (reference === undefined) return [];
    return this.#everywhere(policy, around).flatMap((text) => declaredRanges(text, (declared) => isMeant(reference, declared)));
  }

  /** Where the rule or policy at the offset is given its name, and where it is used. */
  references(policy: EditedPolicy, offset: number, around: Surroundings, withDeclaration: boolean): readonly FileRange[] {
    const texts = this.#everywhere(policy, around);
    const renamed = renamedAt(this.#namesOf(policy), offset, texts);
    if (renamed === undefined) return [];
    return texts.flatMap((text) => [
      ...(withDeclaration ? declaredRanges(text, (one) => one.policy === renamed.policy && one.rule === renamed.rule) : []),
      ...text.references.flatMap((reference) => usedRange(text, reference, renamed)),
    ]);
  }

  renamed(policy: EditedPolicy, offset: number, around: Surroundings): Renamed | undefined {
    return renamedAt(this.#namesOf(policy), offset, this.#ofFolder(policy, around));
  }

  /** Throws with what a person can do about it. */
  rename(policy: EditedPolicy, offset: number, name: string, around: Surroundings): readonly (FileRange & { readonly text: string })[] {
    const renamed = this.renamed(policy, offset, around);
    if (renamed === undefined) throw new Error('There is no rule and no policy of this folder here.');
    const texts = this.#ofFolder(policy, around);
    return renameEdits(renamed, name, texts).flatMap(({ path, span, text }) => {
      const source = texts.find((one) => one.path === path)?.source ?? '';
      return [{ ...rangeIn({ path, source }, span), text }];
    });
  }

  /** The text of a policy that we ship, by its path below their folder. */
  shippedText(path: string): string {
    return readFileSync(join(this.#shipped, basename(dirname(path)) === 'packs' ? 'packs' : '', basename(path)), 'utf8');
  }

  #risks(source: string): readonly Remark[] {
    return riskyArguments(source, this.#roots(source)).map((risk) => ({
      start: placeIn(source, risk.span.start),
      end: placeIn(source, risk.span.end),
      message: riskText(risk),
      severity: 'hint',
    }));
  }

  #parsed({ path, layer, source }: Omit<EditedPolicy, 'isTestFile'>, lazily = false): PolicyFile {
    return parsePolicyFile({ path, layer, source, trusted: false, packs: packNames(this.#shipped), lazily });
  }

  #fileOf(text: RuleNames, { folders }: Surroundings): PolicyFile {
    const known = this.#files.get(text);
    const layer = text.isShipped === true ? 'built-in' : (folders.find(({ path }) => path === dirname(text.path))?.layer ?? 'workspace');
    const file = known ?? this.#parsed({ path: text.path, source: text.source, layer }, true);
    this.#files.set(text, file);
    return file;
  }

  #roots(source: string): readonly Part[] {
    if (this.#read.source !== source) this.#read = { source, roots: readParts(source) };
    return this.#read.roots;
  }

  #namesOf({ path, source, isTestFile }: EditedPolicy): RuleNames {
    return ruleNames({ path, source, isTestFile }, this.#roots(source));
  }

  #ofFolder(policy: EditedPolicy, { open }: Surroundings): readonly RuleNames[] {
    const others = this.#texts.inFolder(dirname(policy.path), open).filter(({ path }) => path !== policy.path);
    return [this.#namesOf(policy), ...others];
  }

  #everywhere(policy: EditedPolicy, around: Surroundings): readonly RuleNames[] {
    const own = dirname(policy.path);
    const folders = around.folders.filter(({ path }) => path !== own);
    const others = folders.flatMap(({ path }) => this.#texts.inFolder(path, around.open));
    const texts = [...this.#ofFolder(policy, around), ...others].filter(({ path }) => !path.startsWith(this.#shipped));
    return [
      ...texts.map((text) => ({ ...text, isShipped: false })),
      ...this.#texts.shipped().map((text) => ({ ...text, isShipped: true })),
    ];
  }

  #known(path: string, around: Surroundings): ReturnType<typeof knownNames> {
    // Looked up only where somebody asks for them.
    const rules = (): readonly RuleNames[] => this.#everywhere({ path, layer: 'user', isTestFile: true, source: '' }, around);
    return knownNames(around.seen, { rules, packs: () => this.#texts.packs() });
  }

  #packRange(name: string): readonly FileRange[] {
    if (!packNames(this.#shipped).includes(name)) return [];
    const start = { line: 0, character: 0 };
    return [{ path: join(packsFolder(this.#shipped), packFile(name)), isShipped: true, start, end: start }];
  }
}

function declaredRanges(text: RuleNames, isWanted: (one: Declared) => boolean): readonly FileRange[] {
  return text.declared.filter(isWanted).map(({ span }) => rangeIn(text, span));
}

function usedRange(text: RuleNames, reference: Reference, { policy, rule }: Renamed): readonly FileRange[] {
  const { policy: named } = reference;
  if (rule === undefined) return named?.text === policy ? [rangeIn(text, named.span)] : [];
  return isMeant(reference, { policy, rule, span: reference.rule.span, whole: reference.rule.span })
    ? [rangeIn(text, reference.rule.span)]
    : [];
}

function startsWithin({ start, end }: Range, around: Range): boolean {
  return start.line === around.start.line && start.character >= around.start.character && end.character <= around.end.character;
}
