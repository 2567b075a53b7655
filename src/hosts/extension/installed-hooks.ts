import { EventEmitter } from 'node:events';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether Claude Code has our hooks, as its own settings say. Looked up when asked to, never while activating. */
export class InstalledHooks {
  readonly events = new EventEmitter<{ readonly change: [] }>();
  readonly #environment: Environment;
  #missing = false;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** `false` until it is known. */
  get missing(): boolean {
    return this.#missing;
  }

  async check(): Promise<void> {
    const { areHooksInstalled } = await import('./hooks-in-settings.ts');
    const missing = !areHooksInstalled(this.#environment);
    if (missing === this.#missing) return;
    this.#missing = missing;
    this.events.emit('change');
  }
}
