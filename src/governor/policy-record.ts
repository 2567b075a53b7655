import type { PolicyFile } from '../engine/policy/policy-set.ts';
import type { Ledger } from './ledger.ts';

/** Notes every version of every policy file in the log, before the first decision that it takes part in. */
export class PolicyRecord {
  readonly #ledger: Ledger;
  readonly #keep: (file: PolicyFile) => void;
  readonly #recorded = new Map<string, Promise<unknown>>();

  /** `keep` stores the text beside the log; the entry names it by its digest. */
  constructor(ledger: Ledger, keep: (file: PolicyFile) => void) {
    this.#ledger = ledger;
    this.#keep = keep;
  }

  /** Resolves when all of them are in the log; rejects when one is not. */
  async ensure(files: readonly PolicyFile[]): Promise<void> {
    const missing = files.filter((file) => this.#recorded.get(keyOf(file)) !== done).map((file) => this.#record(file));
    if (missing.length > 0) await Promise.all(missing);
  }

  #record(file: PolicyFile): Promise<unknown> {
    const key = keyOf(file);
    const writing = this.#recorded.get(key) ?? this.#write(file);
    this.#recorded.set(key, writing);
    return writing.then(
      () => this.#recorded.set(key, done),
      (error: unknown) => {
        // The next decision tries again.
        this.#recorded.delete(key);
        throw error;
      },
    );
  }

  async #write(file: PolicyFile): Promise<void> {
    this.#keep(file);
    await this.#ledger.write(entryOf(file), 'written');
  }
}

const done = Promise.resolve();

function keyOf(file: PolicyFile): string {
  return `${file.digest} ${file.path}`;
}

function entryOf({ path, layer, digest, problems }: PolicyFile) {
  const faults = problems.map(({ message, position }) => `${position.line}:${position.column}: ${message}`);
  return { kind: 'policy' as const, reason: `${path} is in force`, detail: { path, layer, digest, problems: faults } };
}
