import type { Call } from './call.ts';

/** A call that its server goes on with by itself, and is asked for later. */
export interface Task {
  readonly call: Call;
  /** What was looked through last, and passed on as it was: clients ask again and again. */
  seen: string;
  /** How it ended is recorded. */
  isOver: boolean;
}

/** More than any server has; the oldest is forgotten, and its result refused. */
const most = 10_000;
/** Servers tell of a task before they answer the call that it is one. So long, and of so many, that is waited for. */
const earlyMs = 5_000;
const mostEarly = 1_000;

/** Which calls have become tasks, by the ids that their server gave them. */
export class KnownTasks {
  readonly #tasks = new Map<string, Task>();
  readonly #expected = new Map<string, Set<(task: Task | undefined) => void>>();
  #expecting = 0;

  begin(id: string, call: Call): void {
    const [oldest] = this.#tasks.keys();
    if (this.#tasks.size >= most && oldest !== undefined) this.#tasks.delete(oldest);
    const task = { call, seen: '', isOver: false };
    this.#tasks.set(id, task);
    for (const tell of this.#expected.get(id) ?? []) tell(task);
  }

  find(id: string): Task | undefined {
    return this.#tasks.get(id);
  }

  /** Resolves with the task as soon as a call has become it; with `undefined` when that takes too long. */
  async expect(id: string): Promise<Task | undefined> {
    const known = this.find(id);
    if (known !== undefined || this.#expecting >= mostEarly) return known;
    const { promise, resolve } = Promise.withResolvers<Task | undefined>();
    const timer = setTimeout(() => resolve(undefined), earlyMs).unref();
    const waiting = this.#expected.get(id) ?? new Set();
    this.#expected.set(id, waiting.add(resolve));
    this.#expecting += 1;
    const task = await promise;
    clearTimeout(timer);
    this.#expecting -= 1;
    waiting.delete(resolve);
    if (waiting.size === 0) this.#expected.delete(id);
    return task;
  }

  /** No call will become one any more. */
  giveUp(): void {
    for (const waiting of this.#expected.values()) for (const tell of waiting) tell(undefined);
  }

  /** Guardrails look through the results of some. */
  get isWatched(): boolean {
    return [...this.#tasks.values()].some(({ call }) => call.watched);
  }

  /** Those that nobody has seen the end of. */
  get open(): readonly Task[] {
    return [...this.#tasks.values()].filter(({ isOver }) => !isOver);
  }
}
