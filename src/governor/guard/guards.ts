import { saltedHash } from '../../engine/guardrail/policy/hash.ts';
import type { Placeholder } from '../../engine/guardrail/policy/rewrite.ts';
import type { Ports } from '../ports.ts';

/** The note that what was found is hashed with. */
export const saltKey = 'guardrail salt';
/** Values of one session that have a number; later ones are told apart by their hash. */
const mostNumbered = 1_000;

/** Remembers what guardrails need to name what they found without keeping it. */
export class Guards {
  readonly #ports: Pick<Ports, 'state' | 'ids' | 'clock'>;
  #salt: string | undefined;

  constructor(ports: Pick<Ports, 'state' | 'ids' | 'clock'>) {
    this.#ports = ports;
  }

  readonly hashOf = (found: string): string => {
    this.#salt ??= this.#loadSalt();
    return saltedHash(this.#salt, found);
  };

  /** `[redacted:github-token#1]`: in one session, the same value has the same number, also after a restart. */
  placeholders(agent: string, session: string): Placeholder {
    const { budgets: notes } = this.#ports.state;
    const key = JSON.stringify(['placeholders', agent, session]);
    const numbers = new Numbers((notes.note(key)?.text ?? '').split('\n').filter((line) => line !== ''));
    let isSaving = false;
    const save = (): void => notes.saveNote(key, { value: numbers.size, text: numbers.text(), at: this.#ports.clock.now() }, 'in passing');
    return (kind, hash) => {
      const name = kind.split('/').at(-1) ?? kind;
      const before = numbers.size;
      const number = numbers.of(name, hash);
      // Once for all that one message brings.
      if (numbers.size > before && !isSaving) queueMicrotask(save);
      isSaving ||= numbers.size > before;
      return `[redacted:${name}#${number}]`;
    };
  }

  /** One for this log. Processes that make one at the same time agree on the last. */
  #loadSalt(): string {
    const { state, ids, clock } = this.#ports;
    const text = state.budgets.note(saltKey)?.text ?? `${ids()}${ids()}`;
    // Written anew each time, because notes that are never used are forgotten.
    state.budgets.saveNote(saltKey, { value: 0, text, at: clock.now() }, 'at once');
    return state.budgets.note(saltKey)?.text ?? text;
  }
}

/** Counts the values of each kind, in the order in which they came. */
class Numbers {
  readonly #known = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  constructor(lines: readonly string[]) {
    for (const line of lines) this.#add(line);
  }

  get size(): number {
    return this.#known.size;
  }

  of(name: string, hash: string): string {
    const line = `${name} ${hash}`;
    return String(this.#known.get(line) ?? (this.size < mostNumbered ? this.#add(line) : hash));
  }

  text(): string {
    return [...this.#known.keys()].join('\n');
  }

  #add(line: string): number {
    const name = line.split(' ')[0] ?? '';
    const number = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, number);
    this.#known.set(line, number);
    return number;
  }
}
