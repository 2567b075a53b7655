import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claudeUsage } from '../../../src/agents/claude-code/usage.ts';
import { clineUsage } from '../../../src/agents/cline/usage.ts';
import { codexUsage } from '../../../src/agents/codex/usage.ts';
import { copilotUsage } from '../../../src/agents/copilot-cli/usage.ts';
import { geminiUsage } from '../../../src/agents/gemini/usage.ts';
import { qwenUsage } from '../../../src/agents/qwen/usage.ts';
import { listPrices, listWebSearchUsd } from '../../../src/engine/spend/list-prices.ts';
import { pricesOf, type Prices } from '../../../src/engine/spend/price.ts';
import type { SpendKey, SpendReport, SpendRow } from '../../../src/engine/spend/report.ts';
import { allRecords } from '../../../src/storage/spend/record-places.ts';
import { SpendIndex } from '../../../src/storage/spend/spend-index.ts';

/** What our own counter says of agents' records. */
export interface Counted extends Disposable {
  readonly report: (by: SpendKey, asked?: { readonly session?: string; readonly timeZone?: string }) => SpendReport;
  /** The rows of a session: '' is its main agent. */
  readonly rows: (by: SpendKey, session: string) => Readonly<Record<string, SpendRow>>;
}

/** Counts everything below an agent's own folder: `CLAUDE_CONFIG_DIR` or `CODEX_HOME`; of others, below `HOME`. */
export function count(
  environment: { readonly CLAUDE_CONFIG_DIR?: string; readonly CODEX_HOME?: string; readonly HOME?: string },
  prices: Prices = pricesOf(listPrices, listWebSearchUsd),
): Counted {
  const nowhere = mkdtempSync(join(tmpdir(), 'cs-spend-'));
  const index = new SpendIndex({
    path: join(nowhere, 'spend.db'),
    readers: [claudeUsage, codexUsage, geminiUsage, qwenUsage, copilotUsage, clineUsage],
    records: () => allRecords([], { CLAUDE_CONFIG_DIR: nowhere, CODEX_HOME: nowhere, HOME: nowhere, ...environment }),
    workspaceOf: (cwd) => cwd,
    prices: () => prices,
    now: Date.now,
  });
  index.scan();
  while (!index.step(1_000));
  const always = { since: Date.UTC(2026, 8), until: Date.now() + 86_400_000, step: 'day', timeZone: 'UTC' } as const;
  const report: Counted['report'] = (by, asked) => index.report({ ...always, by, ...asked });
  return {
    report,
    rows: (by, session) => Object.fromEntries(report(by, { session }).rows.map((row) => [row.key, row])),
    [Symbol.dispose]: () => {
      index.close();
      rmSync(nowhere, { recursive: true, force: true });
    },
  };
}
