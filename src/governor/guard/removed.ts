import type { ToolCall } from '../../engine/tool-call.ts';
import { keyOf } from '../sessions.ts';

export interface Removed {
  readonly call: ToolCall;
  /** Of what was taken out of its result. */
  readonly hashes: ReadonlySet<string>;
  /** What was to be taken out and could not be. */
  readonly stop?: string;
}

/** More results than that do not wait for their turn's next step. */
const most = 1_000;

/** What was taken out of results that the model has not got yet. */
export class RemovedParts {
  readonly #calls = new Map<string, Removed>();

  note(call: ToolCall, { removed = [], stop }: { readonly removed?: readonly string[]; readonly stop?: string }): void {
    if (removed.length === 0 && stop === undefined) return;
    if (this.#calls.size >= most) this.#calls.clear();
    this.#calls.set(keyOfCall(call, call.id), { call, hashes: new Set(removed), ...(stop === undefined ? {} : { stop }) });
  }

  take(of: Pick<ToolCall, 'agent' | 'session'>, callId: string): Removed | undefined {
    const key = keyOfCall(of, callId);
    const found = this.#calls.get(key);
    this.#calls.delete(key);
    return found;
  }
}

function keyOfCall({ agent, session }: Pick<ToolCall, 'agent' | 'session'>, callId: string): string {
  return keyOf(agent.name, session.id, callId);
}
