import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
import type { PolicyProblem } from '../../engine/policy/policy-set.ts';
import { parsePolicyTestFile } from '../../engine/policy/policy-tests.ts';
import { packFile, packNames, packsFolder } from '../../storage/shipped-policies.ts';
import { policySnippets } from './policy-snippets.ts';
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
  readonly folders: readonly string[];
  readonly seen: SeenNames;
  /** Leaves out what another YAML extension says by our JSON Schema. */
  readonly onlyNames: boolean;
}

/** A place in a file; lines and characters count from 0. */
export interface FileRange {
  readonly path: string;
  readonly isShipped: boolean;
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** Answers what an editor asks about a policy file. Knows nothing of the editor. */
export class LanguageDesk {
  readonly #shipped: string;
  readonly #texts: PolicyTexts;
  #read: { readonly source: string; readonly roots: readonly Part[] } = { source: '', roots: [] };

  /** `shipped`: the folder of the policies that we ship. */
  constructor(shipped: string) {
    this.#shipped = shipped;
    this.#texts = new PolicyTexts(shipped);
  }

  problems({ path, layer, isTestFile, source }: EditedPolicy): readonly PolicyProblem[] {
    if (isTestFile) return parsePolicyTestFile({ path, source }).problems;
    return parsePolicyFile({ path, layer, source, trusted: false, packs: packNames(this.#shipped) }).problems;
  }

  /** What works, and may not be what is meant. */
  hints({ source }: EditedPolicy): readonly (Span & { readonly message: string })[] {
    return riskyArguments(source, this.#roots(source)).map((risk) => ({ ...risk.span, message: riskText(risk) }));
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
      return [{ ...rangeIn({ path, source, isShipped: false }, span), text }];
    });
  }

  /** The text of a policy that we ship, by its path below their folder. */
  shippedText(path: string): string {
    return readFileSync(join(this.#shipped, basename(dirname(path)) === 'packs' ? 'packs' : '', basename(path)), 'utf8');
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

  #everywhere(policy: EditedPolicy, around: Surroundings): readonly (RuleNames & { readonly isShipped: boolean })[] {
    const own = dirname(policy.path);
    const folders = [...new Set(around.folders)].filter((folder) => folder !== own);
    const others = folders.flatMap((folder) => this.#texts.inFolder(folder, around.open));
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

type Located = Pick<RuleNames, 'path' | 'source'> & { readonly isShipped: boolean };

function declaredRanges(text: RuleNames & { readonly isShipped: boolean }, isWanted: (one: Declared) => boolean): readonly FileRange[] {
  return text.declared.filter(isWanted).map(({ span }) => rangeIn(text, span));
}

function usedRange(
  text: RuleNames & { readonly isShipped: boolean },
  reference: Reference,
  { policy, rule }: Renamed,
): readonly FileRange[] {
  const { policy: named } = reference;
  if (rule === undefined) return named?.text === policy ? [rangeIn(text, named.span)] : [];
  return isMeant(reference, { policy, rule, span: reference.rule.span, whole: reference.rule.span })
    ? [rangeIn(text, reference.rule.span)]
    : [];
}

function rangeIn({ path, source, isShipped }: Located, { start, end }: Span): FileRange {
  return { path, isShipped, start: placeIn(source, start), end: placeIn(source, end) };
}

function placeIn(source: string, offset: number): FileRange['start'] {
  const before = source.slice(0, offset);
  return { line: before.split('\n').length - 1, character: offset - (before.lastIndexOf('\n') + 1) };
}
