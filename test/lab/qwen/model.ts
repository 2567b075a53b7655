import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Wire } from '../gemini/model.ts';

const content = z.union([z.string(), z.null(), z.array(z.looseObject({ text: z.optional(z.string()) }))]);
const bodySchema = z.object({
  model: z.string(),
  tools: z.optional(z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) }))),
  messages: z.array(z.looseObject({ role: z.string(), content: z.optional(content) })),
});

/** OpenAI's chat completions, streamed, as Qwen Code speaks them. */
export const qwenWire: Wire = {
  contentType: 'text/event-stream',
  ask: (_, body) => {
    const { model, messages, tools = [] } = z.parse(bodySchema, body);
    const at = messages.findLastIndex((message) => message.role === 'user' && spoken(message.content) !== '');
    const results = messages.slice(at + 1).flatMap((message) => (message.role === 'tool' ? [JSON.stringify(message.content)] : []));
    return { model, prompt: at < 0 ? '' : spoken(messages[at]?.content), tools: tools.map((tool) => tool.function.name), results };
  },
  answer: ({ text, calls = [] }, { model, usage }) => {
    const { input, cached, output, thoughts } = usage;
    const tool_calls = calls.map(({ name, input: args }, index) => ({
      index,
      id: `call_${randomUUID().slice(0, 8)}`,
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    }));
    const said = text ?? (calls.length === 0 ? 'Done.' : '');
    const delta = { role: 'assistant', content: said, ...(calls.length === 0 ? {} : { tool_calls }) };
    const chunk = { id: `chatcmpl-${randomUUID()}`, object: 'chat.completion.chunk', created: 1, model };
    const total = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    const details = { prompt_tokens_details: { cached_tokens: cached }, completion_tokens_details: { reasoning_tokens: thoughts } };
    return [
      { ...chunk, choices: [{ index: 0, delta, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: calls.length === 0 ? 'stop' : 'tool_calls' }] },
      { ...chunk, choices: [], usage: { ...total, ...details } },
      '[DONE]',
    ]
      .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
      .join('');
  },
};

/** The last text that is not the client's own framing. */
function spoken(said: z.infer<typeof content> | undefined): string {
  const texts = typeof said === 'string' ? [said] : (said ?? []).flatMap(({ text }) => text ?? []);
  return texts.findLast((text) => !text.startsWith('<')) ?? '';
}
