import type { Approval } from '../engine/approval/approval.ts';
import type { AuditRecord } from '../engine/audit/entry.ts';
import type { Clock } from './ports.ts';
import type { SessionInSight } from './sight.ts';

/** What changed. Lists are whole; `activity` brings only the new records, newest first. */
export type Change =
  | { readonly push: 'approvals'; readonly approvals: readonly Approval[] }
  | { readonly push: 'sessions'; readonly sessions: readonly SessionInSight[] }
  | { readonly push: 'activity'; readonly records: readonly AuditRecord[] };
export type Listener = (change: Change) => void;

export interface View {
  readonly approvals: () => readonly Approval[];
  readonly sessions: () => readonly SessionInSight[];
}

/** Long enough to turn a burst of calls into one message, short enough not to be noticed. */
const coalesceMs = 25;

/** Tells listeners what changed, at most once per `coalesceMs`, and never in the middle of a decision. */
export class Feed {
  readonly #clock: Clock;
  readonly #view: View;
  readonly #onFault: (error: unknown) => void;
  readonly #listeners = new Set<Listener>();
  readonly #changed = new Set<'approvals' | 'sessions'>();
  #records: AuditRecord[] = [];
  #scheduled = false;

  constructor(clock: Clock, view: View, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#view = view;
    this.#onFault = onFault;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(what: 'approvals' | 'sessions'): void {
    if (this.#listeners.size === 0) return;
    this.#changed.add(what);
    // An approval that opens or closes changes how its session stands.
    if (what === 'approvals') this.#changed.add('sessions');
    this.#schedule();
  }

  recorded(record: AuditRecord): void {
    if (this.#listeners.size === 0) return;
    this.#records.push(record);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.after(coalesceMs, () => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const records = this.#records.toReversed();
    const changed = new Set(this.#changed);
    this.#records = [];
    this.#changed.clear();
    // A watcher that fails, or a list that cannot be read now, must not reach the decisions.
    try {
      if (changed.has('approvals')) this.#tell({ push: 'approvals', approvals: this.#view.approvals() });
      if (changed.has('sessions')) this.#tell({ push: 'sessions', sessions: this.#view.sessions() });
      if (records.length > 0) this.#tell({ push: 'activity', records });
    } catch (error) {
      this.#onFault(error);
    }
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
