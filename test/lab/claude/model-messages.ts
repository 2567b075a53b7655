import type { Usage } from './model-ledger.ts';

/** One answer of the stand-in: some text, some tool calls (several in one message), or both. */
export interface Turn {
  readonly text?: string;
  readonly calls?: readonly ToolUse[];
  readonly thinking?: string;
  /** Queries that the service itself searched the web for while it answered. */
  readonly searches?: readonly string[];
  /** Left out: 10 tokens in, 20 out. */
  readonly usage?: Partial<Usage>;
  /** The stream stops in the middle and stays open. */
  readonly stalls?: boolean;
  /** Made up when left out. */
  readonly messageId?: string;
  /** Made up when left out; '' sends none, as some gateways do. */
  readonly requestId?: string;
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
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'tool_use' | 'server_tool_use'; readonly id: string; readonly name: string; readonly input: Fields }
  | { readonly type: 'web_search_tool_result'; readonly tool_use_id: string; readonly content: readonly Fields[] };

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
