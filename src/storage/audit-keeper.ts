import type { AuditEntry, AuditRecord } from '../engine/audit/entry.ts';
import type { Checkpoint } from '../engine/audit/checkpoint.ts';
import type { Anchor } from './audit-anchors.ts';
import { AnchorQueue } from './audit-anchor-queue.ts';

export interface KeeperOptions {
  readonly log: {
    readonly append: (entry: AuditEntry, durability: 'written' | 'synced') => Promise<AuditRecord>;
    readonly onAppended: (listener: (records: readonly AuditRecord[]) => void) => () => void;
  };
  readonly signer: { readonly sign: () => Promise<Checkpoint | undefined>; readonly close: () => Promise<void> };
  readonly anchors: readonly Anchor[];
  /** Empties what is older than the rule allows; asked once a day, after signing. */
  readonly emptyOld?: () => Promise<unknown>;
  readonly now: () => number;
  /** Besides every session's end: after so many entries, and so long after the first new one. */
  readonly everyEntries?: number;
  readonly everyMs?: number;
}

const dayMs = 86_400_000;
const ends: ReadonlySet<string> = new Set(['session-end', 'session-killed']);

/**
 * Has the log signed now and then, and the checkpoints carried to where they are anchored: always after the answers have
 * left, and never in the way of a call. What fails is an incident, and is tried again.
 */
export class LogKeeper {
  readonly #options: KeeperOptions;
  readonly #queue: AnchorQueue;
  readonly #stopListening: () => void;
  readonly #complaints = new Set<string>();
  #news = 0;
  #emptiedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #signing: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#queue = new AnchorQueue(options.anchors);
    this.#stopListening = options.log.onAppended((records) => this.#heard(records));
    // There may be entries that a governor before us, or a hook without one, has left unsigned.
    this.#wait();
  }

  /** Signs a last time; resolves when that is anchored, or could not be. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopListening();
    clearTimeout(this.#timer);
    await this.#signing;
    await this.#sign();
    await this.#options.signer.close();
  }

  #heard(records: readonly AuditRecord[]): void {
    const news = records.filter(({ entry }) => entry.kind !== 'checkpoint');
    if (news.length === 0) return;
    this.#news += news.length;
    if (this.#news >= (this.#options.everyEntries ?? 100) || news.some(({ entry }) => ends.has(entry.kind))) this.#signSoon();
    else this.#wait();
  }

  #wait(): void {
    if (!this.#isStopped) this.#timer ??= setTimeout(() => this.#signSoon(), this.#options.everyMs ?? 60_000).unref();
  }

  #signSoon(): void {
    if (this.#isStopped || this.#signing !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#signing = this.#signAndEmpty().finally(() => {
      this.#signing = undefined;
      // What came meanwhile, or did not go out, waits for the next time.
      if (this.#news > 0 || this.#queue.isWaiting) this.#wait();
    });
  }

  async #signAndEmpty(): Promise<void> {
    await this.#sign();
    if (this.#isStopped || this.#options.now() - this.#emptiedAt < dayMs) return;
    this.#emptiedAt = this.#options.now();
    try {
      await this.#options.emptyOld?.();
    } catch (error) {
      await this.#complain('retention', 'Old entries could not be emptied', error);
    }
  }

  async #sign(): Promise<void> {
    this.#news = 0;
    try {
      const checkpoint = await this.#options.signer.sign();
      if (checkpoint !== undefined) this.#queue.add(checkpoint.note.note);
      this.#complaints.delete('signer');
    } catch (error) {
      await this.#complain('signer', 'The log could not be signed', error);
    }
    const failed = async (anchor: string, error: unknown) =>
      this.#complain(anchor, `The checkpoint could not be anchored in ${anchor}`, error);
    const done = (anchor: string): void => void this.#complaints.delete(anchor);
    await this.#queue.flush({ failed, done }, this.#isStopped ? Infinity : this.#options.now());
  }

  /** Once for each thing that fails, until it works again: it is tried every minute. */
  async #complain(about: string, what: string, error: unknown): Promise<void> {
    if (this.#complaints.has(about)) return;
    this.#complaints.add(about);
    const reason = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    // Where the log cannot be written, the next call is refused for that very reason.
    await this.#options.log.append({ kind: 'incident', time: this.#options.now(), reason }, 'written').catch(() => undefined);
  }
}
