import { isStricter, stricter } from '../../decision.ts';
import { compileCommandPatterns, type CommandPattern } from '../command-syntax.ts';
import type { PolicyDocument, Rule } from '../document.ts';
import { exemptionsAt } from '../judge.ts';
import type { PolicyFile } from '../policy-set.ts';
import type { RuleSource } from '../schema.ts';
import { commandCovers, globCovers, pathCovers } from './covers.ts';
import { finding, listOf, type Linted, type LintedRule, type LintFinding } from './finding.ts';

interface Other {
  readonly document: PolicyDocument;
  readonly rule: Rule;
}

/** Rules of a document that never have a say, because a stricter one matches wherever they do. */
export function shadowedRules(linted: Linted, rules: readonly LintedRule[]): readonly LintFinding[] {
  const all = others(linted);
  return rules.flatMap((one) => shadowedBy(one, all));
}

function shadowedBy(linted: LintedRule, all: readonly Other[]): readonly LintFinding[] {
  const { rule, path } = linted;
  // What it keeps out of the log counts all the same.
  if (rule.action === 'deny' || rule.redact.length > 0) return [];
  const other = all.find((one) => isStricter(one.rule.action, strictestOf(rule)) && covers(one, linted) && !mayDeny(rule, one));
  if (other === undefined) return [];
  const name = other.document === linted.document ? `"${other.rule.name}"` : `"${other.document.name}/${other.rule.name}"`;
  return [
    finding(linted, 'shadowed', [...path, 'name'], `This rule never counts: ${name} ${verbs[other.rule.action]} wherever it matches`),
  ];
}

const verbs = { allow: 'allows', deny: 'denies', require_approval: 'asks', abstain: 'abstains' } as const;

/** A condition that cannot be evaluated denies, which only a denial keeps from counting. */
function mayDeny({ conditions, unless }: Rule, { rule: other }: Other): boolean {
  return other.action !== 'deny' && conditions.length + unless.length > 0;
}

function strictestOf({ action, rateLimit, onLimit }: Rule): Rule['action'] {
  return rateLimit === undefined ? action : stricter(action, onLimit);
}

/** Rules that count wherever those of the document do. */
function others({ file, document, context }: Linted): readonly Other[] {
  const files = [file, ...context.files.filter(({ path }) => path !== file.path)];
  const exemption = exemptionsAt(files, { time: context.now });
  return files.flatMap((one) =>
    one.documents
      .filter((other) => (other.mode === 'enforce' || document.mode === 'observe') && (other === document || isScopeless(one, other)))
      .flatMap((other) =>
        other.rules.filter((rule) => exemption(one, other, rule.name) === undefined).map((rule) => ({ document: other, rule })),
      ),
  );
}

/** Another document's scope is not compared: it has to have none. A workspace's rules count only in that workspace. */
function isScopeless({ layer }: PolicyFile, { scope }: PolicyDocument): boolean {
  return scope.length === 0 && layer !== 'workspace';
}

function covers({ rule, document }: Other, linted: LintedRule): boolean {
  if (rule === linted.rule) return false;
  const [wide, narrow] = [rule.source, linted.rule.source];
  // Which commands of an unknown program a document leaves out is its own affair.
  if (wide.commands !== undefined && document !== linted.document) return false;
  return (
    fieldCovers(wide.tools, narrow.tools, globCovers) &&
    fieldCovers(lower(wide.domains), lower(narrow.domains), globCovers) &&
    commandsCover(wide, narrow) &&
    pathsCover(wide.paths, narrow.paths) &&
    expressionsCover(wide.conditions, narrow.conditions) &&
    expressionsCover(wide.unless, narrow.unless)
  );
}

type Patterns = string | readonly string[] | undefined;

function lower(patterns: Patterns): Patterns {
  return patterns === undefined ? undefined : listOf(patterns).map((pattern) => pattern.toLowerCase());
}

function fieldCovers(wide: Patterns, narrow: Patterns, one: (wide: string, narrow: string) => boolean): boolean {
  if (wide === undefined) return true;
  return narrow !== undefined && listOf(narrow).every((pattern) => listOf(wide).some((other) => one(other, pattern)));
}

/** Each rule is compared with all others. */
const compiled = new WeakMap<RuleSource, readonly (readonly CommandPattern[])[]>();

function commandsOf(source: RuleSource): readonly (readonly CommandPattern[])[] {
  const known = compiled.get(source) ?? listOf(source.commands).map(compileCommandPatterns);
  compiled.set(source, known);
  return known;
}

function commandsCover(wide: RuleSource, narrow: RuleSource): boolean {
  if (wide.commands === undefined) return true;
  return narrow.commands !== undefined && commandsOf(narrow).every((one) => commandsOf(wide).some((other) => commandCovers(other, one)));
}

const kinds = ['read', 'write', 'any'] as const;

function pathsCover(wide: RuleSource['paths'], narrow: RuleSource['paths']): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  return kinds.every((kind) => {
    const inner = narrow[kind];
    if (inner === undefined) return true;
    return kind === 'any' ? listCovers(wide.any, inner) : listCovers(wide[kind], inner) || listCovers(wide.any, inner);
  });
}

/** With negations, the order of a list matters: then it has to be the same, or the negations only make it narrower. */
function listCovers(wide: Patterns, narrow: Patterns): boolean {
  if (wide === undefined) return false;
  const [outer, inner] = [listOf(wide), listOf(narrow)];
  if (JSON.stringify(outer) === JSON.stringify(inner)) return true;
  const positive = inner.filter((pattern) => !pattern.startsWith('!'));
  return !outer.some((pattern) => pattern.startsWith('!')) && inner[0] === positive[0] && fieldCovers(outer, positive, pathCovers);
}

/** What the wider one asks for, the narrower one asks for, too. */
function expressionsCover(wide: RuleSource['conditions'], narrow: RuleSource['conditions']): boolean {
  const asked = new Set((narrow ?? []).map(({ cel }) => cel.trim()));
  return (wide ?? []).every(({ cel }) => asked.has(cel.trim()));
}
