import { costOf, type Prices } from './price.ts';
import type { SpendQuery, SpendReport, SpendRow, SpendStep } from './report.ts';
import { stepsOf } from './steps.ts';
import { Sum, type Hidden, type Usage } from './sum.ts';
import { totalOf } from './usage.ts';

/** Something that was used, with what it is split by. */
export type SpendItem = ({ readonly kind: 'usage'; readonly usage: Usage } | { readonly kind: 'hidden'; readonly hidden: Hidden }) & {
  readonly key: string;
  readonly at: number;
  readonly lastAt: number;
  readonly name: () => { readonly label: string; readonly detail: string };
};

interface Group {
  readonly sum: Sum;
  readonly name: SpendItem['name'];
  lastAt: number;
}

/** Adds up what was used within the span of the query: altogether, by what it is split by, and step by step. */
export function tabulate(query: SpendQuery, items: Iterable<SpendItem>, prices: Prices): SpendReport {
  const starts = stepsOf(query);
  const steps = starts.slice(0, -1).map((start) => ({ start, sum: new Sum(), usdBy: new Map<string, number>() }));
  const total = new Sum();
  const groups = new Map<string, Group>();
  const unpriced = new Map<string, number>();
  for (const item of items) {
    const { key, name, lastAt } = item;
    const group = groups.get(key) ?? { sum: new Sum(), name, lastAt };
    groups.set(key, group);
    group.lastAt = Math.max(group.lastAt, lastAt);
    const step = steps[stepAt(starts, item.at)];
    const usd = addTo([total, group.sum, ...(step === undefined ? [] : [step.sum])], item, prices);
    if (usd === undefined) count(unpriced, modelOf(item), totalOf(tokensOf(item)));
    else if (step !== undefined) count(step.usdBy, key, usd);
  }
  return {
    total: total.value,
    rows: [...groups]
      .map(([key, group]) => rowOf(key, group))
      .sort((a, b) => b.sum.usd - a.sum.usd || totalOf(b.sum.tokens) - totalOf(a.sum.tokens)),
    steps: steps.map(({ start, sum, usdBy }): SpendStep => ({ start, sum: sum.value, usdBy: Object.fromEntries(usdBy) })),
    unpriced: [...unpriced].map(([model, tokens]) => ({ model, tokens })).sort((a, b) => b.tokens - a.tokens),
  };
}

function addTo(sums: readonly Sum[], item: SpendItem, prices: Prices): number | undefined {
  if (item.kind === 'hidden') {
    for (const sum of sums) sum.addHidden(item.hidden);
    return item.hidden.usd;
  }
  const usd = costOf(item.usage, prices);
  for (const sum of sums) sum.add(item.usage, usd);
  return usd;
}

function rowOf(key: string, { sum, name, lastAt }: Group): SpendRow {
  return { key, ...name(), sum: sum.value, lastAt };
}

/** The last one that has begun. */
function stepAt(starts: readonly number[], at: number): number {
  let from = 0;
  let to = starts.length;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if ((starts[middle] ?? Infinity) <= at) from = middle;
    else to = middle;
  }
  return from;
}

function modelOf(item: SpendItem): string {
  return item.kind === 'hidden' ? item.hidden.model : item.usage.terms.model;
}

function tokensOf(item: SpendItem) {
  return item.kind === 'hidden' ? item.hidden.tokens : item.usage.tokens;
}

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
