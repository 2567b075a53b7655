import type { GitState, RateUsage, Request } from '../engine/request.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import type { Ports, SessionRecord } from './ports.ts';

/** What the machine was asked for one call, while it was decided on, with the answers. */
export interface Consulted {
  /** Symbolic links that were met; `null`: it could not be looked at. */
  readonly links: ReadonlyMap<string, string | null>;
  readonly scripts: ReadonlyMap<string, Answer<string | undefined>>;
  readonly git: ReadonlyMap<string, Answer<GitState>>;
}

interface Answer<T> {
  readonly value: T;
}

export interface Gathered {
  readonly request: Request;
  /** Grows while the request is judged. */
  readonly consulted: Consulted;
}

type Asked = Pick<Ports, 'surroundings' | 'clock'>;

/** Everything the engine may look at. Throws where a path cannot be resolved: then nobody knows what the call touches. */
export function requestOf(ports: Asked, call: ToolCall, session: SessionRecord): Request {
  return gather(ports, call, session).request;
}

/** The same, with a memory of what it was asked. */
export function gather({ surroundings, clock }: Asked, call: ToolCall, session: SessionRecord): Gathered {
  const links = new Map<string, string | null>();
  const scripts = new Map<string, Answer<string | undefined>>();
  const git = new Map<string, Answer<GitState>>();
  const met = (path: string, target: string | null): void => void links.set(path, target);
  const resolve = remembering(surroundings.resolver?.(call.cwd, met) ?? ((path) => surroundings.resolve(path, call.cwd)));
  const request: Request = {
    call,
    paths: { read: call.paths.read.map(resolve), write: call.paths.write.map(resolve) },
    domains: call.domains,
    resolve,
    ...lookUps(surroundings, clock, { scripts, git }),
    session: {
      startedAt: new Date(session.startedAt),
      calls: session.calls,
      tokens: 0,
      costUsd: 0,
      interactive: session.interactive,
    },
    workspace: surroundings.workspace(call.cwd),
    user: surroundings.user(),
    time: new Date(clock.now()),
    ...(surroundings.countersignHome === undefined ? {} : { countersignHome: surroundings.countersignHome }),
    ...(surroundings.governor === undefined ? {} : { governor: surroundings.governor() }),
  };
  return { request, consulted: { links, scripts, git } };
}

/** Counted up to the very moment that the call is judged for. */
export function rateUsageOf({ state }: Pick<Ports, 'state'>, { time }: Pick<Request, 'time'>): RateUsage {
  return { count: (key, windowMs) => state.countRate(key, time.getTime() - windowMs) };
}

const mostScripts = 32;
const mostGitStates = 16;
const mostGitMs = 1_500;

/** What the engine may ask of the disk while it decides. A call that asks for very much gets no more answers: the rest stays unknown. */
function lookUps(
  { readText, gitState }: Ports['surroundings'],
  clock: Ports['clock'],
  known: { readonly scripts: Map<string, Answer<string | undefined>>; readonly git: Map<string, Answer<GitState>> },
): Pick<Request, 'readText' | 'gitState'> {
  return {
    ...(readText === undefined ? {} : { readText: remembering(atMost(mostScripts, readText, undefined), known.scripts) }),
    ...(gitState === undefined
      ? {}
      : { gitState: remembering(inTime(clock, atMost(mostGitStates, gitState, 'unknown'), 'unknown'), known.git) }),
  };
}

function atMost<T>(times: number, look: (path: string) => T, otherwise: T): (path: string) => T {
  let left = times;
  return (path) => ((left -= 1) < 0 ? otherwise : look(path));
}

/** A person or an agent waits for the decision: all the answers together may take so long. */
function inTime<T>(clock: Ports['clock'], look: (path: string) => T, otherwise: T): (path: string) => T {
  let spent = 0;
  return (path) => {
    if (spent > mostGitMs) return otherwise;
    const start = clock.now();
    const found = look(path);
    spent += clock.now() - start;
    return found;
  };
}

/** A command's words are looked at by many rules; what the disk says about one is asked once per call. */
function remembering<T>(look: (path: string) => T, known = new Map<string, Answer<T>>()): (path: string) => T {
  return (path) => {
    const found = known.get(path) ?? { value: look(path) };
    known.set(path, found);
    return found.value;
  };
}
