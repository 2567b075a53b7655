import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { homeOf } from '../../../../src/storage/home.ts';
import { readPrices } from '../../../../src/storage/prices.ts';
import { runSpendScenarios } from '../../../lab/claude/spend-scenarios.ts';
import { count } from '../../../lab/spend/counted.ts';

// Runs where /etc is a copy that nobody else sees: says on stdout what the real client and we say that sessions cost with an
// organisation's prices in managed settings.

const dropIns = '/etc/claude-code/managed-settings.d';
const row = { input: 3, output: 11, cacheRead: 0.7, cacheWrite: 5 };
mkdirSync(dropIns, { recursive: true });
writeFileSync('/etc/claude-code/managed-settings.json', JSON.stringify({ modelPricing: { multiplier: 0.85 } }));
writeFileSync(
  join(dropIns, '10-prices.json'),
  JSON.stringify({ modelPricing: { overrides: { 'Claude-Opus-5-5': row, 'ACME-coder-9': row, 'claude-sonnet-5': { input: 1 } } } }),
);

await using lab = await runSpendScenarios(['plain', 'fast', 'regional', 'searched', 'unknown', 'resumed']);
const home = homeOf({ COUNTERSIGN_HOME: join(lab.scratch.dir, 'countersign') });
const claude = join(lab.scratch.home, '.claude');
using counted = count({ CLAUDE_CONFIG_DIR: claude }, readPrices(home, join(lab.scratch.home, '.claude.json')));

// As it were if nobody had told us of the organisation.
using listed = count({ CLAUDE_CONFIG_DIR: claude });
const costState = z.object({ totalCostUSD: z.number() });
const files = readdirSync(join(claude, 'projects'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));

function clientSays(session: string): number {
  const file = files.find((name) => name.endsWith(`${session}.jsonl`)) ?? '';
  const line = readFileSync(join(claude, 'projects', file), 'utf8')
    .split('\n')
    .findLast((text) => text.startsWith('{"type":"cost-state"'));
  return z.parse(costState, JSON.parse(line ?? '{}')).totalCostUSD;
}

const found = Object.entries(lab.sessions).map(([name, session]) => {
  const { total } = counted.report('session', { session });
  return { name, client: clientSays(session), ours: total.usd, itemised: total.usd - total.notItemisedUsd, unpriced: total.unpricedTokens };
});
const { said, stale } = listed.report('model');
process.stdout.write(`${JSON.stringify({ sessions: found, said, stale })}\n`);
