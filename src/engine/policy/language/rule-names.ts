import { compileGlob } from '../glob.ts';
import { rulesOf } from './condition-part.ts';
import { fieldOf, itemsOf, readParts, type Part, type Span, textOf } from './part.ts';
import { innerSpan } from './spot.ts';

export interface PolicyText {
  readonly path: string;
  readonly source: string;
  readonly isTestFile: boolean;
  /** One of those that we ship. */
  readonly isShipped?: boolean;
}

/** A name where it is given: of a rule, or of a policy where there is no `rule`. */
export interface Declared {
  readonly policy: string;
  readonly rule?: string;
  readonly span: Span;
  /** All that is said of it. */
  readonly whole: Span;
  readonly action?: string;
  readonly message?: string;
}

/** A name where it is used: in an exemption, or in what a test expects. */
export interface Reference {
  readonly policy?: { readonly text: string; readonly span: Span };
  readonly rule: { readonly text: string; readonly span: Span };
}

export interface RuleNames extends PolicyText {
  readonly declared: readonly Declared[];
  readonly references: readonly Reference[];
  readonly packs: readonly { readonly text: string; readonly span: Span }[];
}

/** The names in a file, also in one with faults. */
export function ruleNames(text: PolicyText, roots: readonly Part[] = readParts(text.source)): RuleNames {
  const { source } = text;
  if (text.isTestFile) {
    const expected = roots.flatMap(itemsOf).flatMap((item) => fieldOf(item, 'expect', 'rule') ?? []);
    return { ...text, declared: [], references: expected.flatMap((part) => referenceIn(source, part)), packs: [] };
  }
  const exempted = roots.flatMap((root) => itemsOf(fieldOf(root, 'exempt'))).flatMap((item) => fieldOf(item, 'rule') ?? []);
  const packs = roots.flatMap((root) => itemsOf(fieldOf(root, 'spec', 'packs')));
  return {
    ...text,
    declared: roots.flatMap((root) => declaredIn(source, root)),
    references: exempted.flatMap((part) => referenceIn(source, part)),
    packs: packs.flatMap((part) => (textOf(part) === undefined ? [] : [{ text: textOf(part) ?? '', span: innerSpan(source, part) }])),
  };
}

/** Whether a name that is given is what a reference means; both of its parts may be globs. */
export function isMeant({ policy, rule }: Reference, declared: Declared): boolean {
  if (declared.rule === undefined) return false;
  return (policy === undefined || matches(policy.text, declared.policy)) && matches(rule.text, declared.rule);
}

export function holds(span: Span | undefined, offset: number): boolean {
  return span !== undefined && span.start <= offset && offset <= span.end;
}

function matches(glob: string, name: string): boolean {
  try {
    return compileGlob(glob)(name);
  } catch {
    return glob === name;
  }
}

function declaredIn(source: string, root: Part): readonly Declared[] {
  const named = fieldOf(root, 'metadata', 'name');
  const policy = textOf(named) ?? '';
  const own = named === undefined || policy === '' ? [] : [{ policy, span: innerSpan(source, named), whole: root }];
  return [...own, ...rulesOf(root).flatMap((rule) => declaredRule(source, policy, rule))];
}

function declaredRule(source: string, policy: string, whole: Part): readonly Declared[] {
  const named = fieldOf(whole, 'name');
  const rule = textOf(named);
  if (named === undefined || rule === undefined || rule === '') return [];
  const action = textOf(fieldOf(whole, 'action'));
  const message = textOf(fieldOf(whole, 'message'));
  return [
    {
      policy,
      rule,
      span: innerSpan(source, named),
      whole,
      ...(action === undefined ? {} : { action }),
      ...(message === undefined ? {} : { message }),
    },
  ];
}

function referenceIn(source: string, part: Part): readonly Reference[] {
  const text = textOf(part);
  if (text === undefined || text === '') return [];
  const { start, end } = innerSpan(source, part);
  const slash = source.slice(start, end).indexOf('/');
  if (slash < 0) return [{ rule: { text, span: { start, end } } }];
  const [policy, rule] = [text.slice(0, text.indexOf('/')), text.slice(text.indexOf('/') + 1)];
  return [
    {
      policy: { text: policy, span: { start, end: start + slash } },
      rule: { text: rule, span: { start: start + slash + 1, end } },
    },
  ];
}
