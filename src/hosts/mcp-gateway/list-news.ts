/** What the client is told when lists are other ones because policies, or what people accepted, have changed. */
export interface ListNewsOptions {
  /** Resolves with another number than `since` when they may be; rejects where nobody can say. */
  readonly changed: (since: number) => Promise<number>;
  readonly toClient: (line: Buffer) => void;
}

const notifications = ['tools', 'prompts', 'resources'] as const;

export class ListNews {
  readonly #options: ListNewsOptions;
  /** Lists that the client has asked for. */
  readonly #asked = new Set<string>();
  /** Requests of the newest revision to be told, as their ids are written. */
  readonly #subscriptions = new Set<string>();
  #hasHandshake = false;
  #isListening = false;

  constructor(options: ListNewsOptions) {
    this.#options = options;
  }

  /** The client was promised that it will hear. */
  promised(): void {
    this.#hasHandshake = true;
  }

  subscribed(id: string): void {
    this.#subscriptions.add(id);
  }

  unsubscribed(id: string): void {
    this.#subscriptions.delete(id);
  }

  /** The client has this list now, as it was at that revision. `method`: `tools/list`. */
  listed(method: string, revision: number): void {
    this.#asked.add(method.split('/')[0] ?? '');
    if (this.#isListening) return;
    this.#isListening = true;
    void this.#listen(revision).finally(() => (this.#isListening = false));
  }

  /** Until nobody can say any more: the next list begins anew. */
  async #listen(since: number): Promise<void> {
    try {
      for (let known = since; ;) {
        known = await this.#options.changed(known);
        this.#tell();
      }
    } catch {
      // The governor is gone; calls and lists find the next one.
    }
  }

  #tell(): void {
    for (const list of notifications.filter((name) => this.#asked.has(name))) {
      if (this.#hasHandshake) this.#options.toClient(notification(list));
      for (const id of this.#subscriptions) this.#options.toClient(notification(list, id));
    }
  }
}

function notification(list: string, subscription?: string): Buffer {
  const meta = subscription === undefined ? '' : `,"params":{"_meta":{"io.modelcontextprotocol/subscriptionId":${subscription}}}`;
  return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${list}/list_changed"${meta}}\n`);
}
