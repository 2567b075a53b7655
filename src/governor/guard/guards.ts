import { saltedHash } from '../../engine/guardrail/policy/hash.ts';
import type { Placeholder } from '../../engine/guardrail/policy/rewrite.ts';
import type { Ports } from '../ports.ts';

const saltKey = 'guardrail salt';
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
    const known = (notes.note(key)?.text ?? '').split('\n').filter((line) => line !== '');
    return (kind, hash) => {
      const name = kind.split('/').at(-1) ?? kind;
      const line = `${name} ${hash}`;
      if (!known.includes(line)) {
        if (known.length >= mostNumbered) return `[redacted:${name}#${hash}]`;
        known.push(line);
        notes.saveNote(key, { value: known.length, text: known.join('\n'), at: this.#ports.clock.now() }, 'in passing');
      }
      return `[redacted:${name}#${known.filter((one) => one.startsWith(`${name} `)).indexOf(line) + 1}]`;
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
