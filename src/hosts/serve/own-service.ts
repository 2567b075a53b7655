import { askedCall } from '../../agents/asked-call.ts';
import { originOf } from '../../agents/mcp/call.ts';
import { startEvent } from '../../agents/mcp/start.ts';
import type { OwnAsker, OwnMethods } from '../../channel/own-messages.ts';
import type { Service } from '../../channel/operations.ts';
import type { Governor } from '../../governor/governor.ts';
import type { Asker } from '../../governor/own-server/asker.ts';
import { pidSpace } from '../../storage/pid-space.ts';

/** What the governor does for agents that ask about themselves. */
export function ownService({ ownServer }: Governor): Pick<Service, keyof OwnMethods> {
  return {
    agentExplain: ({ call, start, about = 'last', ...from }) => {
      if (start !== undefined) return ownServer.explainStart(askerOf(from), startEvent({ ...from, ...start }).call, start);
      return call === undefined ? ownServer.explainDecided(askerOf(from), about) : ownServer.explain(askerOf(from), call);
    },
    agentStatus: (from) => ownServer.status(askerOf(from)),
    agentRequest: ({ call, reason, ...from }) => ownServer.request(askerOf(from), call, reason),
    agentSearch: ({ text, action, limit, ...from }) =>
      ownServer.search(askerOf(from), { limit, ...(text === undefined ? {} : { text }), ...(action === undefined ? {} : { action }) }),
  };
}

function askerOf(from: OwnAsker): Asker {
  const { agent } = originOf(from, '');
  const isForeign = from.pidSpace !== undefined && from.pidSpace !== pidSpace().pidSpace;
  return {
    agent: from.agent === undefined ? agent : { vendor: '', name: from.agent },
    claims: from.session,
    cwd: from.cwd,
    // Elsewhere these numbers are other processes.
    above: isForeign ? [] : from.above,
    make: askedCall,
  };
}
