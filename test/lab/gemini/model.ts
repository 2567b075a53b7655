import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { startStandIn } from '../stand-in.ts';

export interface LabCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface LabTurn {
  readonly text?: string;
  readonly calls?: readonly LabCall[];
}

export interface LabAsk {
  readonly model: string;
  /** The last thing that a person, or another agent, said. */
  readonly prompt: string;
  /** Names of the tools that it may call. */
  readonly tools: readonly string[];
  /** What has come back since, as JSON. */
  readonly results: readonly string[];
}

/** What one response cost: `input` includes what came from the cache; `thoughts` come beside the output. */
export interface LabUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly thoughts: number;
}

/** One response that the stand-in served: the truth that every counter is held against. */
export interface LabLedgerEntry {
  readonly model: string;
  readonly prompt: string;
  readonly usage: LabUsage;
}

export interface LabModel extends AsyncDisposable {
  readonly url: string;
  readonly asks: readonly LabAsk[];
  readonly ledger: readonly LabLedgerEntry[];
}

/** How a vendor's interface says all that. */
export interface Wire {
  readonly contentType: string;
  readonly ask: (path: string, body: unknown) => LabAsk;
  readonly answer: (turn: LabTurn, entry: LabLedgerEntry, path: string) => string;
}

/** It may take its time: whatever it does happens before the client hears the answer. */
export type LabScript = (ask: LabAsk) => LabTurn | Promise<LabTurn>;

/** A local HTTP server that the client takes for its model. It knows nothing; it follows its script. */
export async function startLabModel(wire: Wire, script: LabScript): Promise<LabModel> {
  const asks: LabAsk[] = [];
  const ledger: LabLedgerEntry[] = [];
  const server = await startStandIn(wire.contentType, async ({ url: path = '' }, body) => {
    const ask = wire.ask(path, JSON.parse(body));
    asks.push(ask);
    const entry = { model: ask.model, prompt: ask.prompt, usage: usageOf(asks.length) };
    ledger.push(entry);
    return wire.answer(await script(ask), entry, path);
  });
  return { ...server, asks, ledger };
}

/** No two responses cost the same, so that none can stand in for another. */
function usageOf(n: number): LabUsage {
  return { input: 1000 + 17 * n, cached: 200 + 11 * n, output: 50 + 3 * n, thoughts: 10 + n };
}

const part = z.looseObject({ text: z.optional(z.string()), functionResponse: z.optional(z.unknown()) });
const declared = z.looseObject({ functionDeclarations: z.optional(z.array(z.looseObject({ name: z.string() }))) });
const geminiBody = z.object({
  tools: z.optional(z.array(declared)),
  contents: z.array(z.object({ role: z.optional(z.string()), parts: z.array(part) })),
});

/** Gemini's own interface, streamed or not. */
export const geminiWire: Wire = {
  contentType: 'text/event-stream',
  ask: (path, body) => {
    const { contents, tools = [] } = z.parse(geminiBody, body);
    const spoken = (content: (typeof contents)[number]) =>
      content.role === 'user' ? (content.parts.flatMap(({ text }) => text ?? []).findLast((text) => !text.startsWith('<')) ?? '') : '';
    const at = contents.findLastIndex((content) => spoken(content) !== '');
    const results = contents.slice(at + 1).flatMap(({ parts }) => parts.flatMap(({ functionResponse }) => functionResponse ?? []));
    return {
      model: /models\/([^:]+):/.exec(path)?.[1] ?? '',
      prompt: at < 0 ? '' : spoken(contents[at] ?? { parts: [] }),
      tools: tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name)),
      results: results.map((result) => JSON.stringify(result)),
    };
  },
  answer: ({ text, calls = [] }, { usage }, path) => {
    const parts = [
      ...(text === undefined && calls.length > 0 ? [] : [{ text: text ?? 'Done.' }]),
      ...calls.map(({ name, input }) => ({ functionCall: { name, args: input } })),
    ];
    const { input, cached, output, thoughts } = usage;
    const counts = { promptTokenCount: input, cachedContentTokenCount: cached, candidatesTokenCount: output, thoughtsTokenCount: thoughts };
    const said = {
      candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { ...counts, totalTokenCount: input + output + thoughts },
      responseId: randomUUID(),
    };
    return path.includes(':stream') ? `data: ${JSON.stringify(said)}\n\n` : JSON.stringify(said);
  },
};
