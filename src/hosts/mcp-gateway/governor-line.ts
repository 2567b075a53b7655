import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../../package.json' with { type: 'json' };
import { NoGovernor, type Client } from '../../channel/client.ts';
import type { McpMethods } from '../../channel/mcp-messages.ts';
import type { OwnMethods } from '../../channel/own-messages.ts';
import { ensureGovernor } from '../../channel/start.ts';
import { openHome, type Home } from '../../storage/home.ts';
import { governorEnvironment } from '../../storage/install/person-environment.ts';
import { MachineProcesses } from '../../storage/processes.ts';
import { readOrCreateToken } from '../../storage/token.ts';

type Asked = McpMethods & OwnMethods;

/** To start and greet a governor. */
const startMs = 15_000;
/** How often a governor that holds a call is asked whether it is still alive, and how long it may take to say so. */
const pulseMs = 5_000;

/** The gateway's line to the governor: opened when it is first needed, and again when it broke. */
export class GovernorLine {
  readonly #home: Home = openHome();
  #opening: Promise<Client> | undefined;
  #client: Client | undefined;
  #waiting = 0;
  #pulse: NodeJS.Timeout | undefined;

  /** Rejects, saying why, when there is no answer. */
  async ask<M extends keyof Asked>(method: M, params: Asked[M]['params']): Promise<Asked[M]['result']> {
    const client = this.#client ?? (await this.#open());
    this.#wait(1);
    try {
      return await client.call(method, params);
    } catch (error) {
      if (error instanceof NoGovernor) throw new Error('Countersign stopped while it judged this call. Try again.', { cause: error });
      throw error;
    } finally {
      this.#wait(-1);
    }
  }

  /** Held for as long as nothing changes: that is no silence to be worried about. */
  async changed(since: number): Promise<number> {
    const client = this.#client ?? (await this.#open());
    return (await client.call('mcpChanged', { since })).revision;
  }

  /** Nobody waits for that answer any more. */
  letGo(ask: string): void {
    this.#client?.call('mcpLetGo', { ask }).catch(() => undefined);
  }

  close(): void {
    clearTimeout(this.#pulse);
    this.#client?.close();
  }

  #open(): Promise<Client> {
    this.#opening ??= this.#connect().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #connect(): Promise<Client> {
    const home = this.#home;
    // Uninstalled while the session ran: a governor would bring the folder back.
    if (!existsSync(home.root)) throw new Error('Countersign is no longer installed. Start the session again.');
    const { client } = await ensureGovernor({
      home,
      hello: { token: readOrCreateToken(home.clientToken), client: 'hook', pid: process.pid, version: manifest.version },
      command: process.execPath,
      args: [governorProgram()],
      env: governorEnvironment(),
      deadlineMs: startMs,
      processes: new MachineProcesses(),
    });
    this.#client = client;
    void client.closed.then(() => (this.#client === client ? (this.#client = undefined) : undefined));
    return client;
  }

  #wait(more: 1 | -1): void {
    this.#waiting += more;
    if (this.#waiting > 0) this.#pulse ??= setTimeout(() => void this.#feelPulse(), pulseMs).unref();
  }

  /** One that hangs holds its calls for ever: hung up on, they are refused. */
  async #feelPulse(): Promise<void> {
    this.#pulse = undefined;
    const client = this.#client;
    if (client === undefined || this.#waiting === 0) return;
    const silence = setTimeout(() => client.close(), pulseMs);
    await client.call('status', {}).catch(() => undefined);
    clearTimeout(silence);
    if (this.#waiting > 0) this.#pulse ??= setTimeout(() => void this.#feelPulse(), pulseMs).unref();
  }
}

/** Beside us when bundled, in its own folder in the sources. */
function governorProgram(): string {
  const here = fileURLToPath(import.meta.url);
  return here.endsWith('.ts') ? join(dirname(here), '..', 'serve', 'main.ts') : join(dirname(here), 'serve.mjs');
}
