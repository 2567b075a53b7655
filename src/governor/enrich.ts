import type { RateUsage, Request } from '../engine/request.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import type { Ports, SessionRecord } from './ports.ts';

/** Everything the engine may look at. Throws where a path cannot be resolved: then nobody knows what the call touches. */
export function requestOf(ports: Pick<Ports, 'surroundings' | 'clock'>, call: ToolCall, session: SessionRecord): Request {
  const { surroundings, clock } = ports;
  const resolve = remembering(surroundings.resolver?.(call.cwd) ?? ((path) => surroundings.resolve(path, call.cwd)));
  return {
    call,
    paths: { read: call.paths.read.map(resolve), write: call.paths.write.map(resolve) },
    domains: call.domains,
    resolve,
    ...lookUps(surroundings, clock),
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
}

export function rateUsageOf(ports: Ports): RateUsage {
  return { count: (key, windowMs) => ports.state.countRate(key, ports.clock.now() - windowMs) };
}

const mostScripts = 32;
const mostGitStates = 16;
const mostGitMs = 1_500;

/** What the engine may ask of the disk while it decides. A call that asks for very much gets no more answers: the rest stays unknown. */
function lookUps({ readText, gitState }: Ports['surroundings'], clock: Ports['clock']): Pick<Request, 'readText' | 'gitState'> {
  return {
    ...(readText === undefined ? {} : { readText: remembering(atMost(mostScripts, readText, undefined)) }),
    ...(gitState === undefined ? {} : { gitState: remembering(inTime(clock, atMost(mostGitStates, gitState, 'unknown'), 'unknown')) }),
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
function remembering<T>(look: (path: string) => T): (path: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (path) => {
    const found = known.get(path) ?? { value: look(path) };
    known.set(path, found);
    return found.value;
  };
}
