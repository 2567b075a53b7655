import type { SpendQuery, SpendReport, SpendRow, SpendStep } from './report.ts';
import { stepsOf } from './steps.ts';
import { Sum, type Cost, type Hidden, type Usage } from './sum.ts';
import { totalOf } from './usage.ts';

/** Something that was used, with what it is split by. */
export type SpendItem = ({ readonly kind: 'usage'; readonly usage: Usage } | { readonly kind: 'hidden'; readonly hidden: Hidden }) & {
  readonly cost: Cost;
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
export function tabulate(query: SpendQuery, items: Iterable<SpendItem>): SpendReport {
  const starts = stepsOf(query);
  const steps = starts.slice(0, -1).map((start) => ({ start, sum: new Sum(), usdBy: new Map<string, number>() }));
  const total = new Sum();
  const groups = new Map<string, Group>();
  const unpriced = new Map<string, number>();
  const said = new Map<string, { tokens: number; usd: number }>();
  for (const item of items) {
    const { key, name, lastAt } = item;
    const group = groups.get(key) ?? { sum: new Sum(), name, lastAt };
    groups.set(key, group);
    group.lastAt = Math.max(group.lastAt, lastAt);
    const step = steps[stepAt(starts, item.at)];
    addTo([total, group.sum, ...(step === undefined ? [] : [step.sum])], item);
    const { usd, isSaid } = item.cost;
    const tokens = totalOf(tokensOf(item));
    if (usd === undefined) count(unpriced, modelOf(item), tokens);
    else if (step !== undefined) count(step.usdBy, key, usd);
    if (usd !== undefined && isSaid) {
      const known = said.get(modelOf(item)) ?? { tokens: 0, usd: 0 };
      said.set(modelOf(item), { tokens: known.tokens + tokens, usd: known.usd + usd });
    }
  }
  return {
    total: total.value,
    rows: [...groups]
      .map(([key, group]) => rowOf(key, group))
      .sort((a, b) => b.sum.usd - a.sum.usd || totalOf(b.sum.tokens) - totalOf(a.sum.tokens)),
    steps: steps.map(({ start, sum, usdBy }): SpendStep => ({ start, sum: sum.value, usdBy: Object.fromEntries(usdBy) })),
    unpriced: [...unpriced].map(([model, tokens]) => ({ model, tokens })).sort((a, b) => b.tokens - a.tokens),
    ...(said.size > 0 ? { said: [...said].map(([model, rest]) => ({ model, ...rest })) } : {}),
  };
}

function addTo(sums: readonly Sum[], item: SpendItem): void {
  for (const sum of sums) {
    if (item.kind === 'hidden') sum.addHidden(item.hidden, item.cost);
    else sum.add(item.usage, item.cost);
  }
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
