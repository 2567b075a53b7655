import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Figure } from '../bench.ts';
import { amounts, withAdvice } from '../../test/lab/claude/model-ledger.ts';
import { runSpendScenarios } from '../../test/lab/claude/spend-scenarios.ts';
import { installed } from '../../test/lab/install.ts';
import { count } from '../../test/lab/spend/counted.ts';

type PerSession = ReadonlyMap<string, number>;

/** How far each counter is from what was served, with the same transcripts of the real client. */
export async function measureSpendAccuracy(): Promise<readonly Figure[]> {
  await using lab = await runSpendScenarios();
  const config = join(lab.scratch.home, '.claude');
  const told = lab.ledger.filter(({ complete }) => complete).flatMap(withAdvice);
  const served = tally(told.map(({ session, usage }) => [session, sum(amounts(usage))]));
  const figures = [figure('ours', wrong(ourCount(config), served), 0)];
  const ccusage = installed('ccusage');
  return ccusage === undefined ? figures : [...figures, figure('ccusage', wrong(ccusageCount(ccusage, config, lab.scratch.home), served))];
}

function figure(whose: string, value: number, limit?: number): Figure {
  return { what: `tokens given to no session or the wrong one (${whose})`, value, unit: '%', ...(limit === undefined ? {} : { limit }) };
}

/** In per cent of what was served. */
function wrong(counted: PerSession, served: PerSession): number {
  const sessions = new Set([...counted.keys(), ...served.keys()]);
  const off = [...sessions].map((session) => Math.abs((counted.get(session) ?? 0) - (served.get(session) ?? 0)));
  return (100 * sum(off)) / sum([...served.values()]);
}

function ourCount(config: string): PerSession {
  using counted = count({ CLAUDE_CONFIG_DIR: config });
  return new Map(
    counted
      .report('session')
      .rows.map(({ key, sum: { tokens, notItemisedTokens = 0 } }) => [key, sum(Object.values(tokens)) + notItemisedTokens]),
  );
}

const ccusageReport = z.object({ session: z.array(z.object({ period: z.string(), totalTokens: z.number() })) });

function ccusageCount(program: string, config: string, home: string): PerSession {
  const env = { PATH: process.env['PATH'], HOME: home, CLAUDE_CONFIG_DIR: config };
  const text = execFileSync(program, ['session', '--json', '--offline'], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
  return new Map(z.parse(ccusageReport, JSON.parse(text)).session.map(({ period, totalTokens }) => [period, totalTokens]));
}

function tally(rows: readonly (readonly [string, number])[]): PerSession {
  const sums = new Map<string, number>();
  for (const [key, amount] of rows) sums.set(key, amount + (sums.get(key) ?? 0));
  return sums;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
