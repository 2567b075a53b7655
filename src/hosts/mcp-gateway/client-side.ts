import type { Readable, Writable } from 'node:stream';
import { McpGateway } from './gateway.ts';
import type { GovernorLine } from './governor-line.ts';
import { outlet, readLines } from './pipes.ts';
import type { Speaker } from './speaker.ts';
import type { Wish } from './wish.ts';

/** A client that says so much before its server answers does not wait for it. */
const mostWaiting = 256;

/** The client on our own stdin and stdout. What it says before there is a server waits for one. */
export class ClientSide {
  readonly gateway: McpGateway;
  readonly toClient: (line: Buffer) => void;
  /** It has said something, or is gone. */
  readonly spoken: Promise<void>;
  readonly #waiting: Buffer[] = [];
  #send = (line: Buffer): void => {
    if (this.#waiting.push(line) === mostWaiting) process.stdin.pause();
  };
  #server: Readable | undefined;

  constructor({ patienceMs }: Wish, judge: GovernorLine, speaker: Speaker, note: (text: string) => void) {
    this.toClient = outlet(process.stdout, () => this.#server);
    this.gateway = new McpGateway({
      judge,
      speaker,
      env: process.env,
      ...(patienceMs === undefined ? {} : { patienceMs }),
      toClient: this.toClient,
      toServer: (line) => this.#send(line),
      note,
    });
    const spoken = Promise.withResolvers<void>();
    this.spoken = spoken.promise;
    process.stdin.on('end', () => this.gateway.clientGone());
    for (const end of ['end', 'close']) process.stdin.on(end, () => spoken.resolve());
    process.stdout.on('error', () => spoken.resolve());
    readLines(process.stdin, (line) => {
      this.gateway.fromClient(line);
      spoken.resolve();
    });
  }

  /** What the client said, and says from now on, goes there. */
  sendTo(send: (line: Buffer) => void): void {
    this.#send = send;
    this.#waiting.splice(0).forEach(send);
    process.stdin.resume();
  }

  /** The server is there. It hears of the client's end as well. */
  connect(input: Writable, output: Readable): void {
    this.#server = output;
    const hasEnded = process.stdin.readableEnded;
    this.sendTo(outlet(input, () => process.stdin));
    if (hasEnded) input.end();
    else process.stdin.on('end', () => input.end());
  }
}
