import { breakerKey, isEnforced, limitKey, type HeldBreaker, type HeldLimit } from '../../engine/budget/held.ts';
import type { Said, Told } from '../../engine/budget/finding.ts';
import { redactText } from '../../engine/guardrail/redact.ts';
import type { Ports } from '../ports.ts';

/** What a person must see. */
export interface BudgetProblem {
  readonly id: string;
  readonly message: string;
}

interface Shown extends BudgetProblem {
  readonly session: string;
  readonly until: number;
}

/** Something to be told for the first time, and by what. */
export interface News {
  readonly held: HeldLimit | HeldBreaker;
  readonly told: Told;
}

const mostShown = 10;
const dayMs = 86_400_000;

/** What budgets tell people: each thing once, and the latest of each limit before their eyes for as long as it matters. */
export class BudgetNews {
  readonly #ports: Ports;
  readonly #changed: () => void;
  readonly #shown = new Map<string, Shown>();

  constructor(ports: Ports, changed: () => void) {
    this.#ports = ports;
    this.#changed = changed;
  }

  /** What of it was never told before; from now on it was. What is exempted has nothing to tell. */
  fresh(said: readonly Said[]): readonly News[] {
    const { state, clock } = this.#ports;
    const all = said
      .filter(({ held }) => held.exemption === undefined)
      .flatMap(({ held, told }) => told.map((one) => ({ held, told: one })));
    return all.filter(({ told }) => {
      if ((state.budgets.note(told.key)?.value ?? 0) > 0) return false;
      state.budgets.saveNote(told.key, { value: 1, text: '', at: clock.now() }, 'in passing');
      return true;
    });
  }

  /** It could not be written down: the next call tells it again. */
  takeBack(news: readonly News[]): void {
    const { state, clock } = this.#ports;
    for (const { told } of news) state.budgets.saveNote(told.key, { value: 0, text: '', at: clock.now() }, 'in passing');
  }

  show(news: readonly News[], agent: string, session: string): void {
    const seen = news.filter(({ held }) => isEnforced(held));
    for (const { held, told } of seen) this.#show(held, told, agent, session);
    if (seen.length > 0) this.#changed();
  }

  /** Whatever of that session or limit was shown has been dealt with. */
  hide(fits: (key: string, session: string) => boolean): void {
    const hidden = [...this.#shown].filter(([key, { session }]) => fits(key, session));
    for (const [key] of hidden) this.#shown.delete(key);
    if (hidden.length > 0) this.#changed();
  }

  problems(): readonly BudgetProblem[] {
    const now = this.#ports.clock.now();
    for (const [key, { until }] of this.#shown) if (until <= now) this.#shown.delete(key);
    return [...this.#shown.values()].map(({ id, message }) => ({ id, message }));
  }

  #show(held: HeldLimit | HeldBreaker, told: Told, agent: string, session: string): void {
    const { clock } = this.#ports;
    const key = 'limit' in held ? limitKey(held, agent) : breakerKey(held, agent);
    const until = Math.min('limit' in held ? (held.span?.end ?? Infinity) : Infinity, clock.now() + dayMs);
    const where = told.event === 'tripped' ? ` Session ${session}.` : '';
    this.#shown.delete(key);
    this.#shown.set(key, { id: `budget:${held.document.name}:${told.key}`, message: redactText(`${told.text}${where}`), session, until });
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > mostShown && oldest !== undefined) this.#shown.delete(oldest);
  }
}
