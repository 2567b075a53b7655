/** How long a client waits for the answer to a call before it gives up, as measured with each. */
interface Patience {
  readonly ms: number;
  /** Progress makes it wait that long again. */
  readonly withProgressMs?: number;
  /** But not where its configuration sets the limit. */
  readonly keepsCounting?: true;
}

const minute = 60_000;
/** The SDKs' own limit, which most clients keep. */
const ordinary: Patience = { ms: minute };

const clients: Readonly<Record<string, Patience>> = {
  'claude-code': { ms: 30 * minute, withProgressMs: 24 * 60 * minute, keepsCounting: true },
  'codex-mcp-client': { ms: 5 * minute },
  'gemini-cli-mcp-client': { ms: 10 * minute },
  opencode: { ms: minute, withProgressMs: 24 * 60 * minute },
};

/** Over HTTP, where that is something else. */
const distant: Readonly<Record<string, Patience>> = {
  'claude-code': { ms: 5 * minute, withProgressMs: 24 * 60 * minute, keepsCounting: true },
};

/** How long a client waits for a server to start, where it is not as long as Codex does. */
const starts: Readonly<Record<string, number>> = { 'claude-code': 30_000, 'gemini-cli-mcp-client': minute };

/** After how long a start that is asked about has to be refused: its client hears why, and may start it again once it was approved. */
export function startPatienceOf(client: string, env: Readonly<Record<string, string | undefined>>): number {
  const known = (Object.hasOwn(starts, client) ? starts[client] : undefined) ?? 10_000;
  const own = Number(client === 'claude-code' ? env['MCP_TIMEOUT'] : undefined);
  const ms = Number.isFinite(own) && own >= 1_000 ? own : known;
  return ms - Math.min(ms / 4, 5_000);
}

/** Progress that comes every ten seconds keeps no shorter limit from ending the wait. */
const shortest = 15_000;

/** After how long a held call has to be answered. `configuredMs`: what the client is told to wait. */
export function patienceOf(
  client: string,
  { hasProgress, isDistant = false }: { readonly hasProgress: boolean; readonly isDistant?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  configuredMs?: number,
): number {
  const measured = isDistant && Object.hasOwn(distant, client) ? distant : clients;
  const known = (Object.hasOwn(measured, client) ? measured[client] : undefined) ?? ordinary;
  const own = Number(client === 'claude-code' ? env['MCP_TOOL_TIMEOUT'] : undefined);
  const ms = Number.isFinite(own) && own >= 1_000 ? own : (configuredMs ?? known.ms);
  const isExtended = hasProgress && ms >= shortest && (ms === known.ms || known.keepsCounting !== true);
  const limit = isExtended ? (known.withProgressMs ?? ms) : ms;
  return limit - Math.min(limit / 10, 10_000);
}
