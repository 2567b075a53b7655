import type { SpendReport, SpendSum } from '../../engine/spend/report.ts';
import { totalOf } from '../../engine/spend/usage.ts';
import type { SpendAsked } from './spend-options.ts';
import { table } from './table.ts';

interface Line {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly sum: SpendSum;
}

/** One JSON document; the five counts are disjoint, `costUsd` has nothing of `hiddenUsd`; both have their part of `saidUsd`. */
export function jsonOf(report: SpendReport, asked: SpendAsked): string {
  const rows = linesOf(report, asked).map(({ key, label, detail, sum }) => ({ key, label, detail, ...numbersOf(sum) }));
  return JSON.stringify({
    rows,
    total: numbersOf(report.total),
    unpriced: report.unpriced,
    said: report.said ?? [],
    stale: report.stale ?? [],
  });
}

export function csvOf(report: SpendReport, asked: SpendAsked): string {
  const head = [
    'key',
    'label',
    'detail',
    'input',
    'output',
    'cacheRead',
    'cacheWrite5m',
    'cacheWrite1h',
    'total',
    'costUsd',
    'hiddenUsd',
    'unpricedTokens',
    'lowerBound',
  ];
  const rows = linesOf(report, asked).map(({ key, label, detail, sum }) => {
    const { tokens, costUsd, hiddenUsd, unpricedTokens, lowerBound } = numbersOf(sum);
    const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, total } = tokens;
    return [
      key,
      label,
      detail,
      input,
      output,
      cacheRead,
      cacheWrite5m,
      cacheWrite1h,
      total,
      costUsd,
      hiddenUsd,
      unpricedTokens,
      lowerBound,
    ];
  });
  return [head, ...rows].map((cells) => cells.map(cell).join(',')).join('\n');
}

export function tableOf(report: SpendReport, asked: SpendAsked): string {
  const lines = linesOf(report, asked);
  if (lines.length === 0) return 'No agent has used anything in that time, as far as their records tell.';
  const head = [asked.byDay ? 'DAY' : asked.query.by.toUpperCase(), 'INPUT', 'OUTPUT', 'CACHE READ', 'CACHE WRITE', 'TOKENS', 'COST'];
  const rows = [...lines, { key: 'total', label: 'Total', detail: '', sum: report.total }].map(row);
  return [table(head, rows), ...notesOf(report)].join('\n');
}

/** What the numbers do not say. */
function notesOf({ total, unpriced, said = [], stale = [] }: SpendReport): readonly string[] {
  const hidden = total.notItemisedUsd > 0 || (total.notItemisedTokens ?? 0) > 0;
  return [
    ...(hidden ? [`Not itemised (compaction, web search, hooks), contained in the costs: ${dollars(total.notItemisedUsd)}`] : []),
    ...unpriced.map(
      ({ model, tokens }) =>
        `No price is known for ${model || 'a model without a name'}: ${tokens.toLocaleString('en-US')} tokens are not in the costs`,
    ),
    ...said.map(({ model, usd }) => `No price is known for ${model}: ${dollars(usd)} of the costs are what the agent said of the sessions`),
    ...stale.map(
      ({ model, usd, ours }) =>
        `The price of ${model} may be out of date: the agent says ${dollars(usd)} of tokens that cost ${dollars(ours)} by it`,
    ),
    ...(total.isLowerBound ? ['≥: the records do not hold the last count of some responses; it was at least this'] : []),
  ];
}

function linesOf(report: SpendReport, { byDay, query }: SpendAsked): readonly Line[] {
  if (!byDay) return report.rows;
  // In Swedish, a date is written as computers write it.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: query.timeZone, dateStyle: 'short' });
  return report.steps
    .filter(({ sum }) => totalOf(sum.tokens) + sum.webSearches + (sum.notItemisedTokens ?? 0) > 0)
    .map(({ start, sum }) => ({ key: format.format(start), label: format.format(start), detail: '', sum }));
}

function row({ label, detail, sum }: Line): readonly string[] {
  const { tokens, usd, isLowerBound, unpricedTokens } = sum;
  const cost = `${isLowerBound ? '≥ ' : ''}${dollars(usd)}${unpricedTokens > 0 ? ' + ?' : ''}`;
  const counts = [tokens.input, tokens.output, tokens.cacheRead, tokens.cacheWrite5m + tokens.cacheWrite1h, totalOf(tokens)];
  return [detail === '' ? label : `${label} (${detail})`, ...counts.map((count) => count.toLocaleString('en-US')), cost];
}

function numbersOf(sum: SpendSum) {
  const { tokens, responses, webSearches, usd, notItemisedUsd, notItemisedTokens = 0, unpricedTokens, saidUsd = 0, isLowerBound } = sum;
  return {
    tokens: { ...tokens, total: totalOf(tokens) },
    responses,
    webSearches,
    costUsd: rounded(usd - notItemisedUsd),
    hiddenUsd: rounded(notItemisedUsd),
    hiddenTokens: notItemisedTokens,
    unpricedTokens,
    saidUsd: rounded(saidUsd),
    lowerBound: isLowerBound,
  };
}

/** To a millionth of a cent: adding up fractions leaves crumbs. */
function rounded(usd: number): number {
  return Math.round(usd * 1e8) / 1e8;
}

function dollars(usd: number): string {
  return `$${usd < 1 ? usd.toFixed(4) : usd.toFixed(2)}`;
}

/** A spreadsheet must take no text of an agent's for a formula. */
function cell(value: string | number | boolean): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
