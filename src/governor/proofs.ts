import { keyOf, type SessionStanding } from './sessions.ts';
import type { Clock } from './ports.ts';
import type { Proof, ProofBy } from './proof.ts';

/** What speaks against sessions of that folder being governed; `undefined`: nothing that is known. */
export type Obstacle = (cwd: string) => string | undefined;

const strength: Record<ProofBy, number> = { start: 0, hooks: 1, prompt: 2, canary: 2, call: 3 };

/** "Looks active, does not enforce": so each session has to show, again with everything it does, that it is heard. Kept for this governor's life. */
export class Proofs {
  readonly #clock: Clock;
  readonly #obstacle: Obstacle;
  readonly #changed: () => void;
  readonly #known = new Map<string, Proof>();

  constructor(clock: Clock, obstacle: Obstacle, changed: () => void) {
    this.#clock = clock;
    this.#obstacle = obstacle;
    this.#changed = changed;
  }

  /** A new process of the session: what an earlier one proved says nothing about it. */
  started(agent: string, session: string): void {
    this.#know(keyOf(agent, session), { at: this.#clock.now(), by: 'start' });
  }

  came(agent: string, session: string, by: 'hooks' | 'prompt' | 'call'): void {
    const key = keyOf(agent, session);
    const known = this.#known.get(key);
    const isStronger = known === undefined || 'problem' in known || strength[by] > strength[known.by];
    // The same again is not worth a message to every window: that it still holds shows in the calls themselves.
    if (isStronger) this.#know(key, { at: this.#clock.now(), by });
  }

  failed(agent: string, session: string, problem: string): void {
    this.#know(keyOf(agent, session), { problem });
  }

  /** A person asked for it: it is newer than what is known. */
  shown(agent: string, session: string, proof: Proof): void {
    this.#know(keyOf(agent, session), proof);
  }

  /** What speaks against it now counts more than what was seen before. */
  of({ agent, id, cwd, endedAt }: SessionStanding): Proof | undefined {
    if (endedAt !== undefined) return undefined;
    const problem = this.#obstacle(cwd);
    return problem === undefined ? this.#known.get(keyOf(agent, id)) : { problem };
  }

  withProof(standings: readonly SessionStanding[]): readonly SessionStanding[] {
    return standings.map((standing) => {
      const proven = this.of(standing);
      return proven === undefined ? standing : { ...standing, proven };
    });
  }

  forget(agent: string, session: string): void {
    this.#known.delete(keyOf(agent, session));
  }

  #know(key: string, proof: Proof): void {
    this.#known.set(key, proof);
    this.#changed();
  }
}
