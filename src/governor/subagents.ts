import type { HookEvent } from '../agents/agent.ts';
import type { SubagentRef } from '../engine/tool-call.ts';
import type { Clock } from './ports.ts';
import { keyOf } from './sessions.ts';

/** A run inside a session's run. */
export interface SubagentStanding {
  readonly id: string;
  /** What the agent calls its kind, `Explore`; empty where it does not say. */
  readonly type: string;
  readonly calls: number;
  readonly since: number;
}

interface Known extends SubagentStanding {
  readonly heardAt: number;
}

/** One whose end was never told, because somebody interrupted it, is not shown for longer. */
const silentMs = 30 * 60_000;

/** The subagents that run, as far as their messages tell. Kept in memory: what runs says so again after a restart. */
export class Subagents {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #known = new Map<string, Map<string, Known>>();

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  heard(event: HookEvent): void {
    const { agent, session, subagent } = event.origin;
    const key = keyOf(agent.name, session.id);
    if (event.kind === 'session-end') return void this.#known.delete(key);
    if (subagent === undefined) return;
    if (event.kind === 'subagent-start') this.#note(key, subagent, 0);
    if (event.kind === 'tool-call') this.#note(key, subagent, 1);
    if (event.kind === 'subagent-end') this.#known.get(key)?.delete(subagent.id);
    this.#changed();
  }

  /** Oldest first. */
  of(agent: string, session: string): readonly SubagentStanding[] {
    const since = this.#clock.now() - silentMs;
    const running = [...(this.#known.get(keyOf(agent, session))?.values() ?? [])].filter(({ heardAt }) => heardAt >= since);
    return running.map(({ id, type, calls, since: begun }) => ({ id, type, calls, since: begun }));
  }

  #note(key: string, { id, type = '' }: SubagentRef, calls: number): void {
    const of = this.#known.get(key) ?? new Map<string, Known>();
    const now = this.#clock.now();
    const known = of.get(id) ?? { id, type, calls: 0, since: now };
    of.set(id, { ...known, calls: known.calls + calls, heardAt: now });
    this.#known.set(key, of);
  }
}
