import { render } from 'lit';
import type { ChangedByRule, ChangedCall } from '../../engine/policy/replay/summary.ts';
import type { Editor } from '../editor.ts';
import { type FromReplay, type ReplayResult, replayResult, type ToReplay } from './messages.ts';
import { page } from './page.ts';

/** What policies would have decided on past calls: a picture of one replay, which is kept when the window is reloaded. */
export class Replay {
  readonly #root: HTMLElement;
  readonly #editor: Editor<FromReplay>;
  #result: ReplayResult | undefined;
  #only: ChangedByRule | undefined;

  constructor(root: HTMLElement, editor: Editor<FromReplay>) {
    this.#root = root;
    this.#editor = editor;
    const kept = replayResult.safeParse(editor.kept());
    if (kept.success) this.#result = kept.data;
    this.#draw();
  }

  receive({ result }: ToReplay): void {
    this.#result = result;
    this.#only = undefined;
    this.#editor.keep(result);
    this.#draw();
  }

  readonly #events = {
    again: (): void => this.#editor.post({ type: 'again' }),
    open: ({ seq, time, session }: ChangedCall): void => this.#editor.post({ type: 'open', seq, time, session }),
    only: (rule: ChangedByRule | undefined): void => {
      this.#only = rule;
      this.#draw();
    },
  };

  #draw(): void {
    render(page(this.#result, this.#only, this.#events), this.#root);
  }
}
