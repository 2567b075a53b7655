import type { ServerEvent } from '../event-stream.ts';
import { idText, readLine, type Frame } from '../frame.ts';
import { withId } from './ids.ts';
import type { Turn } from './turn.ts';

/** Whose work it is that something is said: the client's request, and which event of the server's it comes from. */
export interface Cause extends Omit<ServerEvent, 'line'> {
  readonly turn: Turn;
}

/** Of what nobody listens to, the newest is kept: so many messages, and bytes. */
const mostUnheard = 100;
const mostBytes = 4 * 1024 * 1024;

/** Who of a client's requests over HTTP hears what is said to it. */
export class Hearers {
  /** Requests without an answer, by the ids that the gateway knows them by: clients without a session may use the same ones. */
  readonly #open = new Map<string, Turn>();
  /** Where the client hears what belongs to no request; what it has not heard yet. */
  #listening: Turn | undefined;
  readonly #unheard: Buffer[] = [];

  get isIdle(): boolean {
    return this.#open.size === 0 && (this.#listening?.isOver ?? true);
  }

  /** `own`: the id as it is written. */
  begins(own: string, turn: Turn): void {
    this.#open.set(own, turn);
  }

  waits(own: string): boolean {
    return this.#open.has(own);
  }

  /** Whether it did wait. */
  forget(own: string): boolean {
    return this.#open.delete(own);
  }

  /** Requests that the client calls so, by our ids; `first` before others. */
  named(id: string | undefined, first?: Turn): readonly (readonly [string, Turn])[] {
    const found = [...this.#open].filter(([, { frame }]) => id !== undefined && frame?.id === id);
    const exact = found.filter(([, turn]) => turn === first);
    return exact.length > 0 ? exact : found;
  }

  /** From now on the client hears here what belongs to no request. */
  listens(turn: Turn): void {
    turn.stream();
    this.#listening = turn;
    for (const line of this.#unheard.splice(0)) turn.say({ line });
  }

  /** To the request that it answers, else to that in whose course it is said, else to whoever listens. */
  hear(cause: Cause | undefined, line: Buffer): void {
    const frame = answerIn(line);
    if (frame === undefined) return this.#say(cause, line);
    const own = idText(frame);
    const asked = this.#open.get(own);
    this.#open.delete(own);
    if (asked?.frame === undefined) return;
    const { turn = asked, ...at } = cause ?? {};
    const answer = { ...at, line: withId(frame, idText(asked.frame)) };
    // One that comes where the client listens leaves that open.
    if (turn === asked) asked.answer(answer);
    else turn.say(answer);
  }

  close(): void {
    this.#listening?.end();
    for (const turn of this.#open.values()) turn.ending.abort();
  }

  #say(cause: Cause | undefined, line: Buffer): void {
    const { turn, ...at } = cause ?? {};
    // What was said to a notification, or to an answer of the client's, is why it was not taken.
    if (turn?.frame !== undefined && turn.frame.id === undefined && turn.isFresh) return turn.refuse(line);
    if (turn !== undefined && !turn.isOver) return turn.say({ ...at, line });
    const [own, subscribed] = [...this.#open].find(([id]) => line.includes(id)) ?? [];
    if (own !== undefined && subscribed?.frame !== undefined)
      return subscribed.say({ line: Buffer.from(line.toString('utf8').split(own).join(idText(subscribed.frame))) });
    if (this.#listening !== undefined && !this.#listening.isOver) return this.#listening.say({ line });
    this.#unheard.push(line);
    while (this.#unheard.length > mostUnheard || bytesOf(this.#unheard) > mostBytes) this.#unheard.shift();
  }
}

function bytesOf(lines: readonly Buffer[]): number {
  return lines.reduce((sum, { length }) => sum + length, 0);
}

/** An answer to a request; `undefined`: it is something else. */
function answerIn(line: Buffer): Frame | undefined {
  const read = readLine(line);
  const isAnswer = read.kind === 'message' && read.frame.method === undefined && read.frame.id !== undefined;
  return isAnswer && idText(read.frame) !== 'null' ? read.frame : undefined;
}
