import * as z from 'zod/mini';
import { fenced, instructionsOf } from '../../engine/guardrail/review/question.ts';
import type { ReviewModel } from '../../governor/review/model.ts';

type Ask = ReviewModel['ask'];

/** A model behind an HTTP endpoint that a person named. */
export interface HttpModel {
  readonly url: string;
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Further members of the request, or other values for ours; `null` leaves one out. */
  readonly body: Readonly<Record<string, unknown>>;
}

const mostTokens = 100;

/** Any endpoint that speaks OpenAI's chat completions: a local Ollama, vLLM, llama.cpp, LM Studio … `url` ends before `/chat/completions`. */
export function openAiModel({ url, model, headers, body }: HttpModel): Ask {
  return async (question, signal) => {
    const asked = {
      model,
      messages: [
        { role: 'system', content: instructionsOf(question) },
        { role: 'user', content: fenced(question) },
      ],
      ...plainAnswer,
    };
    const answer = openAiAnswer(await post(`${url}/chat/completions`, headers, { ...asked, ...body }, signal));
    return { text: answer.choices[0].message.content, ...(answer.usage === undefined ? {} : { tokens: answer.usage.total_tokens }) };
  };
}

/** An endpoint that speaks Anthropic's messages. `url` ends before `/v1/messages`. */
export function anthropicModel({ url, model, headers, body }: HttpModel): Ask {
  return async (question, signal) => {
    const asked = { model, system: instructionsOf(question), messages: [{ role: 'user', content: fenced(question) }], ...plainAnswer };
    const all = { 'anthropic-version': '2023-06-01', ...headers };
    const { content, usage } = anthropicAnswer(await post(`${url}/v1/messages`, all, { ...asked, ...body }, signal));
    const text = content.map((block) => block.text ?? '').join('');
    return { text, ...(usage === undefined ? {} : { tokens: usage.input_tokens + usage.output_tokens }) };
  };
}

const plainAnswer = { stream: false, temperature: 0, max_tokens: mostTokens };

const count = z.int().check(z.gte(0));
const openAiAnswer = answerReader(
  z.object({
    choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })], z.unknown()),
    usage: z.optional(z.object({ total_tokens: count })),
  }),
);
const anthropicAnswer = answerReader(
  z.object({
    content: z.array(z.object({ type: z.string(), text: z.optional(z.string()) })),
    usage: z.optional(z.object({ input_tokens: count, output_tokens: count })),
  }),
);

/** What an endpoint says may have the text in it: none of it stands in an error. */
function answerReader<T>(schema: z.ZodMiniType<T>): (body: string) => T {
  return (body) => {
    const parsed = z.safeParse(schema, jsonOf(body));
    if (!parsed.success) throw new Error('it answered with something else than such an endpoint does');
    return parsed.data;
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function post(
  url: string,
  headers: HttpModel['headers'],
  asked: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<string> {
  const members = Object.entries(asked).filter(([, value]) => value !== null);
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(members)),
    // What is meant for one place is not to be sent to another one, with its credentials.
    redirect: 'error',
    signal,
  }).catch((error: unknown) => {
    throw new Error(reasonOf(error), { cause: error });
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`it answered ${response.status}`);
  }
  return bodyOf(response);
}

/** An answer is short; whoever sends more is not listened to. */
const longest = 1_000_000;

async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.byteLength;
    if (length > longest) throw new Error('its answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** `fetch` says only "fetch failed"; why is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it cannot be reached';
  const why = error.cause instanceof Error ? error.cause.message || String(Reflect.get(error.cause, 'code')) : error.message;
  return `it cannot be reached (${why})`;
}
