import * as z from 'zod/mini';
import type { JsonObject } from '../../engine/json.ts';

/**
 * The server that sessions of Codex's terminal UI share (`codex app-server --listen unix://`), as far as ending one of them needs it.
 * Source: `codex app-server generate-json-schema` of 0.171.0, and tried with it: JSON-RPC without "jsonrpc", one message a WebSocket frame.
 */
export interface AppServer {
  /** The answer's `result`; rejects with what the server objects. */
  readonly ask: (method: string, params: JsonObject) => Promise<unknown>;
  readonly tell: (method: string) => void;
}

/** Whether that is what it was started as: an editor's own server speaks over its pipes, and is its session's alone. */
export function isSharedServer(args: readonly string[]): boolean {
  return args[0] === 'app-server' && listensAt(args) !== undefined;
}

/** Where it listens, of `codexHome`; `undefined` where that is no socket of this machine. */
export function socketOf(args: readonly string[], codexHome: string): string | undefined {
  const at = listensAt(args);
  return at === '' ? `${codexHome}/app-server-control/app-server-control.sock` : at;
}

function listensAt(args: readonly string[]): string | undefined {
  const at = args.findIndex((word) => /^--listen(=|$)/.test(word));
  const url = args[at]?.split('=')[1] ?? args[at + 1] ?? '';
  return at >= 0 && url.startsWith('unix://') ? url.slice('unix://'.length) : undefined;
}

/** Ends what a session does in the server, its subagents' turns and background terminals included. Resolves with the number of turns. */
export async function endInServer(server: AppServer, session: string): Promise<number> {
  await server.ask('initialize', {
    clientInfo: { name: 'countersign', title: 'Countersign', version: '1' },
    // Background terminals are of that kind.
    capabilities: { experimentalApi: true },
  });
  server.tell('initialized');
  const threads = await threadsOf(server, session);
  const ended = await Promise.all(threads.map((thread) => endThread(server, thread)));
  return ended.filter(Boolean).length;
}

const page = z.object({ data: z.array(z.string()), nextCursor: z.optional(z.nullable(z.string())) });
const thread = z.object({ thread: z.object({ sessionId: z.optional(z.nullable(z.string())) }) });
const turns = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) });

async function threadsOf(server: AppServer, session: string): Promise<readonly string[]> {
  const loaded: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { data, nextCursor } = z.parse(page, await server.ask('thread/loaded/list', cursor === undefined ? {} : { cursor }));
    loaded.push(...data);
    cursor = nextCursor ?? null;
  }
  const isOurs = await Promise.all(loaded.map((id) => worksFor(server, id, session)));
  return loaded.filter((_, at) => isOurs[at]);
}

/** A subagent is a thread of its own. Of one that goes away meanwhile the server knows nothing more. */
async function worksFor(server: AppServer, threadId: string, session: string): Promise<boolean> {
  if (threadId === session) return true;
  const answer = await server.ask('thread/read', { threadId }).catch(() => undefined);
  const read = z.safeParse(thread, answer);
  return read.success && read.data.thread.sessionId === session;
}

/** The turn first: it would begin another command. */
async function endThread(server: AppServer, threadId: string): Promise<boolean> {
  const { data } = z.parse(turns, await server.ask('thread/turns/list', { threadId, limit: 1, itemsView: 'notLoaded' }));
  const running = data.find(({ status }) => status === 'inProgress');
  const ended = running !== undefined && (await interrupt(server, threadId, running.id));
  await server.ask('thread/backgroundTerminals/clean', { threadId });
  return ended;
}

/** Whether it was there to be ended: it may have come to its end in between. */
async function interrupt(server: AppServer, threadId: string, turnId: string): Promise<boolean> {
  try {
    await server.ask('turn/interrupt', { threadId, turnId });
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes('no active turn')) return false;
    throw error;
  }
}

const answerSchema = z.object({
  id: z.number(),
  /** What the server asks has a number of its own, and a method. */
  method: z.optional(z.undefined()),
  result: z.optional(z.unknown()),
  error: z.optional(z.object({ message: z.string() })),
});

export type ServerAnswer = z.infer<typeof answerSchema>;

/** An answer; `undefined` for everything else that the server says. Throws on what is no JSON. */
export function serverAnswer(text: string): ServerAnswer | undefined {
  const read = z.safeParse(answerSchema, JSON.parse(text));
  return read.success ? read.data : undefined;
}
