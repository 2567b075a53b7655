/** How long a client waits for the answer to a call before it gives up, as measured with each. */
interface Patience {
  readonly ms: number;
  /** Progress makes it wait that long again. */
  readonly withProgressMs?: number;
}

const minute = 60_000;
/** The SDKs' own limit, which most clients keep. */
const ordinary: Patience = { ms: minute };

const clients: Readonly<Record<string, Patience>> = {
  'claude-code': { ms: 30 * minute, withProgressMs: 24 * 60 * minute },
  'codex-mcp-client': { ms: 5 * minute },
  'gemini-cli-mcp-client': { ms: 10 * minute },
  opencode: { ms: minute, withProgressMs: 24 * 60 * minute },
};

/** After how long a held call has to be answered. */
export function patienceOf(client: string, hasProgress: boolean, env: Readonly<Record<string, string | undefined>>): number {
  const known = (Object.hasOwn(clients, client) ? clients[client] : undefined) ?? ordinary;
  const own = Number(client === 'claude-code' ? env['MCP_TOOL_TIMEOUT'] : undefined);
  const ms = Number.isFinite(own) && own >= 1_000 ? own : hasProgress ? (known.withProgressMs ?? known.ms) : known.ms;
  return ms - Math.min(ms / 10, 10_000);
}
