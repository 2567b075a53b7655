import type { JsonValue } from '../../engine/json.ts';
import type { PinnedKind, Shown } from '../../engine/artifact/pins/known.ts';
import type { Judge } from './judge.ts';
import type { Speaker } from './speaker.ts';

interface Item {
  readonly name: string;
  readonly definition: JsonValue;
}

/** What the server has shown of itself, by the digests that the governor gave it. */
export class ShownItems {
  readonly #judge: Judge;
  readonly #speaker: Speaker;
  readonly #digests = new Map<string, string>();
  /** What was passed on although nobody could look at it. */
  readonly #unseen = new Map<PinnedKind, readonly Item[]>();

  constructor({ judge, speaker }: { readonly judge: Judge; readonly speaker: Speaker }) {
    this.#judge = judge;
    this.#speaker = speaker;
  }

  /** Names of those that nobody has accepted as they are. Rejects where that cannot be known. */
  async blocked(kind: PinnedKind, items: readonly Item[]): Promise<readonly string[]> {
    if (items.length === 0) return [];
    this.#unseen.set(kind, items);
    const shown = items.map(({ name, definition }): Shown => ({ kind, name, definition }));
    const { verdicts } = await this.#judge.ask('mcpShown', { ...this.#speaker.from(), shown });
    this.#unseen.delete(kind);
    items.forEach(({ name }, index) => {
      const digest = verdicts[index]?.digest ?? '';
      if (digest !== '') this.#digests.set(`${kind} ${name}`, digest);
    });
    return items.flatMap(({ name }, index) => (verdicts[index]?.blocked === undefined ? [] : [name]));
  }

  get isBehind(): boolean {
    return this.#unseen.size > 0;
  }

  /** Before a call is judged by what was shown: what nobody could look at then is looked at now. Rejects where that is still so. */
  async caughtUp(): Promise<void> {
    for (const [kind, items] of this.#unseen) await this.blocked(kind, items);
  }

  /** `undefined` where the client calls what it was not shown in this run. */
  digest(kind: string, name: string): string | undefined {
    return this.#digests.get(`${kind} ${name}`);
  }
}
