import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codexUsage } from '../../../src/agents/codex/usage.ts';

import type { CodexLedgerEntry } from '../../lab/codex/model.ts';
import { runCodexScenarios } from '../../lab/codex/spend-scenarios.ts';
import { installed } from '../../lab/install.ts';
import { countedOnce, factsIn, summed, sumsOf, type Sums } from '../../agents/counted.ts';

const binary = installed('codex');

test.skipIf(binary === undefined)('what the real Codex was served is what its rollouts say, per thread and model', async () => {
  await using lab = await runCodexScenarios(binary ?? '');
  const facts = rolloutsOf(lab.scratch.codexHome).flatMap((text) => factsIn(codexUsage, text));
  expect(sumsOf(countedOnce(facts))).toEqual(served(lab.ledger));
  // Subagents, which are threads of their own, count toward the session that began them.
  const sessions = new Set(countedOnce(facts).map(({ session }) => session));
  expect([...sessions].toSorted()).toEqual(Object.values(lab.threads).toSorted());
});

function rolloutsOf(codexHome: string): readonly string[] {
  const sessions = join(codexHome, 'sessions');
  const files = readdirSync(sessions, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  return files.map((name) => readFileSync(join(sessions, name), 'utf8'));
}

function served(ledger: readonly CodexLedgerEntry[]): Sums {
  return summed(
    ledger.map(({ thread, model, usage: { input, cached, cacheWrite, output } }) => [
      `${thread} ${model}`,
      [input - cached - cacheWrite, cached, cacheWrite, output],
    ]),
  );
}
