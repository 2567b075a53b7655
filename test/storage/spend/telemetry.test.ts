import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { toldRequests } from '../../../src/agents/claude-code/telemetry.ts';
import { claudeUsage } from '../../../src/agents/claude-code/usage.ts';
import { pricesOf } from '../../../src/engine/spend/price.ts';
import { totalOf } from '../../../src/engine/spend/usage.ts';
import { allRecords } from '../../../src/storage/spend/record-places.ts';
import { SpendIndex } from '../../../src/storage/spend/spend-index.ts';
import { temporaryFolder } from '../folder.ts';
import { Transcript } from './transcript.ts';

/** A session makes one request that is written down, 30 tokens for $0.00021, and one that is not, 500 + 40 tokens for $0.0009. */
const time = '2026-11-28T10:00:00.000Z';
const later = '2026-11-28T10:00:05.000Z';
const model = 'claude-opus-5-5';
const written = { request_id: 'req_written0001', input_tokens: 10, output_tokens: 20, cost_usd: 0.00021 };
const hidden = { request_id: 'req_hidden00001', input_tokens: 500, output_tokens: 40, cost_usd: 0.0009 };

type Told = Readonly<Record<string, string | number>>;

/** As the client sends it: numbers as texts, in some versions as numbers. */
function sent(...requests: readonly Told[]) {
  const always = { 'event.name': 'api_request', 'event.timestamp': time, 'session.id': 's1', model, query_source: 'sdk' };
  const attributesOf = (told: Told): readonly (readonly [string, string | number])[] => Object.entries({ ...always, ...told });
  const logRecords = requests.map((told) => ({
    timeUnixNano: '1795860000000000000',
    body: { stringValue: 'claude_code.api_request' },
    attributes: attributesOf(told).map(([key, value]) => ({
      key,
      value: typeof value === 'number' && key === 'output_tokens' ? { intValue: value } : { stringValue: String(value) },
    })),
  }));
  return { resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ scope: { name: 'com.anthropic.claude_code' }, logRecords }] }] };
}

class Place {
  readonly #root = temporaryFolder();
  readonly #claude = join(this.#root, 'claude');
  readonly transcript = new Transcript(this.#claude, 's1');
  readonly index: SpendIndex;
  now = Date.parse(time);

  constructor() {
    const prices = pricesOf({ [model]: [{ input: 1, output: 10 }] }, 0.01);
    this.index = new SpendIndex({
      path: join(this.#root, 'spend.db'),
      readers: [claudeUsage],
      records: () => allRecords([], { CLAUDE_CONFIG_DIR: this.#claude, CODEX_HOME: join(this.#root, 'none') }),
      workspaceOf: (cwd) => cwd,
      prices: () => prices,
      now: () => this.now,
    });
    onTestFinished(() => this.index.close());
  }

  tell(...requests: readonly Told[]): void {
    this.index.takeRequests(toldRequests(sent(...requests)));
  }

  write(): void {
    this.transcript.answer({ id: 'msg_00000001', time, requestId: written.request_id });
    this.#read();
  }

  end(): void {
    this.transcript.sum({ [model]: { inputTokens: 510, outputTokens: 60, costUSD: 0.00111 } });
    this.#read();
  }

  wait(ms: number): void {
    this.now += ms;
    this.index.follow();
  }

  sums() {
    const { tokens, usd, notItemisedTokens = 0, responses } = this.index.sum({ session: 's1' });
    return { written: totalOf(tokens), hidden: notItemisedTokens, usd: Math.round(usd * 1e8) / 1e8, responses };
  }

  #read(): void {
    this.index.scan();
    while (!this.index.step(1));
  }
}

const all = { written: 30, hidden: 540, usd: 0.00111, responses: 1 };

type Step = 'write' | 'tell' | 'end';
test.each<readonly [Step, Step, Step]>([
  ['write', 'tell', 'end'],
  ['write', 'end', 'tell'],
  ['tell', 'write', 'end'],
])('nothing counts twice: %s, %s, %s', (...steps) => {
  const place = new Place();
  for (const step of steps) {
    if (step === 'tell') place.tell(written, hidden);
    else place[step]();
    place.wait(11_000);
  }
  expect(place.sums()).toEqual(all);
});

test('what is hidden is known before the session ends, and told again it is not more', () => {
  const place = new Place();
  place.write();
  place.tell(written, hidden);
  place.tell(written, hidden);
  expect(place.sums()).toEqual({ ...all, hidden: 0, usd: 0.00021 });
  place.wait(11_000);
  expect(place.sums()).toEqual(all);
});

test('the next response shows that the one before was never written down', () => {
  const place = new Place();
  place.write();
  place.tell(hidden);
  expect(place.sums().hidden).toBe(0);
  place.transcript.answer({ id: 'msg_00000002', time: later, requestId: 'req_written0002' });
  place.index.readSession({ agent: 'claude-code', session: 's1', cwd: '/work', transcript: place.transcript.path });
  expect(place.sums()).toEqual({ written: 60, hidden: 540, usd: 0.00132, responses: 2 });
});

test('a response that was written down late is no longer taken for hidden', () => {
  const place = new Place();
  place.tell(written, hidden);
  place.wait(11_000);
  expect(place.sums()).toMatchObject({ written: 0, hidden: 570 });
  place.write();
  expect(place.sums()).toEqual(all);
  place.tell(written);
  place.wait(11_000);
  expect(place.sums()).toEqual(all);
});

test('after its sum a session goes on, and what it hides then counts as well', () => {
  const place = new Place();
  place.write();
  place.tell(written, hidden);
  place.end();
  place.tell({ ...hidden, request_id: 'req_hidden00002' });
  place.wait(11_000);
  expect(place.sums()).toEqual({ ...all, hidden: 1080, usd: 0.00201 });
});

test('a copy in another session does not make the request that session’s', () => {
  const place = new Place();
  place.write();
  place.tell(written, { ...hidden, 'session.id': 's2' });
  place.wait(11_000);
  expect(place.sums()).toEqual({ ...all, hidden: 0, usd: 0.00021 });
  expect(place.index.sum({ session: 's2' }).notItemisedTokens).toBe(540);
});

test('a model without a price is not free, whatever the client guesses', () => {
  const place = new Place();
  place.tell({ ...hidden, model: 'acme-coder-9' });
  place.wait(11_000);
  expect(place.index.sum({ session: 's1' })).toMatchObject({ usd: 0, unpricedTokens: 540 });
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['another body', { resourceLogs: 7 }],
  [
    'another event',
    { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'claude_code.tool_result' }, attributes: [] }] }] }] },
  ],
  ['a request without an id', sent({ ...hidden, request_id: '' })],
  ['an id that a gateway made', sent({ ...hidden, request_id: '7' })],
  ['no session', sent({ ...hidden, 'session.id': '' })],
])('%s tells of no request', (_, body) => {
  expect(toldRequests(body)).toEqual([]);
});

test('every count of a request is read', () => {
  const counts = { cache_read_tokens: 3, cache_creation_tokens: 9, cache_creation_5m_tokens: 4, cache_creation_1h_tokens: 5 };
  expect(toldRequests(sent({ ...hidden, ...counts, agent_id: 'a1' }))).toEqual([
    {
      agent: 'claude-code',
      session: 's1',
      subagent: 'a1',
      request: hidden.request_id,
      at: Date.parse(time),
      model,
      tokens: { input: 500, output: 40, cacheRead: 3, cacheWrite5m: 4, cacheWrite1h: 5 },
      usd: 0.0009,
    },
  ]);
});
