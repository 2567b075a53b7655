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

/**
 * Where a server that was started with these arguments listens, of `codexHome`; `undefined` for every other program. An editor's own
 * server speaks over its pipes, and is its session's alone.
 */
export function socketOf(args: readonly string[], codexHome: string): string | undefined {
  const [, path] = /^app-server (?:.* )?--listen[ =]unix:\/\/(\S*)/.exec(args.join(' ')) ?? [];
  return path === '' ? `${codexHome}/app-server-control/app-server-control.sock` : path;
}

/** Ends what a session does in the server, its subagents' turns and background terminals included. */
export async function endInServer(server: AppServer, session: string): Promise<void> {
  // Background terminals are of the experimental kind.
  await server.ask('initialize', { clientInfo: { name: 'countersign', version: '1' }, capabilities: { experimentalApi: true } });
  server.tell('initialized');
  // All of them, where no limit is asked for.
  const { data } = z.parse(loaded, await server.ask('thread/loaded/list', {}));
  await Promise.all(data.map((id) => endIfOurs(server, id, session)));
}

const loaded = z.object({ data: z.array(z.string()) });
const thread = z.object({ thread: z.object({ sessionId: z.optional(z.string()) }) });
const turns = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) });

async function endIfOurs(server: AppServer, threadId: string, session: string): Promise<void> {
  if (!(await worksFor(server, threadId, session))) return;
  // The turn first: it would begin another command.
  const { data } = z.parse(turns, await server.ask('thread/turns/list', { threadId, limit: 1, itemsView: 'notLoaded' }));
  const running = data.find(({ status }) => status === 'inProgress');
  if (running) await server.ask('turn/interrupt', { threadId, turnId: running.id }).catch(passOver);
  await server.ask('thread/backgroundTerminals/clean', { threadId });
}

/** A subagent is a thread of its own. */
async function worksFor(server: AppServer, threadId: string, session: string): Promise<boolean> {
  if (threadId === session) return true;
  const answer = await server.ask('thread/read', { threadId }).catch(passOver);
  return answer !== undefined && z.parse(thread, answer).thread.sessionId === session;
}

/** A turn may come to its end, and a thread go away, in between. */
function passOver(objection: unknown): undefined {
  if (!/no active turn|not loaded/.test(String(objection))) throw objection;
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
