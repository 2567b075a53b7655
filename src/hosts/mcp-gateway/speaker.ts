import type { McpFrom } from '../../channel/mcp-messages.ts';
import { pidSpace } from '../../storage/pid-space.ts';
import { MachineProcesses } from '../../storage/processes.ts';
import type { Client } from './governed-call.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Who speaks through this gateway: what the client says of itself, and where it says nothing, its process. */
export class Speaker {
  readonly #server: string;
  readonly #env: Environment;
  readonly #cwd: string;
  readonly #parent = processOf(process.ppid);
  readonly #own = processOf(process.pid);
  #client: Client = { name: 'mcp-client' };

  constructor(server: string, env: Environment, cwd: string) {
    this.#server = server;
    this.#env = env;
    this.#cwd = env['CLAUDE_PROJECT_DIR'] || cwd;
  }

  get name(): string {
    return this.#client.name;
  }

  introduce(client: Client): void {
    this.#client = client;
  }

  /** `named`: the session that a request names itself. */
  from(named?: string): McpFrom {
    const { name: client, version } = this.#client;
    return { client, ...(version === undefined ? {} : { version }), cwd: this.#cwd, server: this.#server, ...this.#session(named) };
  }

  /**
   * Claude Code tells the servers that it starts in their environment, Codex in each call. Of other agents that start their servers
   * themselves the process is known. Whoever else it is (an editor, a shell) must not be ended with a session: that is the gateway then.
   */
  #session(named: string | undefined): Pick<McpFrom, 'session' | 'pid' | 'pidSpace'> {
    const own = this.name === 'claude-code' ? this.#env['CLAUDE_CODE_SESSION_ID'] : this.name === 'codex-mcp-client' ? named : undefined;
    if (own !== undefined && own !== '') return { session: own };
    return agents.has(this.name) ? this.#parent : this.#own;
  }
}

const agents: ReadonlySet<string> = new Set(['claude-code', 'codex-mcp-client', 'gemini-cli-mcp-client', 'opencode']);

function processOf(pid: number): Pick<McpFrom, 'session' | 'pid' | 'pidSpace'> {
  const start = new MachineProcesses().identify(pid)?.start ?? '';
  return { session: `mcp-${pid}-${start}`, pid, ...pidSpace() };
}
