import type { ToolCall } from '../../engine/tool-call.ts';
import { keyOf } from '../sessions.ts';

/** An MCP server that an agent uses and no gateway stands before. */
export interface PastGateway {
  readonly agent: string;
  readonly server: string;
  readonly session: string;
  readonly cwd: string;
}

/** Names of calls that are remembered: results come soon after them. */
const mostCalls = 2_000;
const mostServers = 200;
/** Their calls have the same name in a hook and in the gateway. */
const precise: ReadonlySet<string> = new Set(['claude-code', 'codex']);

/**
 * Compares what hooks tell of MCP servers with what gateways saw of them. A call runs before its hook tells the result, so a gateway that stands
 * before its server has seen it by then.
 */
export class ServersPast {
  readonly #changed: () => void;
  readonly #seen = new Set<string>();
  readonly #calls = new Set<string>();
  readonly #past = new Map<string, PastGateway>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** A gateway has that call; without one, its server's tools are asked for. */
  gatewaySaw(agent: string, server: string, call?: string): void {
    const key = serverKey(agent, server);
    remember(this.#seen, key, mostServers);
    if (call !== undefined && call !== '') remember(this.#calls, keyOf(agent, call), mostCalls);
    if (this.#past.delete(key)) this.#changed();
  }

  /** A hook told that this call has run. */
  hookTold({ agent: { name: agent }, mcpServer: server, id, tool, session, cwd }: ToolCall): void {
    if (server === undefined || isOwn(server, tool)) return;
    const key = serverKey(agent, server);
    const isPrecise = precise.has(agent) && !id.startsWith('exec-') && !/^(resource|prompt):/.test(tool);
    if (isPrecise ? this.#calls.has(keyOf(agent, id)) : this.#seen.has(key)) return;
    const isNews = !this.#past.has(key);
    if (this.#past.size >= mostServers && isNews) return;
    this.#past.set(key, { agent, server, session: session.id, cwd });
    if (isNews) this.#changed();
  }

  all(): readonly PastGateway[] {
    return [...this.#past.values()];
  }
}

/** Hooks know a server by the name that its tools have in the client. */
function serverKey(agent: string, server: string): string {
  return keyOf(agent, server.replaceAll(/[^A-Za-z0-9_-]/g, '_'));
}

/** What it asks the governor comes another way. */
function isOwn(server: string, tool: string): boolean {
  return server === 'countersign' && ['explain', 'status', 'request', 'search_log'].includes(tool);
}

/** The oldest goes first. */
function remember(set: Set<string>, key: string, most: number): void {
  set.delete(key);
  set.add(key);
  for (const oldest of set) {
    if (set.size <= most) return;
    set.delete(oldest);
  }
}
