import type { AuditEntry } from '../engine/audit/entry.ts';
import { inWords } from '../engine/policy/difference-words.ts';
import { policyDifference } from '../engine/policy/difference.ts';
import type { PolicyFile } from '../engine/policy/policy-set.ts';
import type { Ledger } from './ledger.ts';
import type { PolicyMemory, PolicyNews } from './ports.ts';

interface Recorded {
  readonly digest: string;
  readonly writing: Promise<unknown>;
}

const nothing: PolicyMemory = { last: () => undefined, remember: () => undefined, text: () => undefined, trusted: () => undefined };

/** Notes every version of every policy file in the log, before the first decision that it takes part in, with what is new in it. */
export class PolicyRecord {
  readonly #ledger: Ledger;
  readonly #keep: (file: PolicyFile) => void;
  readonly #memory: PolicyMemory;
  /** By path: a version that comes back is in force anew. */
  readonly #recorded = new Map<string, Recorded>();
  /** Files that came while we ran: all that is in them is new. */
  readonly #arrived = new Set<string>();

  /** `keep` stores the text beside the log; the entry names it by its digest. */
  constructor(ledger: Ledger, keep: (file: PolicyFile) => void, memory: PolicyMemory = nothing) {
    this.#ledger = ledger;
    this.#keep = keep;
    this.#memory = memory;
  }

  /** Resolves when all of them are in the log; rejects when one is not. */
  async ensure(files: readonly PolicyFile[]): Promise<void> {
    const missing = files.filter((file) => !this.#isDone(file)).map((file) => this.#record(file));
    if (missing.length > 0) await Promise.all(missing);
  }

  /** What the disk tells while no call comes: the log shows from when it holds. What was never in force waits for its first decision. */
  async heard(news: readonly PolicyNews[]): Promise<void> {
    const worth = news.filter((one) => one.kind !== 'rejected' && this.#isWorthTelling(one));
    for (const { path, isNew } of worth) if (isNew === true) this.#arrived.add(path);
    await Promise.all(worth.map(({ kind, file }) => (kind === 'removed' ? this.#gone(file) : this.ensure([file]))));
  }

  #isWorthTelling({ kind, path, file, isNew }: PolicyNews): boolean {
    if (isNew === true) return true;
    const last = this.#memory.last(path) ?? this.#recorded.get(path)?.digest;
    return last !== undefined && (kind === 'removed' || last !== file.digest);
  }

  #isDone({ path, digest }: PolicyFile): boolean {
    const known = this.#recorded.get(path);
    return known?.digest === digest && known.writing === done;
  }

  #record(file: PolicyFile): Promise<unknown> {
    const { path, digest } = file;
    const known = this.#recorded.get(path);
    if (known?.digest === digest) return known.writing;
    const writing = this.#write(file);
    this.#recorded.set(path, { digest, writing });
    return writing.then(
      () => this.#recorded.set(path, { digest, writing: done }),
      (error: unknown) => {
        // The next decision tries again.
        this.#recorded.delete(path);
        throw error;
      },
    );
  }

  async #write(file: PolicyFile): Promise<void> {
    this.#keep(file);
    const { path, digest } = file;
    const before = this.#memory.last(path);
    await this.#ledger.write(entryOf(file, before === digest ? undefined : before, this.#changes(before, file)), 'written');
    this.#arrived.delete(path);
    if (before !== digest) this.#memory.remember(path, digest);
  }

  async #gone(file: PolicyFile): Promise<void> {
    const { path, layer, digest } = file;
    this.#recorded.delete(path);
    const changes = inWords(policyDifference(file.source, ''));
    const detail = { path, layer, digest, problems: [], removed: true, changes };
    await this.#ledger.write({ kind: 'policy', reason: `${path} is no longer in force: ${changes}`, detail }, 'written');
    this.#memory.remember(path, undefined);
  }

  /** In words, where an earlier version is known: as it was recorded last, by whichever governor. */
  #changes(before: string | undefined, { path, digest, source, problems }: PolicyFile): string | undefined {
    if (before === digest || problems.length > 0) return undefined;
    const text = before === undefined ? (this.#arrived.has(path) ? '' : undefined) : this.#memory.text(before);
    return text === undefined ? undefined : inWords(policyDifference(text, source));
  }
}

const done = Promise.resolve();

function entryOf(
  { path, layer, digest, problems }: PolicyFile,
  before: string | undefined,
  changes: string | undefined,
): Omit<AuditEntry, 'time'> {
  const faults = problems.map(({ message, position }) => `${position.line}:${position.column}: ${message}`);
  const known = { ...(before === undefined ? {} : { before }), ...(changes === undefined ? {} : { changes }) };
  const reason = `${path} is in force${changes === undefined ? '' : `: ${changes}`}`;
  return { kind: 'policy', reason, detail: { path, layer, digest, problems: faults, ...known } };
}
