import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { copilotUsage } from '../../../src/agents/copilot-cli/usage.ts';
import type { UsageFact } from '../../../src/engine/spend/fact.ts';
import { countedOnce, linesFor, summed, sumsOf } from '../counted.ts';

/** Two runs of a session with subagents of subagents and a compaction, as the client wrote them down, without what was said. */
const records = join(import.meta.dirname, '..', '..', 'fixtures', 'copilot-cli', 'records-1.0.102');
const session = '8e62b304-79f1-4561-b9bc-d49ef4f178bd';
const text = readFileSync(join(records, '.copilot', 'session-state', session, 'events.jsonl'), 'utf8');
const lines = linesFor(copilotUsage, text);

const usage = z.object({ input: z.number(), cached: z.number(), output: z.number() });
const ledger = z.array(z.object({ owner: z.string(), usage }));
const entries = z.parse(ledger, JSON.parse(readFileSync(join(records, 'ledger.json'), 'utf8')));

function factsOf(place = session, stopAt = Infinity): readonly UsageFact[] {
  const file = { session: place, subagent: '' };
  const first = copilotUsage.open(file);
  const facts = lines.slice(0, stopAt).flatMap(first.read);
  return [...facts, ...lines.slice(stopAt).flatMap(copilotUsage.open(file, first.state()).read)];
}

test.each([session, ''])('every token is counted once, and as whose it is (the place names "%s")', (place) => {
  const facts = factsOf(place);
  const labels = new Map(facts.flatMap((fact) => (fact.kind === 'label' ? [[fact.subagent, fact.label] as const] : [])));
  const counted = countedOnce(facts).map((fact) => ({ ...fact, subagent: labels.get(fact.subagent) ?? fact.subagent }));
  expect(sumsOf(counted)).toEqual(
    summed(
      entries.map(({ owner, usage: { input, cached, output } }) => [
        `${names.get(owner) ?? session} gpt-5-mock`,
        [input - cached, cached, 0, output],
      ]),
    ),
  );
  expect(new Set(counted.map((fact) => `${fact.session} ${fact.cwd}`))).toEqual(new Set([`${session} /home/dev/project`]));
});

/** What the model called its subagents. */
const names = new Map([
  ['sub', 'n1'],
  ['nested', 'n2'],
]);

test('where reading stops and goes on changes nothing', () => {
  for (let stopAt = 0; stopAt <= lines.length; stopAt += 1) expect(factsOf(session, stopAt)).toEqual(factsOf());
});

test('in a copy, what another session asked for is the other’s', () => {
  const copied = factsOf('0e62b304-79f1-4561-b9bc-d49ef4f178bd');
  expect(
    countedOnce([...copied, ...factsOf()]).filter((fact) => fact.session !== session && fact.subagent === '' && fact.key.includes(' ')),
  ).toEqual([]);
  expect(countedOnce([...copied, ...factsOf()])).toHaveLength(countedOnce(factsOf()).length);
});

const event = (data: object, rest: object = {}) =>
  JSON.stringify({ type: 'session.usage_record', data, id: 'e', timestamp: '2026-11-29T02:00:00.000Z', parentId: null, ...rest });

test.each([
  [
    'what went to the cache is part of the input',
    { inputTokens: 1500, outputTokens: 70, cacheReadTokens: 200, cacheWriteTokens: 300 },
    [1000, 200, 300, 70],
  ],
  ['nothing is less than nothing', { inputTokens: 100, outputTokens: 1, cacheReadTokens: 200, cacheWriteTokens: 300 }, [0, 100, 0, 1]],
  ['what is not said is none', { inputTokens: 7 }, [7, 0, 0, 0]],
])('%s', (_, tokens, expected) => {
  const { read } = copilotUsage.open({ session: 's', subagent: '' });
  expect(sumsOf(countedOnce(read(event({ usage: { model: 'm', ...tokens } }))))).toEqual({ 's m': expected });
});

const compaction = { compactionAttemptId: 'c', compactionTokensUsed: { model: 'm', inputTokens: 90, outputTokens: 5, requestCount: 9 } };

test('of a compaction in several requests, the price is that of one of them', () => {
  const { read } = copilotUsage.open({ session: 's', subagent: '' });
  expect(read(event(compaction, { type: 'session.compaction_complete' }))).toMatchObject([{ key: 'c', prompt: 10, tokens: { input: 90 } }]);
});

test('a compaction whose requests were recorded one by one is not counted again', () => {
  const { read } = copilotUsage.open({ session: 's', subagent: '' });
  read(event({ usage: { model: 'm', inputTokens: 90, outputTokens: 5, interactionType: 'conversation-compaction' } }));
  expect(read(event(compaction, { type: 'session.compaction_complete' }))).toEqual([]);
});

test('what cannot be read says nothing', () => {
  const { read } = copilotUsage.open({ session: 's', subagent: '' });
  for (const line of [
    '',
    '{',
    'null',
    '[]',
    '{"type":"session.usage_record"}',
    event({ usage: { model: 'm', inputTokens: '7' } }),
    event({ usage: { model: 'm', inputTokens: 7 } }, { timestamp: 'yesterday' }),
    event({ success: false }, { type: 'session.compaction_complete' }),
  ])
    expect(read(line)).toEqual([]);
});
