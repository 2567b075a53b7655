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
  };
}

export function rateUsageOf(ports: Ports): RateUsage {
  return { count: (key, windowMs) => ports.state.countRate(key, ports.clock.now() - windowMs) };
}

/** A command's words are looked at by many rules; where one leads is asked of the disk once per call. */
function remembering(resolve: (path: string) => string): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    const reached = known.get(path) ?? resolve(path);
    known.set(path, reached);
    return reached;
  };
}
