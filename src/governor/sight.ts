import type { HookEvent } from '../agents/agent.ts';
import type { HookLevel, Place, Ports, SessionRecord, Sighting } from './ports.ts';
import { keyOf, type SessionStanding } from './sessions.ts';
import { Subagents, type SubagentStanding } from './subagents.ts';

/** How an agent's calls reach us. `hooks`: they do, but who put the hooks there is not known. `none`: they do not. */
export interface Governance {
  readonly by: HookLevel | 'command-hook' | 'hooks' | 'none';
  /** Since its first message; where there is none, since the agent started. */
  readonly since: number;
}

/** A session as it stands, with what its machine shows of it. */
export interface SessionInSight extends SessionStanding {
  readonly governed: Governance;
  readonly version?: string;
  readonly model?: string;
  readonly place?: Place;
  /** Those that run, oldest first; left out: none does. */
  readonly subagents?: readonly SubagentStanding[];
}

/** On which way a message came; `paired`: it comes on the other one, too. */
interface Way {
  readonly via: 'http' | 'command';
  readonly paired?: boolean;
}

/** A session says hello while it starts; one that has not by then is told of. */
const helloMs = 1_200;
/** Times of processes and of messages are told by different clocks. */
const slackMs = 1_000;
/** How long a killed process is listed that is no session: it cannot be resumed. */
const shownMs = 24 * 60 * 60_000;

/** Brings what hooks told together with what the machine shows. Only what is shown comes from here: no decision depends on it. */
export class Sight {
  readonly #ports: Ports;
  readonly #changed: () => void;
  readonly #isHidden: (session: string) => boolean;
  readonly #via = new Map<string, Way['via']>();
  readonly #subagents: Subagents;
  #seen: readonly Sighting[] = [];

  constructor(ports: Ports, changed: () => void, isHidden: (session: string) => boolean = () => false) {
    this.#ports = ports;
    this.#isHidden = isHidden;
    this.#changed = changed;
    this.#subagents = new Subagents(ports.clock, changed);
  }

  /** Looks at the machine once. Rejects when it cannot. */
  async look(): Promise<void> {
    const seen = (await this.#ports.sightings?.all()) ?? [];
    const isSame = JSON.stringify(seen) === JSON.stringify(this.#seen);
    this.#seen = seen;
    if (isSame) return;
    this.#changed();
    for (const { startedAt } of seen) {
      const left = startedAt + helloMs - this.#ports.clock.now();
      if (left > 0) this.#ports.clock.after(left, this.#changed);
    }
  }

  /** While nobody looks, what was seen grows old. */
  forget(): void {
    this.#seen = [];
  }

  /** What is heard twice counts once. */
  heard(event: HookEvent, { via, paired }: Way): void {
    if (paired === true) return;
    this.#subagents.heard(event);
    const key = keyOf(event.origin.agent.name, event.origin.session.id);
    if (event.kind === 'tool-call') this.#via.set(key, via);
    if (event.kind === 'session-end') this.#via.delete(key);
  }

  /** A session that never spoke to us, so that it can be ended. */
  find(id: string): SessionRecord | undefined {
    const seen = this.#seen.find((one) => idOf(one) === id);
    return seen === undefined ? undefined : recordOf(seen);
  }

  /** Those in sight that never spoke to us are added to `standings`. */
  views(standings: readonly SessionStanding[]): readonly SessionInSight[] {
    const now = this.#ports.clock.now();
    const matched = matchesOf(standings, this.#seen);
    const known = standings.flatMap((standing) => (isForgotten(standing, now) ? [] : [this.#view(standing, matched.get(standing))]));
    const found = new Set(matched.values());
    const silent = this.#seen.filter((seen) => !found.has(seen) && now - seen.startedAt >= helloMs && !this.#isHidden(idOf(seen)));
    return [...known, ...silent.map((seen) => ungoverned({ ...recordOf(seen), state: 'idle', pending: 0 }, seen))];
  }

  #view(standing: SessionStanding, seen: Sighting | undefined): SessionInSight {
    if (seen !== undefined && runsUnheard(standing, seen)) return ungoverned(standing, seen);
    const key = keyOf(standing.agent, standing.id);
    const by = this.#via.get(key) === 'command' ? 'command-hook' : (seen?.hooks ?? 'hooks');
    const isOver = standing.endedAt !== undefined;
    const subagents = isOver ? [] : this.#subagents.of(standing.agent, standing.id);
    return {
      ...standing,
      ...shownOf(seen),
      state: standing.state === 'idle' ? (seen?.doing ?? 'idle') : standing.state,
      governed: { by, since: standing.startedAt },
      ...(subagents.length === 0 ? {} : { subagents }),
    };
  }
}

/** Each session with what is seen of it. One process may have had several sessions: it is that of the one that goes on. */
function matchesOf(standings: readonly SessionStanding[], all: readonly Sighting[]): ReadonlyMap<SessionStanding, Sighting> {
  const left = new Set(all);
  const matches = new Map<SessionStanding, Sighting>();
  for (const standing of standings.toSorted((a, b) => Number(a.endedAt !== undefined) - Number(b.endedAt !== undefined))) {
    if (left.size === 0) break;
    const own = keyOf(standing.agent, standing.id);
    const seen = [...left].find((one) => keyOf(one.agent, idOf(one)) === own || isOneOf(standing, one));
    if (seen === undefined) continue;
    matches.set(standing, seen);
    left.delete(seen);
  }
  for (const standing of standings.filter((one) => !matches.has(one))) {
    const seen = [...left].find((one) => isTerminalOf(standing, one, all));
    if (seen === undefined) continue;
    matches.set(standing, seen);
    left.delete(seen);
  }
  return matches;
}

/**
 * A terminal whose session runs in a server that others share: hooks name the server, which is in nobody's sight. What is left to know it
 * by is its folder, and that it was there first.
 */
function isTerminalOf({ agent, cwd, pid, startedAt, endedAt }: SessionStanding, seen: Sighting, all: readonly Sighting[]): boolean {
  const isElsewhere = pid !== undefined && endedAt === undefined && !all.some(({ process: other }) => other.pid === pid);
  const isTerminal = seen.session === undefined && seen.place?.tty !== undefined;
  return isElsewhere && isTerminal && seen.agent === agent && seen.cwd === cwd && seen.startedAt <= startedAt + slackMs;
}

/** What an agent does not say itself, its hooks do: which of its processes started them. */
function isOneOf({ agent, pid, processStart }: SessionStanding, seen: Sighting): boolean {
  if (seen.session !== undefined || seen.agent !== agent || pid === undefined) return false;
  return [seen.process, ...(seen.inner ?? [])].some((one) => one.pid === pid && one.start === processStart);
}

/** It was over for us, and runs again without having said a word. */
function runsUnheard({ endedAt }: SessionStanding, { startedAt }: Sighting): boolean {
  return endedAt !== undefined && startedAt > endedAt - slackMs;
}

function ungoverned(standing: SessionStanding, seen: Sighting): SessionInSight {
  const { endedAt: _, ...alive } = standing;
  return { ...alive, ...shownOf(seen), state: seen.doing ?? 'idle', governed: { by: 'none', since: seen.startedAt } };
}

function shownOf(seen: Sighting | undefined): Pick<SessionInSight, 'version' | 'model' | 'place'> {
  return {
    ...(seen?.version === undefined ? {} : { version: seen.version }),
    ...(seen?.model === undefined ? {} : { model: seen.model }),
    ...(seen?.place === undefined ? {} : { place: seen.place }),
  };
}

/** One that does not say what it calls its session goes by its process: `codex-26688-145056`. */
function idOf({ agent, session, process: { pid, start } }: Sighting): string {
  return session ?? processId(agent, pid, start);
}

function processId(agent: string, pid: number, start: string): string {
  return `${agent}-${pid}-${start.replaceAll(/\D/g, '')}`;
}

function recordOf(seen: Sighting): SessionRecord {
  const { agent, cwd, mode = '', startedAt, place } = seen;
  const { pid, start } = seen.process;
  const nothing = { calls: 0, denials: 0 };
  const when = { startedAt, lastSeenAt: startedAt };
  const interactive = place?.tty !== undefined;
  return { agent, id: idOf(seen), cwd, mode, interactive, ...when, ...nothing, pid, processStart: start };
}

function isForgotten({ agent, id, pid = 0, processStart = '', endedAt }: SessionStanding, now: number): boolean {
  return id === processId(agent, pid, processStart) && endedAt !== undefined && now - endedAt > shownMs;
}
