import type { Windows } from '../budget/windows.ts';
import type { Ports } from '../ports.ts';
import type { ReviewModel } from './model.ts';

/** About as many characters are a token, where a model does not say what it used. */
const charactersPerToken = 3;

/** How much a model was asked today, by all sessions together; remembered across restarts. */
export class Allowance {
  readonly #ports: Pick<Ports, 'state' | 'clock'>;
  readonly #windows: Pick<Windows, 'now'>;

  constructor(ports: Pick<Ports, 'state' | 'clock'>, windows: Pick<Windows, 'now'>) {
    this.#ports = ports;
    this.#windows = windows;
  }

  /** Takes a call of today's. Throws a sentence where none is left. */
  take({ perDay }: ReviewModel): void {
    const { calls, tokens } = this.#used();
    if (calls >= perDay.calls) throw new Error(usedUp(`${perDay.calls} calls`));
    if (perDay.tokens !== undefined && tokens >= perDay.tokens) throw new Error(usedUp(`${perDay.tokens} tokens`));
    this.#save(calls + 1, tokens);
  }

  /** What a call that was taken has used. */
  spend(tokens: number | undefined, characters: number): number {
    const used = this.#used();
    const more = tokens ?? Math.ceil(characters / charactersPerToken);
    this.#save(used.calls, used.tokens + more);
    return more;
  }

  #used(): { readonly calls: number; readonly tokens: number } {
    const note = this.#ports.state.budgets.note(this.#key());
    return { calls: note?.value ?? 0, tokens: Number(note?.text ?? 0) };
  }

  #save(calls: number, tokens: number): void {
    this.#ports.state.budgets.saveNote(this.#key(), { value: calls, text: String(tokens), at: this.#ports.clock.now() }, 'in passing');
  }

  #key(): string {
    return JSON.stringify(['reviews', this.#windows.now('day').start]);
  }
}

function usedUp(what: string): string {
  return `today's ${what} for reviews are used up ("perDay" of "review" in config.json)`;
}
