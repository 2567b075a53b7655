import { existsSync } from 'node:fs';
import { NoGovernor, type Client } from '../../channel/client.ts';
import type { HookCall, HookReply } from '../../channel/messages.ts';
import { homeOf, openHome } from '../../storage/home.ts';
import { reach, type Deadlines, type Line } from './reach-governor.ts';

/**
 * A governor that is busy, or a machine that just woke up, is not replaced in the middle of a turn. One that has to be started
 * is not waited for: this call is refused over HTTP already.
 */
const deadlines: Deadlines = { greetMs: 15_000, startMs: 5_000 };

/** The gate's lines to the governor: one for each call that is being decided, so that hanging up takes back that call alone. */
export class GateLines {
  readonly #idle: Client[] = [];

  /** The governor's answer, however long a person takes. Rejects, saying why, when there is none. */
  async ask(call: HookCall, gone: AbortSignal): Promise<HookReply> {
    const client = await this.#line();
    const hangUp = (): void => client.close();
    gone.addEventListener('abort', hangUp, { once: true });
    try {
      if (gone.aborted) hangUp();
      return await client.call('hook', call);
    } catch (error) {
      if (error instanceof NoGovernor) throw new Error('Countersign stopped while it judged this call. Try again.', { cause: error });
      throw error;
    } finally {
      gone.removeEventListener('abort', hangUp);
      if (!gone.aborted) this.#keep(client);
    }
  }

  async #line(): Promise<Client> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const { client, wasStarted } = await newLine();
    if (!wasStarted) return client;
    this.#keep(client);
    throw new Error('Countersign was not running and has been started. Try again.');
  }

  #keep(client: Client): void {
    this.#idle.push(client);
    void client.closed.then(() => {
      const at = this.#idle.indexOf(client);
      if (at !== -1) this.#idle.splice(at, 1);
    });
  }
}

function newLine(): Promise<Line> {
  // Uninstalled while the session ran: a governor would bring the folder back.
  if (!existsSync(homeOf().root)) throw new Error('Countersign is no longer installed. Start the session again.');
  return reach(openHome(), deadlines);
}
