import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { startPrint } from '../../lab/claude/client.ts';
import { bash } from '../../lab/claude/model.ts';
import { amounts } from '../../lab/claude/model-ledger.ts';
import { until } from '../../lab/editor/until.ts';
import { openTerminal } from '../../lab/claude/terminal.ts';
import { govern, type Governed } from './governed.ts';

const session = '00000000-0000-4000-8000-000000000006';
const printed = z.object({ env: z.record(z.string(), z.string()) });

interface NotItemised {
  readonly tokens: number;
  readonly usd: number;
  /** The session's own sum tells of these, single requests do not. */
  readonly webSearches: number;
}

async function notItemised(lab: Governed): Promise<NotItemised> {
  const always = { since: 0, until: Date.now() + 86_400_000, step: 'day', timeZone: 'UTC' } as const;
  const { total } = await lab.call('spend', { ...always, by: 'session', session });
  return { tokens: total.notItemisedTokens ?? 0, usd: total.notItemisedUsd, webSearches: total.webSearches };
}

test('what a web search uses is known while the session runs, to the token, and no more of it when it has ended', async () => {
  // Searches, then asks a person: the session cannot end before it was looked at.
  await using lab = await govern((governed) => (ask) => {
    if (ask.tools.includes('web_search'))
      return { searches: ['one'], text: 'Found.', usage: { input_tokens: 700, output_tokens: 30, server_tool_use: searched } };
    const turns = [{ calls: [{ name: 'WebSearch', input: { query: 'the weather' } }] }, bash(governed.mark('asked').command)];
    return turns[ask.step] ?? {};
  });
  const searched = { web_search_requests: 1, web_fetch_requests: 0 };
  await lab.succeeds('sessions');
  const settings = z.parse(printed, JSON.parse(await lab.succeeds('spend', 'telemetry', 'on')));
  const run = startPrint(lab.scratch, { prompt: 'go', settings, args: ['--session-id', session, '--model', 'claude-sonnet-5'] });
  const { id } = await lab.question(lab.mark('asked'));
  const live = await until('what is hidden', async () => {
    const found = await notItemised(lab);
    return found.tokens > 0 ? found : undefined;
  });
  const served = lab.model.ledger.filter(({ usage }) => usage.input_tokens === 700);
  expect(served).toHaveLength(1);
  expect(live.webSearches).toBe(0);
  expect(live.tokens).toBe(served.flatMap(({ usage }) => amounts(usage)).reduce((sum, count) => sum + count, 0));
  expect(lab.mark('asked').runs()).toBe(0);

  await lab.answer(id, 'approved');
  expect((await run.done).exitCode).toBe(0);
  const ended = await until('the sum that the session told at its end', async () => {
    const found = await notItemised(lab);
    return found.webSearches > 0 ? found : undefined;
  });
  expect(ended.tokens).toBe(live.tokens);
  expect(ended.usd).toBeCloseTo(live.usd, 6);
});

test('a session that nobody has said a word to is proven by the hooks that its client told of', async () => {
  await using lab = await govern(() => []);
  await lab.succeeds('sessions');
  const settings = z.parse(printed, JSON.parse(await lab.succeeds('spend', 'telemetry', 'on')));
  await using _ = await openTerminal(lab.scratch, { settings });
  const proven = await until('what its client told', async () => {
    const found = (await lab.call('sessions', {}))[0]?.proven;
    return found !== undefined && 'by' in found && found.by !== 'start' ? found : undefined;
  });
  expect(proven).toMatchObject({ by: 'hooks' });
});
