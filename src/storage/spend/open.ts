import { claudeUsage } from '../../agents/claude-code/usage.ts';
import { codexUsage } from '../../agents/codex/usage.ts';
import { copilotUsage } from '../../agents/copilot-cli/usage.ts';
import { geminiUsage } from '../../agents/gemini/usage.ts';
import { opencodeUsage } from '../../agents/opencode/usage.ts';
import { clineUsage } from '../../agents/cline/usage.ts';
import { qwenUsage } from '../../agents/qwen/usage.ts';
import type { Home } from '../home.ts';
import { workspaceRoot } from '../surroundings.ts';
import { watchPrices } from './price-watch.ts';
import { allRecords, type RecordFile } from './record-places.ts';
import { SpendIndex } from './spend-index.ts';

/** This machine's index. `records`: those to look at, instead of every agent's; `path`: where the sums are kept, instead of at home. */
export function openSpend(home: Home, records: () => readonly RecordFile[] = () => allRecords([]), path = home.spend): SpendIndex {
  return new SpendIndex({
    path,
    readers: [claudeUsage, codexUsage, geminiUsage, qwenUsage, opencodeUsage, copilotUsage, clineUsage],
    records,
    workspaceOf: workspaceRoot,
    prices: watchPrices(home),
    now: Date.now,
  });
}
