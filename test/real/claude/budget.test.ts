import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { listPrices, listWebSearchUsd } from '../../../src/engine/spend/list-prices.ts';
import { costOf, pricesOf } from '../../../src/engine/spend/price.ts';
import { startPrint } from '../../lab/claude/client.ts';
import type { Marker } from '../../lab/claude/marker.ts';
import { bash, type Script } from '../../lab/claude/model.ts';
import type { LedgerEntry } from '../../lab/claude/model-ledger.ts';
import { until } from '../../lab/editor/until.ts';
import { govern, lastWord, type Governed } from './governed.ts';

const session = '00000000-0000-4000-8000-000000000005';
const entriesSchema = z.array(z.object({ entry: z.object({ kind: z.string(), reason: z.optional(z.string()) }) }));

/** A governor that runs before the session begins: no call is refused for want of one. */
async function governWith(spec: string, script: (lab: Governed) => Script): Promise<Governed> {
  const text = `kind: BudgetPolicy\nmetadata: {name: lab-budget}\nspec: ${spec}\n`;
  const lab = await govern(script, { secondPolicy: { name: 'budget.yaml', text } });
  await lab.succeeds('sessions');
  return lab;
}

/** The same call, which leaves its line and fails; the model never gives up. */
const failing = (mark: Marker, step = 0) => bash(`${mark.command}; exit ${1 + step}`);

async function runaway(lab: Governed): Promise<number> {
  return (await startPrint(lab.scratch, { prompt: 'go', args: ['--session-id', session] }).done).exitCode;
}

async function budgetReasons(lab: Governed): Promise<readonly string[]> {
  const entries = z.parse(entriesSchema, JSON.parse(await lab.succeeds('audit', 'list', '--json', '--session', session)));
  return entries.flatMap(({ entry }) => (entry.kind === 'budget' ? [entry.reason ?? ''] : []));
}

test.each<[string, string, (mark: Marker, step: number) => ReturnType<typeof bash>, string]>([
  ['the same failing call for ever', '{loop: {sameCall: 3, within: 10m, onLimit: kill}}', (mark) => failing(mark), 'the same arguments'],
  ['other calls that all fail', '{failures: {consecutive: 3, onLimit: kill}}', failing, 'the last 3 calls failed'],
  ['calls without an end', '{limits: [{per: session, calls: 3, onLimit: kill}]}', failing, '3 of 3 calls made'],
])('a runaway session is stopped, and nothing runs after that: %s', async (_, spec, turn, reason) => {
  await using lab = await governWith(spec, (governed) => (ask) => turn(governed.mark('allowed'), ask.step));
  await runaway(lab);
  expect(lab.mark('allowed').runs()).toBe(3);
  // Whatever else the model still asked for was refused, or never answered.
  expect(lab.model.calls().filter(({ isError, text }) => isError === false || text?.includes('Exit code') === true)).toHaveLength(3);
  expect(await budgetReasons(lab)).toEqual([expect.stringContaining(reason)]);
  expect(await lab.call('sessions', {})).toMatchObject([{ id: session, state: 'killed' }]);
});

const prices = pricesOf(listPrices, listWebSearchUsd);
const cost = ({ model, usage }: LedgerEntry): number => {
  const {
    input_tokens: input,
    output_tokens: output,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite5m,
  } = usage;
  const tokens = { input, output, cacheRead, cacheWrite5m, cacheWrite1h: 0 };
  return costOf({ terms: { model, band: 0, speed: 'standard', region: '' }, at: Date.now(), tokens, webSearches: 0 }, prices) ?? NaN;
};

test('a session with $0.05 is stopped by the response that spends the last of it: its call does not run', async () => {
  const usage = { input_tokens: 900, output_tokens: 400 };
  await using lab = await governWith('{limits: [{per: session, costUsd: 0.05, onLimit: kill}]}', (governed) => (ask) => ({
    ...failing(governed.mark('allowed'), ask.step),
    usage,
  }));
  await runaway(lab);
  const responses = lab.model.ledger.filter((entry) => entry.session === session && entry.usage.output_tokens === 400);
  const spent = responses.map((_, index) => responses.slice(0, index + 1).reduce((sum, entry) => sum + cost(entry), 0));
  // Every response but the last left something; the last one is all that it overshot.
  expect(spent.filter((usd) => usd >= 0.05)).toHaveLength(1);
  expect(spent.length).toBeGreaterThan(2);
  expect(lab.mark('allowed').runs()).toBe(responses.length - 1);
  const [standing] = await lab.call('budgets', {});
  expect(standing).toMatchObject({ policy: 'lab-budget', per: 'session', subject: session, unit: 'usd', limit: 0.05 });
  expect(standing?.used).toBeCloseTo(spent.at(-1) ?? NaN, 6);
});

test('a person raises the limit of a session that waits, and it goes on by that much', async () => {
  const usage = { input_tokens: 100, output_tokens: 100, cache_read_input_tokens: 800 };
  await using lab = await governWith(
    '{limits: [{per: session, tokens: 2000, onLimit: require_approval, alertAt: [40%]}]}',
    (governed) => (ask) => (ask.step < 4 ? { ...governed.mark(`allowed-${ask.step}`).turn, usage } : { text: lastWord }),
  );
  const { done } = startPrint(lab.scratch, { prompt: 'go', args: ['--session-id', session] });
  const asked = await lab.question(lab.mark('allowed-1'));
  expect(asked.reason).toContain(
    '2,000 of 2,000 tokens used in this session. Approving raises the limit by 500 tokens to 2,500 tokens, once.',
  );
  expect(lab.mark('allowed-1').runs()).toBe(0);
  await lab.answer(asked.id, 'approved');
  const again = await lab.question(lab.mark('allowed-2'));
  expect(again.reason).toContain(
    '3,000 of 2,500 tokens used in this session. Approving raises the limit by 1,000 tokens to 3,500 tokens, once.',
  );
  await lab.answer(again.id, 'denied', 'Enough.');
  const last = await lab.question(lab.mark('allowed-3'));
  await lab.answer(last.id, 'denied', 'Enough.');
  expect((await done).stdout).toContain(lastWord);
  expect([0, 1, 2, 3].map((step) => lab.mark(`allowed-${step}`).runs())).toEqual([1, 1, 0, 0]);
  await until('the raise to be in the log', async () =>
    (await budgetReasons(lab)).some((reason) => / raises the limit by 500 tokens/.test(reason)),
  );
});

test('what a subagent spends counts toward its session, and its calls stop with it', async () => {
  const usage = { input_tokens: 500, output_tokens: 500 };
  await using lab = await governWith('{limits: [{per: session, tokens: 4000, onLimit: kill}]}', (governed) => (ask) => {
    if (ask.subagent !== '') return { ...failing(governed.mark('allowed-inside'), ask.step), usage };
    const task = { description: 'Go on', prompt: 'go on for ever', subagent_type: 'general-purpose', run_in_background: false };
    return ask.step === 0 ? { calls: [{ name: 'Agent', input: task }], usage } : { ...governed.mark('allowed-after').turn, usage };
  });
  await runaway(lab);
  // The session itself used the first thousand; the fourth is that of the response whose call no longer ran.
  expect(lab.mark('allowed-inside').runs()).toBe(2);
  expect(lab.mark('allowed-after').runs()).toBe(0);
  expect(await lab.call('sessions', {})).toMatchObject([{ id: session, state: 'killed' }]);
  const [standing] = await lab.call('budgets', {});
  expect(standing).toMatchObject({ per: 'session', subject: session, limit: 4000 });
  // The session may have heard of its subagent's end before its own.
  expect([4000, 5000]).toContain(standing?.used);
});
