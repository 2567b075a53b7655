import type { Agent } from '../agents/agent.ts';
import type { Facts } from '../engine/audit/facts.ts';
import type { ReplayWorld, Today } from '../engine/policy/replay/world.ts';
import { namedByArguments } from '../engine/tool-arguments.ts';
import type { Surroundings } from '../governor/ports.ts';
import { lookOnce, resolvePath } from './resolve-path.ts';

/** What recorded calls need of this machine. Everything is looked up once: a replay sees one moment. */
export function replayWorld(
  agents: ReadonlyMap<string, Agent>,
  surroundings: Surroundings,
  factsOf: (seq: number) => Facts | undefined,
  fingerprint: ReplayWorld['fingerprint'] = () => '',
): ReplayWorld {
  return {
    describe: (call) => agents.get(call.agent)?.describe?.(call) ?? namedByArguments(call.arguments),
    follow: following(),
    factsOf: once(factsOf),
    fingerprint,
    today: today(surroundings),
  };
}

const mostPaths = 50_000;

/** Where there are no links, a path leads to the same place in every call. */
function following(): ReplayWorld['follow'] {
  const known = new Map<string, string>();
  return (path, { cwd, home }, look) => {
    if (look !== undefined) return resolvePath(path, cwd, home, look);
    const key = `${cwd}\0${home}\0${path}`;
    const reached = known.get(key) ?? resolvePath(path, cwd, home, () => undefined);
    if (known.size >= mostPaths) known.clear();
    known.set(key, reached);
    return reached;
  };
}

function today(surroundings: Surroundings): Today {
  const { readText, countersignHome } = surroundings;
  let person: ReturnType<Surroundings['user']> | undefined;
  return {
    workspace: once(surroundings.workspace),
    user: () => (person ??= surroundings.user()),
    link: lookOnce(),
    readText: once((path) => readText?.(path)),
    ...(countersignHome === undefined ? {} : { countersignHome }),
  };
}

function once<K, V>(look: (key: K) => V): (key: K) => V {
  const known = new Map<K, { readonly value: V }>();
  return (key) => {
    const found = known.get(key) ?? { value: look(key) };
    known.set(key, found);
    return found.value;
  };
}
