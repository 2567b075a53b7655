import { randomUUID } from 'node:crypto';
import type { Block, Turn } from './model-messages.ts';
import { usageAtStart, wholeUsage, type Usage } from './model-ledger.ts';

/** An answer of the stand-in, ready to be sent in either form. */
export interface Answer {
  readonly messageId: string;
  /** Empty where the answer has none. */
  readonly requestId: string;
  readonly model: string;
  readonly content: readonly Block[];
  /** What the agent is told before the answer ends, or stalls. */
  readonly usage: Usage;
  readonly stalls: boolean;
}

export function answerOf(turn: Turn, model: string): Answer {
  const usage = wholeUsage(turn.usage);
  const stalls = turn.stalls ?? false;
  return {
    messageId: turn.messageId ?? `msg_${shortId()}`,
    requestId: turn.requestId ?? `req_${shortId()}`,
    model,
    content: contentOf(turn),
    usage: stalls ? usageAtStart(usage) : usage,
    stalls,
  };
}

/** The whole answer at once, for requests that do not ask for a stream. */
export function wholeMessage(answer: Answer): string {
  return JSON.stringify({ ...envelope(answer), content: answer.content, stop_reason: stopReason(answer.content), usage: answer.usage });
}

/** The same answer as server-sent events, in the order the real service sends them. */
export function eventStream(answer: Answer): string {
  const start = {
    type: 'message_start',
    message: { ...envelope(answer), content: [], stop_reason: null, usage: usageAtStart(answer.usage) },
  };
  const blocks = answer.content.map(blockEvents);
  const end = [
    { type: 'message_delta', delta: { stop_reason: stopReason(answer.content), stop_sequence: null }, usage: answer.usage },
    { type: 'message_stop' },
  ];
  // A stream that stalls has begun its last block.
  const events = answer.stalls
    ? [start, ...blocks.slice(0, -1).flat(), ...(blocks.at(-1)?.slice(0, 2) ?? [])]
    : [start, ...blocks.flat(), ...end];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

function contentOf(turn: Turn): readonly Block[] {
  const calls = (turn.calls ?? []).map(
    (call) => ({ type: 'tool_use', id: call.id ?? `toolu_${shortId()}`, name: call.name, input: call.input }) as const,
  );
  const thought = turn.thinking === undefined ? [] : [{ type: 'thinking', thinking: turn.thinking, signature: 'lab' } as const];
  const said = turn.text ?? (calls.length === 0 ? 'Done.' : '');
  return [...thought, ...searchBlocks(turn.searches ?? []), ...(said === '' ? [] : [{ type: 'text', text: said } as const]), ...calls];
}

/** What the service's own web search leaves in an answer. */
function searchBlocks(queries: readonly string[]): readonly Block[] {
  return queries.flatMap((query): Block[] => {
    const id = `srvtoolu_${shortId()}`;
    const found = { type: 'web_search_result', title: query, url: 'https://example.com/', encrypted_content: 'bGFi', page_age: null };
    return [
      { type: 'server_tool_use', id, name: 'web_search', input: { query } },
      { type: 'web_search_tool_result', tool_use_id: id, content: [found] },
    ];
  });
}

function blockEvents(block: Block, index: number) {
  return [
    { type: 'content_block_start', index, content_block: emptied(block) },
    ...deltas(block).map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

function emptied(block: Block): object {
  if (block.type === 'text') return { type: 'text', text: '' };
  if (block.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' };
  return block.type === 'web_search_tool_result' ? block : { ...block, input: {} };
}

function deltas(block: Block): readonly object[] {
  if (block.type === 'text') return [{ type: 'text_delta', text: block.text }];
  if (block.type === 'web_search_tool_result') return [];
  if (block.type !== 'thinking') return [{ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }];
  return [
    { type: 'thinking_delta', thinking: block.thinking },
    { type: 'signature_delta', signature: block.signature },
  ];
}

function envelope(answer: Answer) {
  return { id: answer.messageId, type: 'message', role: 'assistant', model: answer.model, stop_sequence: null };
}

function stopReason(content: readonly Block[]): string {
  return content.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';
}

function shortId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 24);
}
