import type { AuditEntry, AuditRecord } from '../engine/audit/entry.ts';
import type { Checkpoint } from '../engine/audit/checkpoint.ts';
import type { Anchor } from './audit-anchor.ts';
import { AnchorQueue } from './audit-anchor-queue.ts';

export interface KeeperOptions {
  readonly log: {
    readonly append: (entry: AuditEntry, durability: 'written' | 'synced') => Promise<AuditRecord>;
    readonly onAppended: (listener: (records: readonly AuditRecord[]) => void) => () => void;
  };
  readonly signer: {
    /** Rejects where the key is not one to sign with. */
    readonly check: () => Promise<void>;
    readonly sign: () => Promise<Checkpoint | undefined>;
    readonly close: () => Promise<void>;
  };
  readonly anchors: readonly Anchor[];
  /** Empties what is older than the rule allows; asked once a day, after signing. */
  readonly emptyOld?: () => Promise<unknown>;
  readonly now: () => number;
  /** `troubles` have changed. */
  readonly changed?: () => void;
  /** Besides every session's end: after so many entries, and so long after the first new one. */
  readonly everyEntries?: number;
  readonly everyMs?: number;
}

/** What keeps the log from being signed, anchored or emptied, for a person to see. */
export interface LogTrouble {
  readonly id: string;
  readonly message: string;
}

const dayMs = 86_400_000;
const notSigned = 'What is decided is recorded, but the log could not be signed';
const ends: ReadonlySet<string> = new Set(['session-end', 'session-killed']);

/**
 * Has the log signed now and then, and the checkpoints carried to where they are anchored: always after the answers have
 * left, and never in the way of a call. What fails is an incident, and is tried again.
 */
export class LogKeeper {
  readonly #options: KeeperOptions;
  readonly #queue: AnchorQueue;
  readonly #stopListening: () => void;
  readonly #complaints = new Map<string, LogTrouble>();
  #news = 0;
  #emptiedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #signing: Promise<void> | undefined;
  readonly #checking: Promise<void>;
  #isStopped = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#queue = new AnchorQueue(options.anchors);
    this.#stopListening = options.log.onAppended((records) => this.#heard(records));
    // There may be entries that a governor before us, or a hook without one, has left unsigned.
    this.#wait();
    this.#checking = this.#checkKey();
  }

  get troubles(): readonly LogTrouble[] {
    return [...this.#complaints.values()];
  }

  /** Signs a last time; resolves when that is anchored, or could not be. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopListening();
    clearTimeout(this.#timer);
    await this.#checking;
    await this.#signing;
    await this.#sign();
    await this.#options.signer.close();
  }

  /** Told at once, not only when it is needed. */
  async #checkKey(): Promise<void> {
    try {
      await this.#options.signer.check();
    } catch (error) {
      await this.#complain('log-not-signed', 'signer', notSigned, error);
    }
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
      await this.#complain('log-not-emptied', 'retention', 'Old entries could not be emptied', error);
    }
  }

  async #sign(): Promise<void> {
    this.#news = 0;
    try {
      const checkpoint = await this.#options.signer.sign();
      if (checkpoint !== undefined) this.#queue.add(checkpoint.note.note);
      this.#works('signer');
    } catch (error) {
      await this.#complain('log-not-signed', 'signer', notSigned, error);
    }
    const failed = async (anchor: string, error: unknown) =>
      this.#complain('log-not-anchored', anchor, `The checkpoint could not be anchored in ${anchor}`, error);
    const done = (anchor: string): void => this.#works(anchor);
    await this.#queue.flush({ failed, done }, this.#isStopped ? Infinity : this.#options.now());
  }

  #works(about: string): void {
    if (this.#complaints.delete(about)) this.#options.changed?.();
  }

  /** Once for each thing that fails, until it works again: it is tried every minute. */
  async #complain(event: string, about: string, what: string, error: unknown): Promise<void> {
    const isNew = !this.#complaints.has(about);
    const reason = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    this.#complaints.set(about, { id: `${event}:${about}`, message: reason });
    this.#options.changed?.();
    if (!isNew) return;
    // Where the log cannot be written, the next call is refused for that very reason.
    const detail = { event };
    await this.#options.log.append({ kind: 'incident', time: this.#options.now(), reason, detail }, 'written').catch(() => undefined);
  }
}
