import { rulesOf } from './condition-part.ts';
import { fieldOf, itemsOf, type Part, type Span, textOf } from './part.ts';

export interface OutlineItem extends Span {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'policy' | 'budget' | 'rule' | 'exemption' | 'limit' | 'test';
  /** What is shown when it is chosen. */
  readonly chosen: Span;
  readonly items: readonly OutlineItem[];
}

/** What a policy file consists of: its documents, and in them rules, exemptions and limits; or the cases of a test file. */
export function outline(roots: readonly Part[]): readonly OutlineItem[] {
  return roots.flatMap((root) => {
    if (root.kind === 'list') return itemsOf(root).flatMap((item) => named(item, 'test', fieldOf(item, 'expect', 'action')));
    return root.kind === 'map' ? [document(root)] : [];
  });
}

function document(root: Part): OutlineItem {
  const kind = textOf(fieldOf(root, 'kind')) ?? '';
  const name = fieldOf(root, 'metadata', 'name');
  return {
    name: textOf(name) || '(no name)',
    detail: kind,
    kind: kind === 'BudgetPolicy' ? 'budget' : 'policy',
    start: root.start,
    end: root.end,
    chosen: name ?? { start: root.start, end: root.start },
    items: [
      ...itemsOf(fieldOf(root, 'exempt')).flatMap((item) => titled(item, 'exemption', fieldOf(item, 'rule'), fieldOf(item, 'until'))),
      ...rulesOf(root).flatMap((rule) => named(rule, 'rule', fieldOf(rule, 'action'))),
      ...itemsOf(fieldOf(root, 'spec', 'limits')).flatMap((item) => titled(item, 'limit', fieldOf(item, 'per'), fieldOf(item, 'onLimit'))),
    ],
  };
}

function named(item: Part, kind: OutlineItem['kind'], detail: Part | undefined): readonly OutlineItem[] {
  return titled(item, kind, fieldOf(item, 'name'), detail);
}

function titled(item: Part, kind: OutlineItem['kind'], title: Part | undefined, detail: Part | undefined): readonly OutlineItem[] {
  const name = textOf(title);
  if (title === undefined || name === undefined || name === '') return [];
  return [{ name, detail: textOf(detail) ?? '', kind, start: item.start, end: item.end, chosen: title, items: [] }];
}
