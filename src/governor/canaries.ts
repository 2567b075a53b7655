import type { Clock } from './ports.ts';

/** A session that only shows whether a call of its would be refused, for somebody who asked. */
export interface Canary {
  readonly session: string;
  /** Its one call. */
  readonly callId: string;
}

/** One that never says how it went is forgotten. */
const longestMs = 2 * 60_000;
/** What was last seen of its process is older than its end. */
const lingerMs = 5_000;

/** Those that are under way. They are judged and recorded like any session, but are nobody's agents: not listed, not counted. */
export class Canaries {
  readonly #clock: Clock;
  readonly #underWay = new Map<string, Canary>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(canary: Canary): void {
    this.#underWay.set(canary.session, canary);
    this.#clock.after(longestMs, () => this.#underWay.delete(canary.session));
  }

  end(session: string): void {
    this.#clock.after(lingerMs, () => this.#underWay.delete(session));
  }

  has(session: string): boolean {
    return this.#underWay.has(session);
  }

  /** Only the call that was announced: whatever else such a session does counts. */
  isCall(session: string, callId: string): boolean {
    return this.#underWay.get(session)?.callId === callId;
  }
}
