import { progressLine } from './reply.ts';

interface HoldOptions {
  /** Milliseconds. The governor is told as well, and refuses in time. */
  readonly waits: number;
  /** Left out: the client wants to hear nothing meanwhile. */
  readonly progressToken?: string | number;
  readonly toClient: (line: Buffer) => void;
  /** It did not. */
  readonly giveUp: () => void;
}

/** The first soon, so that a person sees what is waited for; all before the shortest limit that they extend. */
const firstMs = 2_000;
const everyMs = 10_000;
const graceMs = 3_000;

/** A call that is waited for: tells the client that it still is, and ends the wait before the client does. */
export class Hold {
  readonly #options: HoldOptions;
  readonly #end: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #told = 0;

  constructor(options: HoldOptions) {
    this.#options = options;
    const { waits, progressToken, giveUp } = options;
    this.#end = setTimeout(giveUp, waits + graceMs);
    if (progressToken !== undefined) this.#timer = setTimeout(() => this.#tell(progressToken), firstMs);
  }

  end(): void {
    clearTimeout(this.#end);
    clearTimeout(this.#timer);
  }

  /** Progress has to grow; the server's own begins later, and above. */
  #tell(token: string | number): void {
    this.#told += 1;
    this.#options.toClient(progressLine(token, this.#told / 1_000_000, 'Countersign waits for a person to approve this call.'));
    this.#timer = setTimeout(() => this.#tell(token), everyMs);
  }
}
