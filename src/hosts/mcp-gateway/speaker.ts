import { randomUUID } from 'node:crypto';
import { isKnownClient } from '../../agents/mcp/call.ts';
import type { McpFrom } from '../../channel/mcp-messages.ts';
import { pidSpace } from '../../storage/pid-space.ts';
import { MachineProcesses } from '../../storage/processes.ts';
import type { Client } from './governed-call.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Who speaks through this gateway. */
export interface Speaker {
  /** What the client says of itself. */
  readonly name: string;
  readonly introduce: (client: Client) => void;
  /** `named`: the session that a request names itself. */
  readonly from: (named?: string) => McpFrom;
}

/** A client that has started us: what it says of itself, and where it says nothing, its process. */
export class StartingClient implements Speaker {
  readonly #server: string;
  readonly #env: Environment;
  readonly #cwd: string;
  readonly #parent = processOf(process.ppid);
  readonly #own = processOf(process.pid);
  readonly #agent: string | undefined;
  #client: Client;

  /** `agent`: in whose configuration the gateway stands, which counts where the client's own name says nothing to us. */
  constructor(server: string, env: Environment, cwd: string, agent?: string) {
    this.#server = server;
    this.#agent = agent;
    this.#env = env;
    // Known before it has said a word: the server's start is asked about first.
    this.#client = { name: env['CLAUDE_CODE_SESSION_ID'] ? 'claude-code' : 'mcp-client' };
    this.#cwd = env['CLAUDE_PROJECT_DIR'] || cwd;
  }

  get name(): string {
    return this.#client.name;
  }

  introduce(client: Client): void {
    this.#client = client;
  }

  from(named?: string): McpFrom {
    return { ...spoken(this.#client, this.#agent), cwd: this.#cwd, server: this.#server, ...this.#session(named) };
  }

  /**
   * Claude Code tells the servers that it starts in their environment, Codex in each call. Of other agents that start their servers
   * themselves the process is known. Whoever else it is (an editor, a shell) must not be ended with a session: that is the gateway then.
   */
  #session(named: string | undefined): Pick<McpFrom, 'session' | 'pid' | 'pidSpace'> {
    const own = this.name === 'claude-code' ? this.#env['CLAUDE_CODE_SESSION_ID'] : this.name === 'codex-mcp-client' ? named : undefined;
    if (own !== undefined && own !== '') return { session: own };
    return agents.has(this.name) || this.#agent === 'qwen-code' ? this.#parent : this.#own;
  }
}

/** A client that has come over HTTP: nothing is known of its process. */
export class DistantClient implements Speaker {
  readonly #server: string;
  readonly #agent: string | undefined;
  readonly #cwd: string;
  /** Of one that names none. */
  readonly #session = `mcp-${randomUUID()}`;
  #client: Client = { name: 'mcp-client' };

  constructor(server: string, cwd: string, agent?: string) {
    this.#server = server;
    this.#agent = agent;
    this.#cwd = cwd;
  }

  get name(): string {
    return this.#client.name;
  }

  introduce(client: Client): void {
    this.#client = client;
  }

  /** In whose configuration the address stands says a person; the rest says whoever comes. */
  #spoken(): Pick<McpFrom, 'client' | 'version'> {
    return this.#agent === undefined ? spoken(this.#client, undefined) : { client: this.#agent };
  }

  from(named?: string): McpFrom {
    const session = this.name === 'codex-mcp-client' && named ? named : this.#session;
    return { ...this.#spoken(), cwd: this.#cwd, server: this.#server, session, distant: true };
  }
}

function spoken({ name, version }: Client, agent: string | undefined): Pick<McpFrom, 'client' | 'version'> {
  return { client: isKnownClient(name) ? name : (agent ?? name), ...(version === undefined ? {} : { version }) };
}

const agents: ReadonlySet<string> = new Set(['claude-code', 'codex-mcp-client', 'gemini-cli-mcp-client', 'opencode']);

function processOf(pid: number): Pick<McpFrom, 'session' | 'pid' | 'pidSpace'> {
  const start = new MachineProcesses().identify(pid)?.start ?? '';
  return { session: `mcp-${pid}-${start}`, pid, ...pidSpace() };
}
