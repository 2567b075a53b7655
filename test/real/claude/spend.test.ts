import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { amounts, withAdvice, type LedgerEntry, type Usage } from '../../lab/claude/model-ledger.ts';
import { recordedText, runSpendScenarios, type SpentSessions } from '../../lab/claude/spend-scenarios.ts';
import { count, type Counted } from '../../lab/spend/counted.ts';
import type { SpendRow } from '../../../src/engine/spend/report.ts';

/** What the stand-in served is the truth; our counter has only the real client's transcripts. */

let lab: SpentSessions;
let counted: Counted;
/** The transcripts as they are, whoever reads them how. */
let transcripts: string;

beforeAll(async () => {
  lab = await runSpendScenarios();
  counted = count({ CLAUDE_CONFIG_DIR: configOf(lab) });
  transcripts = recordedText(lab.scratch);
});
afterAll(async () => {
  counted[Symbol.dispose]();
  await lab[Symbol.asyncDispose]();
});

const hiding = ['searched', 'compacted', 'hooked'];
const itemised = ['plain', 'team', 'resumed', 'forked', 'fast', 'regional', 'advised', 'long', 'unknown', 'gateway', 'killed'];
const scenarios = [...itemised, ...hiding];

test('these are all the sessions, and each was served', () => {
  expect(Object.keys(lab.sessions).toSorted()).toEqual(scenarios.toSorted());
  const served = new Set(lab.ledger.map(({ session }) => session));
  expect([...served].toSorted()).toEqual(Object.values(lab.sessions).toSorted());
});

test.each(scenarios)('%s: every subagent has the tokens it was served, to the token', (name) => {
  const held = heldBy(name);
  expect(tokensBy(counted.rows('subagent', idOf(name)))).toEqual(servedBy(held, ({ subagent }) => subagent));
});

test.each(scenarios)('%s: every model has the tokens it was served, to the token', (name) => {
  const rows = Object.entries(counted.rows('model', idOf(name))).filter(([, row]) => row.sum.responses > 0);
  expect(tokensBy(Object.fromEntries(rows))).toEqual(servedBy(heldBy(name), ({ model }) => model));
});

test.each(hiding)('%s: what the transcript does not say is told as not itemised, to the token', (name) => {
  const hidden = entriesOf(name).filter((entry) => !isHeld(entry));
  expect(hidden.length).toBeGreaterThan(0);
  const { notItemisedTokens, notItemisedUsd } = sumOf(name);
  expect(notItemisedTokens).toBe(sum(hidden.flatMap(({ usage }) => amounts(usage))));
  expect(notItemisedUsd).toBeCloseTo(handUsd(hidden), 5);
});

test.each(itemised)('%s: nothing is said to be hidden where nothing was', (name) => {
  const { notItemisedTokens = 0, notItemisedUsd } = sumOf(name);
  expect([notItemisedTokens, notItemisedUsd]).toEqual([0, expect.closeTo(0, 6)]);
});

const priced = scenarios.filter((name) => name !== 'unknown');
test.each(priced)('%s: it costs what a hand computes from the ledger, to $0.00001', (name) => {
  // Nobody was told how the answer ended that was cut off, so no record says what it cost.
  const told = entriesOf(name).filter(({ complete }) => complete);
  expect(sumOf(name).usd).toBeCloseTo(handUsd(told), 5);
  expect(sumOf(name).unpricedTokens).toBe(0);
});

test.each(priced.filter((name) => name !== 'killed'))('%s: the client itself says the same, without what a fork copied', (name) => {
  const copied = name === 'forked' ? heldBy('resumed').filter(({ messageId }) => transcriptOf(name).includes(messageId)) : [];
  expect(copied).toHaveLength(name === 'forked' ? 3 : 0);
  expect(sumOf(name).usd).toBeCloseTo(clientSays(name) - handUsd(copied), 5);
});

test('the client contradicts none of our prices', () => {
  expect(counted.report('model').stale).toBeUndefined();
});

test('an unknown model has no price: its tokens are named, and never cost nothing', () => {
  const tokens = sum(heldBy('unknown').flatMap(({ usage }) => amounts(usage)));
  expect(sumOf('unknown')).toMatchObject({ usd: 0, unpricedTokens: tokens });
  expect(counted.report('model').unpriced).toEqual([{ model: 'acme-coder-9', tokens }]);
});

test('what a session’s subagents used is part of what the session used', () => {
  const total = sum(Object.values(tokensBy(counted.rows('subagent', idOf('team')))).flat());
  expect(total).toBe(sum(heldBy('team').flatMap(({ usage }) => amounts(usage))));
});

test('copied elsewhere, the fork before its parent: what the fork copied is still its parent’s', () => {
  using copied = copiedForkFirst();
  using anew = count({ CLAUDE_CONFIG_DIR: copied.config });
  for (const name of ['forked', 'resumed'])
    expect(tokensBy(anew.rows('model', idOf(name)))).toEqual(servedBy(heldBy(name), ({ model }) => model));
});

test.each(['UTC', 'America/Los_Angeles', 'Asia/Tokyo', 'Asia/Kathmandu'])(
  'each day by the clocks of %s has its own responses',
  (timeZone) => {
    using moved = movedOverDays();
    using days = count({ CLAUDE_CONFIG_DIR: moved.config });
    const steps = days.report('session', { timeZone }).steps.filter(({ sum: { responses } }) => responses > 0);
    const cells = Object.fromEntries(steps.map(({ start, sum: { tokens } }) => [dayOf(start, timeZone), Object.values(tokens)]));
    expect(cells).toEqual(moved.served(timeZone));
    expect(Object.keys(cells).length).toBeGreaterThan(6);
  },
);

/* The truth */

function idOf(name: string): string {
  return lab.sessions[name] ?? '';
}

function entriesOf(name: string): readonly LedgerEntry[] {
  return lab.ledger.filter(({ session }) => session === idOf(name));
}

/** A response that some transcript speaks of. */
function isHeld({ messageId }: LedgerEntry): boolean {
  return transcripts.includes(`"id":"${messageId}"`);
}

function heldBy(name: string): readonly LedgerEntry[] {
  return entriesOf(name).filter(isHeld).flatMap(withAdvice);
}

function servedBy(entries: readonly LedgerEntry[], key: (entry: LedgerEntry) => string): Readonly<Record<string, readonly number[]>> {
  const groups = Object.groupBy(entries, key);
  return Object.fromEntries(Object.entries(groups).map(([name, group = []]) => [name, columns(group.map(({ usage }) => amounts(usage)))]));
}

function columns(rows: readonly (readonly number[])[]): readonly number[] {
  return [0, 1, 2, 3, 4].map((column) => sum(rows.map((row) => row[column] ?? 0)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * US dollars per million tokens, in the order of `amounts`. Source: Anthropic's price list of November 2026, by hand; the client's own
 * sums are held against them above.
 */
const rates: Readonly<Record<string, readonly number[]>> = {
  'claude-sonnet-5': [2, 10, 0.2, 2.5, 4],
  'claude-sonnet-5-5': [2, 10, 0.1, 2.5, 4],
  'claude-opus-5-5': [4, 20, 0.2, 5, 8],
  'claude-haiku-5-5': [0.1, 0.5, 0.01, 0.125, 0.2],
};

function handUsd(entries: readonly LedgerEntry[]): number {
  return sum(entries.flatMap(withAdvice).map(({ model, usage }) => requestUsd(model, usage)));
}

function requestUsd(model: string, usage: Usage): number {
  const tokens = amounts(usage);
  const prompt = sum(tokens) - usage.output_tokens;
  const dearer = model === 'claude-haiku-5-5' && prompt > 100_000 ? 5 : 1;
  const fast = usage.speed === 'fast' ? 2 : 1;
  const region = usage.inference_geo === 'us' ? 1.1 : 1;
  const perMillion = sum(tokens.map((amount, column) => amount * (rates[model]?.[column] ?? NaN)));
  return (perMillion / 1e6) * dearer * fast * region + (usage.server_tool_use?.web_search_requests ?? 0) * 0.01;
}

const costState = z.object({ type: z.literal('cost-state'), totalCostUSD: z.number() });

/** What the session's own transcript ends with. */
function clientSays(name: string): number {
  const line = transcriptOf(name)
    .split('\n')
    .findLast((text) => text.startsWith('{"type":"cost-state"'));
  return z.parse(costState, JSON.parse(line ?? '{}')).totalCostUSD;
}

function transcriptOf(name: string): string {
  const file = transcriptFiles(configOf(lab)).find((path) => basename(path) === `${idOf(name)}.jsonl`);
  return readFileSync(file ?? '', 'utf8');
}

/* What we counted */

function sumOf(name: string) {
  return counted.report('session', { session: idOf(name) }).total;
}

function tokensBy(rows: Readonly<Record<string, SpendRow>>): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    Object.entries(rows).map(
      ([
        key,
        {
          sum: { tokens },
        },
      ]) => [key, Object.values(tokens)],
    ),
  );
}

function configOf({ scratch }: SpentSessions): string {
  return join(scratch.home, '.claude');
}

function transcriptFiles(config: string): readonly string[] {
  const projects = join(config, 'projects');
  const names = readdirSync(projects, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  return names.map((name) => join(projects, name));
}

/* The same records, elsewhere and at other times */

interface Copied extends Disposable {
  readonly config: string;
}

function copiedForkFirst(): Copied {
  const config = mkdtempSync(join(tmpdir(), 'cs-copied-'));
  const files = transcriptFiles(configOf(lab)).toSorted((a, b) => rank(a) - rank(b));
  for (const file of files) cpSync(file, join(config, relative(configOf(lab), file)));
  return { config, [Symbol.dispose]: () => rmSync(config, { recursive: true, force: true }) };
}

function rank(file: string): number {
  return file.includes(idOf('forked')) ? 0 : file.includes(idOf('resumed')) ? 2 : 1;
}

interface MovedSessions extends Copied {
  readonly served: (timeZone: string) => Readonly<Record<string, readonly number[]>>;
}

const timestamp = /"timestamp":"([^"]+)"/g;

/** The same transcripts, each session some hours later than the one before, and the first with its midnight between two answers. */
function movedOverDays(): MovedSessions {
  const config = mkdtempSync(join(tmpdir(), 'cs-days-'));
  cpSync(join(configOf(lab), 'projects'), join(config, 'projects'), { recursive: true });
  const shifts = new Map(scenarios.map((name, n) => [idOf(name), shiftOf(name, n)]));
  for (const file of transcriptFiles(config)) {
    const shift = [...shifts].find(([session]) => file.includes(session))?.[1] ?? 0;
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replaceAll(timestamp, (_, at: string) => `"timestamp":"${new Date(Date.parse(at) + shift).toISOString()}"`),
    );
  }
  return {
    config,
    served: (timeZone) => servedBy(scenarios.flatMap(heldBy), (entry) => dayOf(timeOf(entry, shifts), timeZone)),
    [Symbol.dispose]: () => rmSync(config, { recursive: true, force: true }),
  };
}

function shiftOf(name: string, n: number): number {
  // What a fork copied has its first time.
  if (name === 'forked') return shiftOf('resumed', scenarios.indexOf('resumed'));
  const [first = 0, last = 0] = [entriesOf(name)[0], entriesOf(name).at(-1)].map((entry) => (entry ? saidAt(entry) : 0));
  return name === 'plain' ? Date.UTC(2026, 9, 25) - (first + last) / 2 : Date.UTC(2026, 9, 26, 13 * n, 40) - first;
}

function timeOf(entry: LedgerEntry, shifts: ReadonlyMap<string, number>): number {
  return saidAt(entry) + (shifts.get(entry.session) ?? 0);
}

/** When its own session wrote it down. */
function saidAt({ messageId, session, subagent }: LedgerEntry): number {
  const file = transcriptFiles(configOf(lab)).find((path) => path.includes(subagent === '' ? `${session}.jsonl` : `agent-${subagent}`));
  const lines = readFileSync(file ?? '', 'utf8').split('\n');
  const line = lines.find((text) => text.includes(`"id":"${messageId}"`)) ?? '';
  return Date.parse([...line.matchAll(timestamp)].at(-1)?.[1] ?? '');
}

function dayOf(at: number, timeZone: string): string {
  return new Date(at).toLocaleDateString('en-CA', { timeZone });
}
