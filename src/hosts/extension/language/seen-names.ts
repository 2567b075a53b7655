import type { Connection } from '../connection.ts';
import type { SeenNames } from './known.ts';

const freshMs = 30_000;
/** Nobody waits longer for a list of words. */
const patienceMs = 150;
const nothing: SeenNames = { tools: [], agents: [] };

/** The tools and agents that are in the log. Asks the governor now and then; what it said last counts while it cannot be asked. */
export class SeenInLog {
  readonly #connection: Pick<Connection, 'call'>;
  #names = nothing;
  #asked = -freshMs;
  #asking: Promise<void> | undefined;

  constructor(connection: Pick<Connection, 'call'>) {
    this.#connection = connection;
  }

  async names(): Promise<SeenNames> {
    if (performance.now() - this.#asked > freshMs) this.#asking ??= this.#ask();
    if (this.#asking !== undefined) await Promise.race([this.#asking, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
    return this.#names;
  }

  async #ask(): Promise<void> {
    try {
      const { tools, agents } = await this.#connection.call('facets', {});
      this.#names = { tools: tools.map(({ value }) => value), agents: agents.map(({ value }) => value) };
    } catch {
      // No governor, no names of the log; the others are offered all the same.
    }
    this.#asked = performance.now();
    this.#asking = undefined;
  }
}
