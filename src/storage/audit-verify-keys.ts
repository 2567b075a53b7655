import * as z from 'zod/mini';
import { keyAfter } from '../engine/audit/key-change.ts';
import { readVerifierKey, type VerifierKey } from '../engine/audit/note.ts';
import { type Fault, fault } from './audit-verify-row.ts';

const detailOf = z.looseObject({
  detail: z.looseObject({ event: z.enum(['created', 'rotated', 'replaced']), key: z.string(), note: z.exactOptional(z.string()) }),
});
type Change = z.infer<typeof detailOf>['detail'];

/** Keys that vouch for each other: the first one and those that it, or one after it, handed over to. */
interface Line {
  readonly seq: number;
  readonly keys: VerifierKey[];
}

/** The keys that a log names, in the order in which they were in force. */
export class LogKeys {
  readonly #trusted: ReadonlySet<string> | undefined;
  readonly #lines: Line[] = [];

  /** `trusted`: what whoever verifies knows from elsewhere. `undefined`: the log's first key is taken at its word. */
  constructor(trusted?: readonly string[]) {
    this.#trusted = trusted === undefined ? undefined : new Set(trusted.map((text) => readVerifierKey(text).text));
  }

  /** In force now. */
  get current(): VerifierKey | undefined {
    return this.#lines.at(-1)?.keys.at(-1);
  }

  get ids(): readonly string[] {
    return this.#lines.flatMap(({ keys }) => keys.map(({ id }) => id));
  }

  /** An entry of the kind `key`. */
  read(seq: number, entry: unknown): Fault | undefined {
    try {
      return this.#change(seq, z.parse(detailOf, entry).detail);
    } catch {
      return fault(seq, `record ${seq} names a key in a way that this version does not understand`);
    }
  }

  #change(seq: number, { event, key, note }: Change): Fault | undefined {
    const { current } = this;
    if (event === 'rotated') return this.#handOver(seq, key, note ?? '');
    const isKnown = this.#trusted?.has(key) === true;
    if (current !== undefined && !(event === 'replaced' && isKnown)) {
      const why = `record ${seq} brings in a key that the one before it did not sign; whoever knows that this is right names it with --key`;
      return fault(seq, why, current.text, key);
    }
    this.#lines.push({ seq, keys: [readVerifierKey(key)] });
    return undefined;
  }

  #handOver(seq: number, key: string, note: string): Fault | undefined {
    const { current } = this;
    const next = current === undefined ? undefined : keyAfter(note, current);
    if (next === undefined || next.text !== key)
      return fault(seq, `record ${seq} changes the key without the signatures of both`, current?.text, key);
    this.#lines.at(-1)?.keys.push(next);
    return undefined;
  }

  /** When all entries were read. */
  untrusted(): Fault | undefined {
    const trusted = this.#trusted;
    if (trusted === undefined) return undefined;
    if (this.#lines.length === 0) return fault(0, 'the log names no key, so none of those given can have signed it');
    const line = this.#lines.find(({ keys }) => !keys.some(({ text }) => trusted.has(text)));
    if (line === undefined) return undefined;
    return fault(line.seq, `record ${line.seq} names a key that is none of those given`, [...trusted].join(' '), line.keys[0]?.text);
  }
}
