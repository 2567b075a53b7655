import type { SpendRow } from './report.ts';

type Cell = string | number;

const columns: readonly (readonly [name: string, cell: (row: SpendRow) => Cell])[] = [
  ['key', ({ key }) => key],
  ['label', ({ label }) => label],
  ['detail', ({ detail }) => detail],
  ['usd', ({ sum }) => sum.usd],
  ['is_lower_bound', ({ sum }) => String(sum.isLowerBound)],
  ['not_itemised_usd', ({ sum }) => sum.notItemisedUsd],
  ['input_tokens', ({ sum }) => sum.tokens.input],
  ['output_tokens', ({ sum }) => sum.tokens.output],
  ['cache_read_tokens', ({ sum }) => sum.tokens.cacheRead],
  ['cache_write_5m_tokens', ({ sum }) => sum.tokens.cacheWrite5m],
  ['cache_write_1h_tokens', ({ sum }) => sum.tokens.cacheWrite1h],
  ['unpriced_tokens', ({ sum }) => sum.unpricedTokens],
  ['responses', ({ sum }) => sum.responses],
  ['web_searches', ({ sum }) => sum.webSearches],
  ['agent_said_usd', ({ sum }) => sum.saidUsd ?? 0],
  ['last_at', ({ lastAt }) => new Date(lastAt).toISOString()],
];

/** The rows of a report with a head (RFC 4180); numbers as they are, unrounded. */
export function spendCsv(rows: readonly SpendRow[]): string {
  return [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, cell]) => cell(row)))].map(line).join('');
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

/** A text that a spreadsheet would run as a formula gets an apostrophe in front: an agent may have chosen it. */
function cellText(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
