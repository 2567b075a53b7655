import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { codexUsage } from '../../../src/agents/codex/usage.ts';
import type { UsageFact } from '../../../src/engine/spend/fact.ts';
import { countedOnce, factsIn, linesFor, responses, summed, sumsOf, type Sums } from '../counted.ts';

/** Rollouts that real clients wrote, each beside the ledger of the server that answered them. */
const recordings = join(import.meta.dirname, '..', '..', 'fixtures', 'codex');
const versions = ['0.64.0', '0.104.0', '0.142.0', '0.156.0', '0.171.0'];

const ledgerSchema = z.array(
  z.object({
    thread: z.string(),
    model: z.string(),
    usage: z.object({ input: z.number(), cached: z.number(), cacheWrite: z.number(), output: z.number() }),
  }),
);

test.each(versions)('what %s recorded adds up to what was served, per thread and model', (version) => {
  expect(sumsOf(countedOnce(filesOf(version).flatMap(readAll)))).toEqual(served(version));
});

test.each(versions)('a fork of %s whose parent comes later, or is read line by line by a new reader each time: the same', (version) => {
  expect(sumsOf(countedOnce(filesOf(version).toReversed().flatMap(readHaltingly)))).toEqual(served(version));
});

test('a subagent counts toward the session that began it, under the name that people see', () => {
  const facts = filesOf('0.171.0').flatMap(readAll);
  const label = facts.find((fact) => fact.kind === 'label');
  expect(label).toMatchObject({ label: expect.stringMatching(/^\w+$/), subagent: expect.stringMatching(/.{36}/) });
  const sessions = new Set(responses(facts).flatMap(({ subagent, session }) => (subagent === label?.subagent ? session : [])));
  expect([...sessions]).toEqual([label?.session]);
});

const usage = { input_tokens: 100, cached_input_tokens: 60, cache_write_input_tokens: 10, output_tokens: 5, reasoning_output_tokens: 2 };
const nothing = line('event_msg', { type: 'token_count', info: null });

test('what went into the cache or came from it is part of the input, and is told apart', () => {
  const [fact] = read([meta('a'), turn('gpt'), total(usage)]);
  expect(fact).toMatchObject({
    tokens: { input: 30, cacheRead: 60, cacheWrite5m: 10, cacheWrite1h: 0, output: 5 },
    model: 'gpt',
    session: 'a',
  });
});

test.each<[string, string[], number]>([
  ['the same total again', [total(usage), total(usage)], 1],
  ['the same total again, after a turn began', [total(usage), turn('gpt'), total(usage)], 1],
  ['the same total from a new process, which starts anew', [total(usage), nothing, total(usage)], 2],
  ['a record beside its total', [recorded('resp_0123456789abcdef'), total(usage)], 1],
  ['two records of the same response', [recorded('resp_0123456789abcdef'), recorded('resp_0123456789abcdef')], 1],
  ['two responses with the same number, of a server that imitates', [recorded('resp_1', 1), recorded('resp_1', 2)], 2],
  ['half a line', [total(usage).slice(0, 60)], 0],
  ['a total that is none', [nothing], 0],
])('%s', (_, lines, count) => {
  expect(countedOnce(read([meta('a'), turn('gpt'), ...lines]))).toHaveLength(count);
});

test('before turns had ids, what a fork writes at once is its parent’s, and what comes later its own', () => {
  const larger = { ...usage, input_tokens: 300 };
  const parent = read([meta('a'), turn('gpt'), total(usage)]);
  const fork = read([meta('b'), meta('a'), turn('gpt'), total(usage), turn('gpt', 5), total(larger, 5)]);
  expect(sumsOf(countedOnce([...fork, ...parent]))).toEqual({ 'a gpt': [30, 60, 10, 5], 'b gpt': [230, 60, 10, 5] });
});

function read(lines: readonly string[]): readonly UsageFact[] {
  return factsIn(codexUsage, lines.map((text) => `${text}\n`).join(''));
}

function meta(id: string): string {
  return line('session_meta', { id, cwd: '/home/dev' });
}

function turn(model: string, second = 0): string {
  return line('turn_context', { model, cwd: '/home/dev' }, second);
}

function total(of: typeof usage, second = 0): string {
  return line('event_msg', { type: 'token_count', info: { total_token_usage: of, last_token_usage: of } }, second);
}

function recorded(id: string, soFar = 1): string {
  const thread_token_usage = { total_tokens: soFar };
  return line('token_usage_record', { thread_id: 'a', session_id: 'a', response_id: id, usage, thread_token_usage });
}

function line(type: string, payload: object, second = 0): string {
  return JSON.stringify({ timestamp: `2026-11-20T08:44:0${second}.000Z`, type, payload });
}

function filesOf(version: string): readonly string[] {
  const folder = join(recordings, version, 'sessions');
  return readdirSync(folder).flatMap((name) => (name.endsWith('.jsonl') ? join(folder, name) : []));
}

function readAll(file: string): readonly UsageFact[] {
  return factsIn(codexUsage, readFileSync(file, 'utf8'));
}

function readHaltingly(file: string): readonly UsageFact[] {
  let state: string | undefined;
  return linesFor(codexUsage, readFileSync(file, 'utf8')).flatMap((text) => {
    const reader = codexUsage.open({ session: '', subagent: '' }, state);
    const facts = reader.read(text);
    state = reader.state();
    return facts;
  });
}

function served(version: string): Sums {
  const ledger = z.parse(ledgerSchema, JSON.parse(readFileSync(join(recordings, version, 'ledger.json'), 'utf8')));
  return summed(
    ledger.map(({ thread, model, usage: { input, cached, cacheWrite, output } }) => [
      `${thread} ${model}`,
      [input - cached - cacheWrite, cached, cacheWrite, output],
    ]),
  );
}
