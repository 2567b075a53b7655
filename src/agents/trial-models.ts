import * as z from 'zod/mini';
import { name } from './parse-message.ts';

/** A harmless call by which a chain proves itself: reading a file that is not there, in a place that no agent may read. */
export interface TrialCall {
  readonly id: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, string | boolean>>;
}

/** A stand-in for a model that wants to make that one call, and then stops. Both functions are pure. */
export interface TrialModel {
  readonly contentType: string;
  /** What the client told its model of the call, once it does; `undefined` for any other request. Throws on what is no request. */
  readonly heard: (body: string, call: TrialCall) => string | undefined;
  /** With `isOver`, or without that tool in the request, it has nothing to do. */
  readonly answer: (body: string, call: TrialCall, isOver: boolean, path: string) => string;
}

const chatRequest = z.object({
  tools: z._default(z.array(z.looseObject({ function: z.optional(z.looseObject({ name })) })), []),
  messages: z.array(z.looseObject({ role: z.string(), tool_call_id: z.optional(z.string()), content: z.optional(z.unknown()) })),
});

/** OpenAI's chat completions, streamed, as far as one call needs them. */
export const chatModel: TrialModel = {
  contentType: 'text/event-stream',
  heard: (body, { id }) => {
    const { messages } = z.parse(chatRequest, JSON.parse(body));
    const result = messages.find((message) => message.role === 'tool' && message.tool_call_id === id);
    return result === undefined ? undefined : JSON.stringify(result.content ?? '');
  },
  answer: (body, { id, tool, input }, isOver) => {
    const { tools } = z.parse(chatRequest, JSON.parse(body));
    const isDone = isOver || !tools.some((one) => one.function?.name === tool);
    const wanted = { index: 0, id, type: 'function', function: { name: tool, arguments: JSON.stringify(input) } };
    const delta = { role: 'assistant', ...(isDone ? { content: 'Done.' } : { content: null, tool_calls: [wanted] }) };
    const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    const chunks = [
      { choices: [{ index: 0, delta, finish_reason: null }] },
      { choices: [{ index: 0, delta: {}, finish_reason: isDone ? 'stop' : 'tool_calls' }] },
      { choices: [], usage },
    ].map((chunk) => JSON.stringify({ id, object: 'chat.completion.chunk', created: 0, model: 'trial', ...chunk }));
    return [...chunks, '[DONE]'].map((chunk) => `data: ${chunk}\n\n`).join('');
  },
};

const geminiPart = z.looseObject({ functionResponse: z.optional(z.looseObject({ name, response: z.optional(z.unknown()) })) });
const geminiRequest = z.object({
  tools: z._default(z.array(z.looseObject({ functionDeclarations: z._default(z.array(z.looseObject({ name })), []) })), []),
  contents: z.array(z.looseObject({ parts: z._default(z.array(geminiPart), []) })),
});

/** Gemini's own interface, streamed or not. It names calls by their tool alone. */
export const geminiModel: TrialModel = {
  contentType: 'text/event-stream',
  heard: (body, { tool }) => {
    const { contents } = z.parse(geminiRequest, JSON.parse(body));
    const results = contents.flatMap(({ parts }) => parts.flatMap(({ functionResponse }) => functionResponse ?? []));
    const result = results.find((one) => one.name === tool);
    return result === undefined ? undefined : JSON.stringify(result.response ?? '');
  },
  answer: (body, { id, tool, input }, isOver, path) => {
    const { tools } = z.parse(geminiRequest, JSON.parse(body));
    const isDone = isOver || !tools.some(({ functionDeclarations }) => functionDeclarations.some((one) => one.name === tool));
    const part = isDone ? { text: 'Done.' } : { functionCall: { name: tool, args: input } };
    const said = JSON.stringify({
      candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 },
      responseId: id,
    });
    return path.includes(':stream') ? `data: ${said}\n\n` : said;
  },
};
