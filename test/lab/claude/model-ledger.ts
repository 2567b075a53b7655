/** What one response cost, as the service says it. */
export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_creation?: { readonly ephemeral_5m_input_tokens: number; readonly ephemeral_1h_input_tokens: number };
  readonly server_tool_use?: { readonly web_search_requests: number; readonly web_fetch_requests: number };
  readonly speed?: 'standard' | 'fast';
  readonly inference_geo?: string;
  /** The parts of a response that the service worked on several times; the adviser's own part costs its own model's price. */
  readonly iterations?: readonly Iteration[];
}

export interface Iteration {
  readonly type: 'message' | 'advisor_message';
  readonly model?: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
}

/** One response that the stand-in served: the truth that every counter is held against. */
export interface LedgerEntry {
  readonly session: string;
  /** Empty but for subagents. */
  readonly subagent: string;
  readonly messageId: string;
  /** Empty where the answer had none, as behind some gateways. */
  readonly requestId: string;
  readonly model: string;
  readonly usage: Usage;
  /** False where the stream stopped before its end: then nobody was told the final count. */
  readonly complete: boolean;
}

/** What an adviser said within a response is a response of its own. */
export function withAdvice(entry: LedgerEntry): readonly LedgerEntry[] {
  const advice = (entry.usage.iterations ?? []).filter(({ type }) => type === 'advisor_message');
  return [entry, ...advice.map((usage) => ({ ...entry, model: usage.model ?? '', usage }))];
}

/** Input, output, cache reads, writes for five minutes, writes for an hour: in the order of `Tokens`. */
export function amounts(usage: Usage): readonly number[] {
  const long = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  return [usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens - long, long];
}

const usual: Usage = { input_tokens: 10, output_tokens: 20, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };

export function wholeUsage(stated: Partial<Usage> = {}): Usage {
  return { ...usual, ...stated };
}

/** What the first event of a stream says: all of the prompt, and hardly any output yet. */
export function usageAtStart(usage: Usage): Usage {
  const { iterations: _, server_tool_use: __, ...known } = usage;
  return { ...known, output_tokens: 1 };
}
