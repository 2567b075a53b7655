import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { summed, type Sums } from '../../agents/counted.ts';
import { count, type Counted } from '../../lab/spend/counted.ts';

/** Records that real clients wrote, without what was said, each beside the ledger of the server that answered them. */
const fixtures = join(import.meta.dirname, '..', '..', 'fixtures');

const tokens = z.object({
  input_tokens: z.number(),
  output_tokens: z.number(),
  cache_read_input_tokens: z.number(),
  cache_creation_input_tokens: z.number(),
  cache_creation: z.object({ ephemeral_1h_input_tokens: z.number() }),
});
const claudeLedger = z.array(
  z.object({ session: z.string(), model: z.string(), usage: tokens, complete: z.boolean(), recorded: z._default(z.boolean(), true) }),
);
/** `recorded`: the transcripts speak of it. */
type Entry = z.infer<typeof claudeLedger>[number];

const codexUsage = z.object({ input: z.number(), cached: z.number(), cacheWrite: z.number(), output: z.number() });
const codexLedger = z.array(z.object({ model: z.string(), usage: codexUsage }));

const exact = ['1.0.31', '1.0.128', '2.0.49', '2.1.75', '2.1.131', '2.1.300'];

test.each(exact)('Claude Code %s: every session has the tokens it was served, by model', (version) => {
  const { ledger, config } = recording(version);
  using counted = count({ CLAUDE_CONFIG_DIR: config });
  expect(countedBy(counted, ledger)).toEqual(servedBy(ledger));
  // Of an answer that was cut off when the client was killed, nobody was told the end.
  const cut = new Set(ledger.flatMap(({ session, complete }) => (complete ? [] : session)));
  expect(lowerBounds(counted)).toEqual([...cut]);
});

test.each(exact)('Claude Code %s: the same where the files were copied in another order', (version) => {
  const { ledger, config } = recording(version);
  using copy = copyOf(config);
  using counted = count({ CLAUDE_CONFIG_DIR: copy.config });
  expect(countedBy(counted, ledger)).toEqual(servedBy(ledger));
});

test('Claude Code 2.1.42 never wrote down how much came out: the rest is exact, and all of it is told as a lower bound', () => {
  const { ledger, config } = recording('2.1.42');
  using counted = count({ CLAUDE_CONFIG_DIR: config });
  const withoutOutput = (sums: Sums) =>
    Object.fromEntries(Object.entries(sums).map(([key, [input, , ...rest]]) => [key, [input, ...rest]]));
  expect(withoutOutput(countedBy(counted, ledger))).toEqual(withoutOutput(servedBy(ledger)));
  expect(lowerBounds(counted).toSorted()).toEqual([...new Set(ledger.map(({ session }) => session))].toSorted());
});

test('what a session used besides is what was served besides, also where its sum does not tell how long was cached', () => {
  const { hidden, config } = recording('2.1.300');
  using counted = count({ CLAUDE_CONFIG_DIR: config });
  const besides = counted.report('session').rows.flatMap(({ key, sum }) => (sum.notItemisedTokens ? [[key, sum.notItemisedTokens]] : []));
  const served = summed(hidden.map(({ session, usage }) => [session, [amounts(usage).reduce((sum, amount) => sum + amount, 0)]]));
  expect(Object.fromEntries(besides)).toEqual(Object.fromEntries(Object.entries(served).map(([session, [all]]) => [session, all])));
});

test.each(['0.64.0', '0.104.0', '0.142.0', '0.156.0', '0.171.0'])('Codex %s: every model has the tokens that were served', (version) => {
  const home = join(fixtures, 'codex', version);
  using counted = count({ CODEX_HOME: home });
  const models = counted.report('model').rows.map(({ key, sum }) => [key, Object.values(sum.tokens)]);
  expect(Object.fromEntries(models)).toEqual(
    servedByCodex(z.parse(codexLedger, JSON.parse(readFileSync(join(home, 'ledger.json'), 'utf8')))),
  );
});

const familyLedger = z.array(
  z.object({ model: z.string(), usage: z.object({ input: z.number(), cached: z.number(), output: z.number(), thoughts: z.number() }) }),
);

/** Gemini's interface tells thoughts beside the output; the one that Qwen Code speaks tells them in it. */
test.each([
  ['gemini-cli', 'records-0.61.0', 1],
  ['qwen-code', 'records-0.24.4', 0],
])('%s, %s: every model has the tokens that were served', (agent, folder, thoughtsBesides) => {
  const home = join(fixtures, agent, folder);
  using counted = count({ HOME: home });
  const served = z.parse(familyLedger, JSON.parse(readFileSync(join(home, 'ledger.json'), 'utf8')));
  const models = counted.report('model').rows.map(({ key, sum }) => [key, Object.values(sum.tokens)]);
  expect(Object.fromEntries(models)).toEqual(
    summed(
      served.map(({ model, usage: { input, cached, output, thoughts } }) => [
        model,
        [input - cached, output + thoughtsBesides * thoughts, cached, 0, 0],
      ]),
    ),
  );
  expect(counted.report('session').rows.length).toBe(1);
});

test('Copilot CLI 1.0.102: every model has the tokens that were served, compactions included', () => {
  const home = join(fixtures, 'copilot-cli', 'records-1.0.102');
  using counted = count({ HOME: home });
  const models = counted.report('model').rows.map(({ key, sum }) => [key, Object.values(sum.tokens)]);
  const served = z.parse(copilotLedger, JSON.parse(readFileSync(join(home, 'ledger.json'), 'utf8')));
  expect(Object.fromEntries(models)).toEqual(
    summed(served.map(({ model, usage: { input, cached, output } }) => [model, [input - cached, output, cached, 0, 0]])),
  );
  expect(counted.report('session').rows.length).toBe(1);
});

const copilotLedger = z.array(
  z.object({ model: z.string(), usage: z.object({ input: z.number(), cached: z.number(), output: z.number() }) }),
);

function lowerBounds(counted: Counted): readonly string[] {
  return counted.report('session').rows.flatMap(({ key, sum }) => (sum.isLowerBound ? key : []));
}

/** The last file first. */
function copyOf(config: string) {
  const copy = mkdtempSync(join(tmpdir(), 'cs-copy-'));
  const files = readdirSync(config, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  for (const file of files.toSorted().toReversed()) cpSync(join(config, file), join(copy, file));
  return { config: copy, [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true }) };
}

interface Recording {
  readonly config: string;
  readonly ledger: readonly Entry[];
  /** What no transcript speaks of. */
  readonly hidden: readonly Entry[];
}

function recording(version: string): Recording {
  const config = join(fixtures, 'claude-code', version);
  const entries = z.parse(claudeLedger, JSON.parse(readFileSync(join(config, 'ledger.json'), 'utf8')));
  return { config, ledger: entries.filter(({ recorded }) => recorded), hidden: entries.filter(({ recorded }) => !recorded) };
}

function countedBy(counted: Counted, ledger: readonly Entry[]): Sums {
  const sessions = new Set(ledger.map(({ session }) => session));
  const rows = [...sessions].flatMap((session) =>
    Object.entries(counted.rows('model', session)).map(([model, row]) => ({ session, model, row })),
  );
  const itemised = rows.filter(({ row }) => row.sum.responses > 0);
  return Object.fromEntries(itemised.map(({ session, model, row }) => [`${session} ${model}`, Object.values(row.sum.tokens)]));
}

function servedBy(ledger: readonly Entry[]): Sums {
  return summed(ledger.map(({ session, model, usage }) => [`${session} ${model}`, amounts(usage)]));
}

function servedByCodex(ledger: z.infer<typeof codexLedger>): Sums {
  return summed(
    ledger.map(({ model, usage: { input, cached, cacheWrite, output } }) => [
      model,
      [input - cached - cacheWrite, output, cached, cacheWrite, 0],
    ]),
  );
}

/** In the order of `Tokens`. */
function amounts(usage: Entry['usage']): readonly number[] {
  const long = usage.cache_creation.ephemeral_1h_input_tokens;
  return [usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens - long, long];
}
