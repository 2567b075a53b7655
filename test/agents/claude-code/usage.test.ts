import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { claudeUsage } from '../../../src/agents/claude-code/usage.ts';
import type { UsageLines } from '../../../src/agents/agent.ts';
import type { ResponseFact, TotalFact, UsageFact } from '../../../src/engine/spend/fact.ts';

const file = { session: 'file-session', subagent: '' };
const at = '2026-11-28T10:00:00.000Z';

interface Given {
  readonly line?: Readonly<Record<string, unknown>>;
  readonly message?: Readonly<Record<string, unknown>>;
  readonly usage?: Readonly<Record<string, unknown>>;
}

function assistant({ line = {}, message = {}, usage = {} }: Given = {}): string {
  return JSON.stringify({
    parentUuid: 'u0',
    isSidechain: false,
    message: {
      model: 'claude-opus-5-5',
      id: 'msg_0123456789',
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Hi' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 20, ...usage },
      ...message,
    },
    requestId: 'req_1',
    type: 'assistant',
    uuid: 'u1',
    timestamp: at,
    cwd: '/work',
    sessionId: 's1',
    ...line,
  });
}

function read(lines: readonly string[], state?: string): readonly UsageFact[] {
  const reading = claudeUsage.open(file, state);
  return lines.flatMap((line) => glanced(reading, line) ?? reading.read(line));
}

/** Other lines lie before and after it. */
function glanced(reading: UsageLines, line: string): readonly UsageFact[] | undefined {
  const before = `${assistant({ message: { id: 'msg_before00' } })}\n`;
  const bytes = Buffer.from(`${before}${line}\n${before}`);
  const start = Buffer.byteLength(before);
  return reading.glance?.(bytes, start, start + Buffer.byteLength(line));
}

function responses(lines: readonly string[]): readonly ResponseFact[] {
  return read(lines).filter((fact) => fact.kind === 'response');
}

test.each<[string, Given, Partial<ResponseFact>]>([
  [
    'whose it is, when and where',
    {},
    { session: 's1', subagent: '', at: Date.parse(at), cwd: '/work', model: 'claude-opus-5-5', key: 'msg_0123456789' },
  ],
  ['a subagent by the line', { line: { agentId: 'a1', isSidechain: true } }, { subagent: 'a1' }],
  ['a subagent of 1.0 that has no name', { line: { isSidechain: true } }, { subagent: 'sidechain' }],
  ['the session of the file where the line names none', { line: { sessionId: undefined } }, { session: 'file-session' }],
  [
    'cache writes without a split: for five minutes',
    { usage: { cache_creation_input_tokens: 7, cache_read_input_tokens: 5 } },
    { tokens: { input: 10, output: 20, cacheRead: 5, cacheWrite5m: 7, cacheWrite1h: 0 } },
  ],
  [
    'cache writes of both kinds',
    { usage: { cache_creation_input_tokens: 7, cache_creation: { ephemeral_1h_input_tokens: 3, ephemeral_5m_input_tokens: 4 } } },
    { tokens: { input: 10, output: 20, cacheRead: 0, cacheWrite5m: 4, cacheWrite1h: 3 } },
  ],
  [
    'never more for an hour than altogether',
    { usage: { cache_creation_input_tokens: 2, cache_creation: { ephemeral_1h_input_tokens: 9 } } },
    { tokens: { input: 10, output: 20, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 2 } },
  ],
  [
    'fast mode, region and searches',
    { usage: { speed: 'fast', inference_geo: 'us', server_tool_use: { web_search_requests: 2 } } },
    { speed: 'fast', region: 'us', webSearches: 2 },
  ],
  ['not final without a reason to stop', { message: { stop_reason: null } }, { isFinal: false }],
  ['an id that is not unique: with its request', { message: { id: 'chatcmpl' } }, { key: 'chatcmpl req_1' }],
  ['an id that is not unique, and no request: the line', { message: { id: 'x' }, line: { requestId: undefined } }, { key: 'line u1' }],
  [
    'numbers that are none count nothing',
    { usage: { cache_read_input_tokens: '5', output_tokens: -3 } },
    { tokens: { input: 10, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 } },
  ],
  [
    'several passes: the largest decides the tier',
    {
      usage: {
        input_tokens: 150,
        iterations: [
          { type: 'message', input_tokens: 75, output_tokens: 1 },
          { type: 'message', input_tokens: 75, output_tokens: 2 },
        ],
      },
    },
    { prompt: 75 },
  ],
])('a line tells %s', (_, given, expected) => {
  expect(responses([assistant(given)])[0]).toMatchObject(expected);
});

test.each<[string, string]>([
  ['no JSON', '{"type":"assistant"'],
  [
    'a user line that repeats the usage of a subagent',
    JSON.stringify({ type: 'user', timestamp: at, toolUseResult: { usage: { input_tokens: 5 }, type: 'assistant' } }),
  ],
  ['an answer that the client made up', assistant({ message: { model: '<synthetic>' } })],
  ['an answer that used nothing', assistant({ usage: { input_tokens: 0, output_tokens: 0 } })],
  ['a line without a time', assistant({ line: { timestamp: 'soon' } })],
])('nothing is told by %s', (_, line) => {
  expect(read([line])).toEqual([]);
});

test('what the model says cannot change what is counted', () => {
  const forged = { stop_reason: 'x', usage: { input_tokens: 1, output_tokens: 1 }, content: [], list: [] };
  const text = `],"stop_reason":"end_turn","usage":{"input_tokens":999} "content":[ ${'long '.repeat(1000)}`;
  const content = [
    { type: 'text', text },
    { type: 'tool_use', id: 't', name: 'Bash', input: { a: [forged], stop_reason: 'y', usage: { input_tokens: 7 } } },
  ];
  expect(responses([assistant({ message: { content } })])[0]?.tokens).toEqual({
    input: 10,
    output: 20,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
  });
});

test('advice on the way is a response of its own, of its own model', () => {
  const iterations = [{ type: 'advisor_message', model: 'claude-fable-5-2', input_tokens: 50, output_tokens: 5 }];
  expect(responses([assistant({ usage: { iterations } })]).map(({ key, model, tokens }) => [key, model, tokens.input])).toEqual([
    ['msg_0123456789', 'claude-opus-5-5', 10],
    ['msg_0123456789 advice 0', 'claude-fable-5-2', 50],
  ]);
});

test('a block that repeats the usage is not told again, one that corrects it is', () => {
  const block = (n: number, output: number) => assistant({ line: { uuid: `u${n}`, apiBlockIndex: n }, usage: { output_tokens: output } });
  expect(responses([block(0, 1), block(1, 1), block(2, 911)]).map(({ tokens }) => tokens.output)).toEqual([1, 911]);
});

test('the same usage of another response is told', () => {
  const other = assistant({ message: { id: 'msg_0123456789b' } });
  expect(responses([assistant(), other]).map(({ key }) => key)).toEqual(['msg_0123456789', 'msg_0123456789b']);
});

test('lines without ids that continue each other are one response', () => {
  const line = (uuid: string, parentUuid: string) => assistant({ message: { id: '' }, line: { uuid, parentUuid, requestId: undefined } });
  expect(responses([line('a', '0'), line('b', 'a'), line('c', 'x')]).map(({ key }) => key)).toEqual(['line a', 'line a', 'line c']);
});

const began = JSON.stringify({ type: 'queue-operation', operation: 'enqueue', timestamp: '2026-11-28T10:00:00.000Z', sessionId: 's1' });
const request = '{"type":"api-request","sessionId":"s1","id":"r1","timestamp":"2026-11-28T10:00:00.000Z"}';
const claims: readonly (readonly [string, readonly string[]])[] = [
  ['a copy that names where it comes from', [request, assistant({ line: { requestRef: 'r1', requestSessionId: 'other' } })]],
  [
    'older than the file is',
    [began, assistant({ line: { timestamp: '2026-11-28T09:00:00.000Z', requestId: undefined, isSidechain: true } })],
  ],
  ['a sidechain', [assistant({ line: { isSidechain: true, requestId: undefined } })]],
  ['a line without a request', [assistant({ line: { requestId: undefined } })]],
  ['a line with its request', [assistant()]],
  ['a request that the file says it made', [request, assistant({ line: { requestRef: 'r1' } })]],
];

test.each(claims.slice(1).map(([name, lines], n) => [name, lines, claims[n]] as const))(
  '%s claims a response more than the one before',
  (_, lines, before) => {
    const claim = (given: readonly string[]): number => responses(given)[0]?.claim ?? -1;
    expect(claim(lines)).toBeGreaterThan(claim(before?.[1] ?? []));
  },
);

test('a copy belongs to the session that it names', () => {
  expect(responses([assistant({ line: { requestSessionId: 'origin' } })])[0]?.session).toBe('origin');
});

test('what was seen before an interruption is known after it', () => {
  const first = claudeUsage.open(file);
  [began, request].forEach(first.read);
  const own = assistant({ line: { requestRef: 'r1' } });
  expect(claudeUsage.open(file, first.state()).read(own)).toEqual(read([began, request, own]));
});

test("the client's own sum: by model, at the last time that was told, and without a price where it guesses", () => {
  const modelUsage = {
    m: {
      inputTokens: 1,
      outputTokens: 2,
      cacheCreationInputTokens: 5,
      cacheCreationEphemeral1hInputTokens: 3,
      webSearchRequests: 1,
      costUSD: 0.5,
    },
  };
  const sum = (guesses: boolean): string =>
    JSON.stringify({ type: 'cost-state', sessionId: 's1', totalCostUSD: 1, modelUsage, hasUnknownModelCost: guesses });
  const totals = read([began, assistant({ line: { timestamp: '2026-11-28T11:00:00.000Z' } }), sum(false), sum(true)]).filter(
    (fact): fact is TotalFact => fact.kind === 'total',
  );
  expect(totals.map(({ at: told, models }) => [told, models[0]?.tokens.cacheWrite5m, models[0]?.usd])).toEqual([
    [Date.parse('2026-11-28T11:00:00.000Z'), 2, 0.5],
    [Date.parse('2026-11-28T11:00:00.000Z'), 2, undefined],
  ]);
});

const texts = [
  '',
  'a',
  'msg_0123456789',
  'us',
  'fast',
  '<synthetic>',
  'é – 日本',
  'a"b',
  'a\\b',
  '],"stop_reason":"x"',
  '"content":[',
  '}',
  '{',
];
const odd: readonly unknown[] = [...texts, 0, 7, 12_345, -1, 1.5, 1e21, null, true, false, [], {}, [1], { a: { b: [] } }, undefined, at];

/** Each number makes another line: most fields as they should be, some missing, of another kind or with strange texts. */
function oddLine(seed: number): string {
  let state = seed;
  const next = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  const oddly = (fields: Readonly<Record<string, unknown>>, oneIn: number) => {
    const changed = Object.entries(fields).map(([name, value]) => [name, next(oneIn) === 0 ? odd[next(odd.length)] : value] as const);
    return Object.fromEntries(next(6) === 0 ? changed.toReversed() : changed);
  };
  const usage = oddly(
    {
      input_tokens: next(100),
      cache_creation_input_tokens: next(9_000),
      cache_read_input_tokens: next(90_000),
      output_tokens: next(900),
      server_tool_use: oddly({ web_search_requests: next(3), web_fetch_requests: 0 }, 20),
      cache_creation: oddly({ ephemeral_1h_input_tokens: next(900), ephemeral_5m_input_tokens: next(900) }, 20),
      inference_geo: ['', 'us', 'global'][next(3)],
      iterations: next(9) === 0 ? [{ type: 'message', input_tokens: 3 }] : [],
      speed: next(9) === 0 ? 'fast' : 'standard',
    },
    40,
  );
  const content = [{ type: 'text', text: odd[next(texts.length)], input: { list: [], stop_reason: 'y', usage: { input_tokens: 7 } } }];
  const message = oddly({ model: 'm', id: `msg_${next(99)}0123456789`, content, stop_reason: next(2) ? 'end_turn' : null, usage }, 60);
  const line = {
    parentUuid: 'p',
    isSidechain: next(2) === 0,
    agentId: next(2) ? 'a1' : undefined,
    cwd: texts[next(texts.length)],
    sessionId: 's1',
  };
  const rest = { requestId: 'req_1', requestRef: 'r', apiBlockIndex: next(3), type: 'assistant', uuid: `u${seed}`, timestamp: at };
  const text = JSON.stringify(oddly({ ...line, message, ...rest }, 60));
  const twice = '"usage":{"cache_read_input_tokens":6},"usage":{"output_tokens":1},"was":{';
  if (next(30) === 0) return text.slice(0, next(text.length));
  return next(30) === 0 ? text.replace(/(.*)"usage":\{/, `$1${twice}`) : text;
}

test('a quick look at a line tells what reading it in full does, however odd it is', () => {
  const lines = Array.from({ length: 5_000 }, (_, seed) => oddLine((seed + 1) * 7_919));
  const quick = lines.filter((line) => glanced(claudeUsage.open(file), line) !== undefined);
  const differing = quick.filter((line) => !isDeepStrictEqual(glanced(claudeUsage.open(file), line), claudeUsage.open(file).read(line)));
  expect(differing).toEqual([]);
  // Neither way is there for nothing.
  expect(Math.min(quick.length, lines.length - quick.length)).toBeGreaterThan(1_000);
});
