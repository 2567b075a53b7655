import { EventEmitter } from 'node:events';
import type { Method, Methods, Push, ReviewTask, SearchState, Snapshot } from '../../channel/messages.ts';
import { applyPush } from './mirror.ts';

/** An open line to the governor, greeted and ready for calls. */
export interface Line {
  call<M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']>;
  subscribe(onPush: (push: Push) => void): Promise<Snapshot>;
  /** Settles when the line is closed, also by ourselves. */
  readonly closed: Promise<unknown>;
  close(): void;
}

export type LinkState =
  | { readonly state: 'connecting' }
  | { readonly state: 'governed' }
  | { readonly state: 'unreachable'; readonly reason: string };

interface Events {
  /** The link's state, or anything in the snapshot but its activity. */
  readonly change: [];
  /** A whole new snapshot: after every connect. */
  readonly reset: [];
  readonly activity: [records: Snapshot['activity']];
  /** How far a search of this window has got. */
  readonly search: [state: SearchState];
  /** The governor wants a language model of this window asked. */
  readonly review: [task: ReviewTask];
}

const pingEveryMs = 10_000;
const pingTimeoutMs = 5_000;

/** How long to wait before the next attempt to connect. */
export function backoffMs(failures: number): number {
  return Math.min(10_000, 250 * 2 ** Math.min(failures, 10));
}

/** This window's line to the governor: made again for ever, with the last snapshot at hand. */
export class Connection {
  readonly events = new EventEmitter<Events>();
  readonly #open: () => Promise<Line>;
  readonly #log: (message: string) => void;
  #link: LinkState = { state: 'connecting' };
  #snapshot: Snapshot | undefined;
  #line: Line | undefined;
  #wake: () => void = () => undefined;
  #disposed = false;

  constructor(open: () => Promise<Line>, log: (message: string) => void) {
    this.#open = open;
    this.#log = log;
  }

  get link(): LinkState {
    return this.#link;
  }

  /** What the governor last said; `undefined` before the first connection. Stale unless the link says `governed`. */
  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Connects, and again whenever the line breaks, until disposed. */
  async run(): Promise<void> {
    let failures = 0;
    while (!this.#disposed) {
      try {
        await this.#follow(await this.#open(), () => (failures = 0));
        this.#setLink({ state: 'connecting' });
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        // Once for each reason: attempts go on for ever.
        if (this.#link.state !== 'unreachable' || this.#link.reason !== reason) this.#log(`No governor: ${reason}`);
        this.#setLink({ state: 'unreachable', reason });
      }
      await this.#pause(backoffMs(failures++));
    }
  }

  /** Does not wait for the next attempt. */
  retry(): void {
    this.#wake();
  }

  async call<M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
    if (!this.#line) throw new Error('the governor cannot be reached');
    return this.#line.call(method, params);
  }

  dispose(): void {
    this.#disposed = true;
    this.events.removeAllListeners();
    this.#line?.close();
    this.#wake();
  }

  async #follow(line: Line, connected: () => void): Promise<void> {
    // A window that was closed while we connected must not keep the governor alive.
    if (this.#disposed) return line.close();
    const ping = setInterval(() => void this.#ping(line), pingEveryMs);
    try {
      this.#snapshot = await line.subscribe((push) => this.#apply(push));
      this.#line = line;
      connected();
      this.#setLink({ state: 'governed' });
      this.events.emit('reset');
      await line.closed;
      this.#log('The line to the governor broke.');
    } finally {
      clearInterval(ping);
      this.#line = undefined;
      line.close();
    }
  }

  #apply(push: Push): void {
    if (!this.#snapshot || !this.#line) return;
    this.#snapshot = applyPush(this.#snapshot, push);
    if (push.push === 'activity') this.events.emit('activity', push.records);
    else if (push.push === 'search') this.events.emit('search', push.state);
    else if (push.push === 'review') this.events.emit('review', push.task);
    else this.events.emit('change');
  }

  /** A governor that holds the line but does not answer is as good as none. */
  async #ping(line: Line): Promise<void> {
    const alive = await Promise.race([
      line.call('status', {}).then(
        () => true,
        () => false,
      ),
      delay(pingTimeoutMs).then(() => false),
    ]);
    if (!alive) line.close();
  }

  #setLink(link: LinkState): void {
    if (this.#disposed) return;
    this.#link = link;
    this.events.emit('change');
  }

  async #pause(ms: number): Promise<void> {
    if (this.#disposed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

async function delay(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}
