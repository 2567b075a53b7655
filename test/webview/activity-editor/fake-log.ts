import type { SearchState } from '../../../src/channel/messages.ts';
import type { EntryRow } from '../../../src/engine/audit/search.ts';
import type { Fetch } from '../../../src/webview/activity-editor/findings.ts';

/** A log in memory that answers as the governor does: places are counted from the newest entry at the search's beginning. */
export class FakeLog {
  readonly #seqs: number[];
  readonly #begun: number;

  constructor(count: number) {
    this.#seqs = Array.from({ length: count }, (_, index) => index + 1);
    this.#begun = count;
  }

  append(count = 1): void {
    for (let n = 0; n < count; n += 1) this.#seqs.push(this.#seqs.length + 1);
  }

  get state(): SearchState {
    return { id: 's', older: this.#begun, newer: this.#seqs.length - this.#begun, isComplete: true, progress: 1 };
  }

  rows({ from, end }: Pick<Fetch, 'from' | 'end'>): readonly EntryRow[] {
    return Array.from({ length: end - from }, (_, index) => this.#seqs[this.#begun - 1 - (from + index)]).flatMap((seq) =>
      seq === undefined ? [] : [rowOf(seq)],
    );
  }
}

export function rowOf(seq: number, over: Partial<EntryRow> = {}): EntryRow {
  return { seq, time: seq * 1000, kind: 'decision', tool: 'shell', nativeTool: 'Bash', action: 'allow', summary: `call ${seq}`, ...over };
}
