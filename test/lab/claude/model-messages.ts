import { randomUUID } from 'node:crypto';

/** One answer of the stand-in: some text, some tool calls (several in one message), or both. */
export interface Turn {
  readonly text?: string;
  readonly calls?: readonly ToolUse[];
}

export interface ToolUse {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Made up when left out. */
  readonly id?: string;
}

/** What came back for a tool call, as the model hears it. */
export interface ToolResult {
  readonly id: string;
  readonly isError: boolean;
  readonly text: string;
}

/** The part of a request to the model that a script needs. */
export interface Conversation {
  readonly model: string;
  readonly stream: boolean;
  /** Names of the offered tools. Side requests (titles, summaries) offer none. */
  readonly tools: readonly string[];
  /** The last thing that a person (or the machine in their name) said. */
  readonly prompt: string;
  /** How many answers of the model the conversation already holds. */
  readonly step: number;
  /** The same, counted since `prompt`. */
  readonly stepOfPrompt: number;
  /** Results in the last message. */
  readonly results: readonly ToolResult[];
}

type Fields = Readonly<Record<string, unknown>>;
export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: Fields };

/** Reads the body of `POST /v1/messages`. Throws on JSON that is none; takes missing parts as empty. */
export function readConversation(body: string): Conversation {
  const request = fields(JSON.parse(body));
  const messages = list(request['messages']).map(fields);
  const promptAt = messages.findLastIndex((message) => message['role'] === 'user' && spoken(message) !== '');
  const answers = (from: number) => messages.filter((message, index) => index >= from && message['role'] === 'assistant').length;
  const lastUser = messages.findLast((message) => message['role'] === 'user');
  return {
    model: text(request['model']),
    stream: request['stream'] === true,
    tools: list(request['tools']).map((tool) => text(fields(tool)['name'])),
    prompt: promptAt < 0 ? '' : spoken(messages[promptAt] ?? {}),
    step: answers(0),
    stepOfPrompt: answers(Math.max(promptAt, 0)),
    results: blocks(lastUser ?? {})
      .filter((block) => block['type'] === 'tool_result')
      .map(readResult),
  };
}

export function contentOf(turn: Turn): readonly Block[] {
  const calls = (turn.calls ?? []).map(
    (call) => ({ type: 'tool_use', id: call.id ?? newCallId(), name: call.name, input: call.input }) as const,
  );
  const said = turn.text ?? (calls.length === 0 ? 'Done.' : '');
  return said === '' ? calls : [{ type: 'text', text: said }, ...calls];
}

/** The whole answer at once, for requests that do not ask for a stream. */
export function wholeMessage(model: string, content: readonly Block[]): string {
  return JSON.stringify({ ...envelope(model), content, stop_reason: stopReason(content), usage: usage(20) });
}

/** The same answer as server-sent events, in the order the real service sends them. */
export function eventStream(model: string, content: readonly Block[]): string {
  const events = [
    { type: 'message_start', message: { ...envelope(model), content: [], stop_reason: null, usage: usage(1) } },
    ...content.flatMap(blockEvents),
    { type: 'message_delta', delta: { stop_reason: stopReason(content), stop_sequence: null }, usage: { output_tokens: 20 } },
    { type: 'message_stop' },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

function blockEvents(block: Block, index: number) {
  const start = block.type === 'text' ? { type: 'text', text: '' } : { ...block, input: {} };
  const delta =
    block.type === 'text'
      ? { type: 'text_delta', text: block.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
  return [
    { type: 'content_block_start', index, content_block: start },
    { type: 'content_block_delta', index, delta },
    { type: 'content_block_stop', index },
  ];
}

function envelope(model: string) {
  return { id: `msg_${shortId()}`, type: 'message', role: 'assistant', model, stop_sequence: null };
}

function usage(outputTokens: number) {
  return { input_tokens: 10, output_tokens: outputTokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
}

function stopReason(content: readonly Block[]): string {
  return content.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';
}

function newCallId(): string {
  return `toolu_${shortId()}`;
}

function shortId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 24);
}

/** The last text of a message that is not one of the client's own reminders. */
function spoken(message: Fields): string {
  const texts = blocks(message)
    .filter((block) => block['type'] === 'text')
    .map((block) => text(block['text']));
  return texts.findLast((said) => said !== '' && !said.startsWith('<system-reminder>')) ?? '';
}

function readResult(block: Fields): ToolResult {
  return {
    id: text(block['tool_use_id']),
    isError: block['is_error'] === true,
    text: blocks(block)
      .map((part) => text(part['text']))
      .join('\n'),
  };
}

/** `content` is a string or a list of blocks. */
function blocks(holder: Fields): readonly Fields[] {
  const content = holder['content'];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : list(content).map(fields);
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
