import type { HookCall, HookReply, Status } from '../../../src/channel/messages.ts';
import type { Peer, Service } from '../../../src/channel/operations.ts';
import { startSocketEndpoint, type SocketEndpoint } from '../../../src/channel/socket-server.ts';
import { openHome } from '../../../src/storage/home.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';

/** A governor that answers hooks as it is told, behind the real socket. */
export async function fakeGovernor(
  home: string,
  hook: (call: HookCall, peer: Peer) => Promise<HookReply>,
  answerStatus: () => Status | Promise<Status> = () => status,
): Promise<SocketEndpoint> {
  const place = openHome({ COUNTERSIGN_HOME: home });
  const no = (): never => {
    throw new Error('not in this test');
  };
  let greeted = false;
  // The first status is the answer to "hello", so that only later ones are the test's own.
  const service: Service = {
    hello: () => {
      greeted = true;
      return status;
    },
    status: () => (greeted ? answerStatus() : status),
    hook,
    subscribe: no,
    window: no,
    approvals: no,
    answer: no,
    sessions: no,
    kill: no,
    killAll: no,
    beginCanary: no,
    endCanary: no,
    revive: no,
    pause: no,
    resume: no,
    observe: no,
    policies: no,
    policyText: no,
    incidents: no,
    closeIncidents: no,
    activity: no,
    search: no,
    rows: no,
    closeSearch: no,
    exportSearch: no,
    facets: no,
    ruleCounts: no,
    reviewed: no,
    entry: no,
    spend: no,
    budgets: no,
    resetBreakers: no,
    mcpCall: no,
    mcpContinue: no,
    mcpLetGo: no,
    mcpSecrets: no,
    agentExplain: no,
    agentRequest: no,
    agentSearch: no,
    agentStatus: no,
    mcpList: no,
    mcpShown: no,
    mcpChanged: no,
    mcpServers: no,
    answerPins: no,
    mcpStart: no,
    mcpResult: no,
    shutdown: no,
  };
  return startSocketEndpoint({ path: place.socket, clientToken: readOrCreateToken(place.clientToken), service, onFault: () => undefined });
}

const status: Status = { version: '0', pid: process.pid, startedAt: 0, port: 1, home: '', pending: 0, sessions: 0, problems: [] };
