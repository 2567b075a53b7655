import { type Declared, holds, type Reference, type RuleNames } from './rule-names.ts';
import type { Span } from './part.ts';
import { yamlText } from './yaml-text.ts';

/** What is to have another name, and where the cursor has found it. */
export interface Renamed {
  readonly policy: string;
  /** Left out: the policy itself. */
  readonly rule?: string;
  readonly span: Span;
  readonly name: string;
}

export interface TextEdit {
  readonly path: string;
  readonly span: Span;
  readonly text: string;
}

/** The name at the offset, where it can be given another one. `texts` are the files of one folder, in which names are unique. */
export function renamedAt(file: RuleNames, offset: number, texts: readonly RuleNames[]): Renamed | undefined {
  const own = file.declared.find(({ span }) => holds(span, offset));
  if (own !== undefined) return { policy: own.policy, ...ruleOf(own), span: own.span, name: own.rule ?? own.policy };
  const reference = file.references.find(({ policy, rule }) => holds(policy?.span, offset) || holds(rule.span, offset));
  if (reference === undefined) return undefined;
  const isPolicy = holds(reference.policy?.span, offset) && !holds(reference.rule.span, offset);
  const target = texts
    .flatMap(({ declared }) => declared)
    .find((one) => (isPolicy ? isPolicyOf(reference, one) : isRuleOf(reference, one)));
  const part = isPolicy ? reference.policy : reference.rule;
  if (target === undefined || part === undefined) return undefined;
  return { policy: target.policy, ...(isPolicy ? {} : ruleOf(target)), span: part.span, name: part.text };
}

/** What changes in the files of the folder. Throws where the new name cannot be one. */
export function renameEdits(renamed: Renamed, name: string, texts: readonly RuleNames[]): readonly TextEdit[] {
  check(renamed, name, texts);
  const isSame = (one: Declared): boolean => one.policy === renamed.policy && one.rule === renamed.rule;
  const ruleIsUnique = texts.flatMap(({ declared }) => declared).filter(({ rule }) => rule === renamed.rule).length === 1;
  return texts.flatMap((text) => {
    const spans = [
      ...text.declared.filter(isSame).map(({ span }) => span),
      ...text.references.flatMap((reference) => spanOf(reference, renamed, ruleIsUnique)),
    ];
    return spans.map((span) => ({ path: text.path, span, text: isAlone(text.source, span) ? yamlText(name) : name }));
  });
}

function check({ policy, rule }: Renamed, name: string, texts: readonly RuleNames[]): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,127}$/u.test(name))
    throw new Error('A name is 1 to 128 letters, digits, ".", "_" or "-", and begins with a letter or digit.');
  const taken = texts
    .flatMap(({ declared }) => declared)
    .some((one) => (rule === undefined ? one.rule === undefined && one.policy === name : one.policy === policy && one.rule === name));
  if (taken)
    throw new Error(
      rule === undefined ? `A policy of this folder is called "${name}" already.` : `"${policy}" has a rule "${name}" already.`,
    );
}

function spanOf({ policy, rule }: Reference, renamed: Renamed, ruleIsUnique: boolean): readonly Span[] {
  if (renamed.rule === undefined) return policy?.text === renamed.policy ? [policy.span] : [];
  const isIts = policy === undefined ? ruleIsUnique : policy.text === renamed.policy;
  return isIts && rule.text === renamed.rule ? [rule.span] : [];
}

function ruleOf({ rule }: Declared): { readonly rule?: string } {
  return rule === undefined ? {} : { rule };
}

function isRuleOf({ policy, rule }: Reference, one: Declared): boolean {
  return one.rule === rule.text && (policy === undefined || policy.text === one.policy);
}

function isPolicyOf({ policy }: Reference, one: Declared): boolean {
  return one.rule === undefined && one.policy === policy?.text;
}

/** Not in quotes, and not behind a policy's name: then it might be taken for a number. */
function isAlone(source: string, { start, end }: Span): boolean {
  return !/["'/]/.test(source.slice(start - 1, start)) && source.slice(end, end + 1) !== '/';
}
