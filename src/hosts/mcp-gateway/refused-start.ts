import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { idText, readLine } from './frame.ts';
import { errorLine, refusedCode } from './reply.ts';

/** What stands in a server's place that does not start: it says why to every request, and ends once the client has heard it. */
export class RefusedStart {
  readonly #message: string;
  readonly #toClient: (line: Buffer) => void;
  readonly #heard = Promise.withResolvers<void>();

  constructor(reason: string, toClient: (line: Buffer) => void) {
    this.#message = `Countersign does not start this server. ${reason}`;
    this.#toClient = toClient;
  }

  take(line: Buffer): void {
    const read = readLine(line);
    if (read.kind !== 'message' || read.frame.id === undefined || read.frame.method === undefined) return;
    this.#toClient(errorLine(idText(read.frame), refusedCode, this.#message));
    // A client that asked in the newest words first asks once more in the older ones.
    if (read.frame.method === 'initialize') this.#heard.resolve();
  }

  /** Resolves when nothing more will be asked. */
  async over(client: Readable): Promise<void> {
    if (!client.readableEnded && !client.destroyed) await Promise.race([this.#heard.promise, once(client, 'close'), once(client, 'end')]);
  }
}
