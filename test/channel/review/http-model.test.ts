import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { anthropicModel, openAiModel, type HttpModel } from '../../../src/channel/review/http-model.ts';

const question = { id: 'k7', question: 'Is it about health?', text: 'My leg hurts.' };
const answer = '{"id":"k7","match":true}';

interface Got {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A real endpoint on this machine; returns its address and what it got. */
async function endpoint(respond: (response: ServerResponse) => void): Promise<{ readonly url: string; readonly got: Got[] }> {
  const got: Got[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    got.push({ path: request.url, headers: request.headers, body: JSON.parse(await text(request)) });
    respond(response);
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}

const model = (url: string, over: Partial<HttpModel> = {}): HttpModel => ({ url, model: 'tiny', headers: {}, body: {}, ...over });
const openAiSays = (content: unknown): string => JSON.stringify({ choices: [{ message: { content } }], usage: { total_tokens: 41 } });
const anthropicSays = (said: string): string =>
  JSON.stringify({ content: [{ type: 'text', text: said }], usage: { input_tokens: 30, output_tokens: 11 } });
const signal = (): AbortSignal => new AbortController().signal;

test('an OpenAI-compatible endpoint gets the question and the text apart, with the headers and further members of the configuration', async () => {
  const { url, got } = await endpoint((response) => response.end(openAiSays(answer)));
  const ask = openAiModel(model(`${url}/v1`, { headers: { authorization: 'Bearer x' }, body: { temperature: null, seed: 7 } }));
  expect(await ask(question, signal())).toEqual({ text: answer, tokens: 41 });
  expect(got).toMatchObject([
    {
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer x' },
      body: {
        model: 'tiny',
        stream: false,
        seed: 7,
        messages: [
          { role: 'system', content: expect.stringContaining('Question: Is it about health?') },
          { role: 'user', content: 'BEGIN k7\nMy leg hurts.\nEND k7' },
        ],
      },
    },
  ]);
  expect(got[0]?.body).not.toHaveProperty('temperature');
});

test('an Anthropic-style endpoint', async () => {
  const { url, got } = await endpoint((response) => response.end(anthropicSays(answer)));
  expect(await anthropicModel(model(url, { headers: { 'x-api-key': 'x' } }))(question, signal())).toEqual({ text: answer, tokens: 41 });
  expect(got).toMatchObject([
    {
      path: '/v1/messages',
      headers: { 'x-api-key': 'x', 'anthropic-version': '2023-06-01' },
      body: { system: expect.stringContaining('Question: '), messages: [{ role: 'user', content: 'BEGIN k7\nMy leg hurts.\nEND k7' }] },
    },
  ]);
});

const secret = 'MY-LEG';
test.each<[string, (response: ServerResponse) => void, string]>([
  ['refuses', (response) => response.writeHead(401).end(secret), 'it answered 401'],
  ['is broken', (response) => response.writeHead(500).end(secret), 'it answered 500'],
  ['sends somewhere else', (response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(), 'it cannot be reached'],
  ['says nothing', (response) => response.end(), 'it answered with something else'],
  ['says no JSON', (response) => response.end(secret), 'it answered with something else'],
  ['says something else', (response) => response.end(JSON.stringify({ error: secret })), 'it answered with something else'],
  ['says nothing in its answer', (response) => response.end(openAiSays(null)), 'it answered with something else'],
  ['gives no choice', (response) => response.end('{"choices":[],"content":7}'), 'it answered with something else'],
  ['says very much', (response) => response.end(`"${secret}${'x'.repeat(2_000_000)}"`), 'its answer is too long'],
  ['breaks off', (response) => response.socket?.destroy(), 'it cannot be reached'],
])('an endpoint that %s: no answer, and nothing that it said in the reason', async (_, respond, why) => {
  const { url } = await endpoint(respond);
  for (const make of [openAiModel, anthropicModel]) {
    const error: unknown = await make(model(url))(question, signal()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining(why) });
    expect(String(error)).not.toContain(secret);
  }
});

test('an endpoint that is dead', async () => {
  await expect(openAiModel(model('http://127.0.0.1:9'))(question, signal())).rejects.toThrow('it cannot be reached');
});

test('an endpoint that never answers is left when the time is over', async () => {
  const late = new AbortController();
  const { url } = await endpoint(() => late.abort());
  await expect(openAiModel(model(url))(question, late.signal)).rejects.toThrow('it cannot be reached');
});
