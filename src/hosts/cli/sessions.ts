import type { Client } from '../../channel/client.ts';
import type { KillAllResult, KillResult, SessionView } from '../../channel/messages.ts';
import { costText } from '../../engine/spend/spend-text.ts';
import { governedBy, placeText } from '../../governor/sight-text.ts';
import { type Command, type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents, withGovernor } from './governor.ts';
import { age, table } from './table.ts';

export const sessions: Command = {
  name: 'sessions',
  summary: 'the agent sessions on this machine',
  usage: 'countersign sessions [--all] [--json]\ncountersign sessions prove SESSION [--json]',
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, { json: { type: 'boolean' }, all: { type: 'boolean' } });
    if (positionals[0] === 'prove') return prove(positionals[1], values.json === true, terminal);
    const found = await withGovernor((client) => client.call('sessions', {}));
    const shown = values.all ? found : found.filter(({ state }) => state !== 'ended');
    if (values.json) terminal.out(JSON.stringify(shown));
    else if (shown.length === 0)
      terminal.out('No session. Start an agent in any terminal; `countersign doctor` tells whether its hooks are in place.');
    else terminal.out(table(columns, shown.flatMap(rows)));
    return 0;
  },
};

async function prove(name: string | undefined, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const wanted = required(name, 'the SESSION');
  const { proveSession } = await import('./canary.ts');
  const find = async (client: Client): Promise<SessionView> => {
    const live = await liveOnes(client);
    const found = live.find(({ id }) => id === sessionNamed(wanted, live));
    if (found === undefined) throw new Error(`No session ${wanted} runs. "countersign sessions" lists those that do.`);
    return found;
  };
  return proveSession(find, json, terminal);
}

const columns = ['ID', 'AGENT', 'GOVERNED', 'STATE', 'MODE', 'MODEL', 'CALLS', 'DENIED', 'COST', 'AGE', 'WHERE', 'FOLDER'];

/** A session, and its subagents below it. */
function rows(session: SessionView): readonly (readonly string[])[] {
  const {
    id,
    agent,
    version = '',
    state,
    mode,
    model = '',
    calls,
    denials,
    startedAt,
    cwd,
    spend,
    place,
    governed,
    subagents = [],
  } = session;
  const by = governed === undefined ? '' : governedBy[governed.by];
  const counted = [String(calls), String(denials), spend === undefined ? '' : costText(spend), age(Date.now() - startedAt)];
  const where = [place === undefined ? '' : placeText(place), cwd];
  return [[id, `${agent} ${version}`.trim(), by, state, mode, model, ...counted, ...where], ...subagents.map(subagentRow)];
}

function subagentRow({ type, calls, since }: NonNullable<SessionView['subagents']>[number]): readonly string[] {
  return ['', `└ ${type}`, '', '', '', '', String(calls), '', '', age(Date.now() - since), '', ''];
}

export const kill: Command = {
  name: 'kill',
  summary: 'end a session now and refuse the rest of its calls',
  usage: 'countersign kill SESSION|--all [--reason TEXT] [--json]',
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, { all: { type: 'boolean' }, reason: { type: 'string' }, json: { type: 'boolean' } });
    if (values.all !== true && positionals.length === 0) throw new WrongUsage('the SESSION is missing (or --all)');
    const given = { reason: values.reason ?? '', surface: 'cli' };
    const { sessions: killed, unreachable } = await withGovernor(async (client) => {
      if (values.all) return client.call('killAll', given);
      const session = sessionNamed(required(positionals[0], 'the SESSION'), await liveOnes(client));
      return { sessions: [await client.call('kill', { session, ...given })], unreachable: [] };
    });
    if (values.json) terminal.out(JSON.stringify({ sessions: killed, unreachable }));
    else terminal.out([...killed.map(killedLine), ...unreachable.map(unreachableLine)].join('\n') || 'No session was running.');
    return killed.some(({ left }) => left.length > 0) ? 1 : 0;
  },
};

function killedLine({ agent, session, message }: KillResult): string {
  return `${session || `${agent}, no session known`}: ${message}`;
}

function unreachableLine({ pid, agent, why }: KillAllResult['unreachable'][number]): string {
  return `Out of reach: ${agent}, process ${pid}: ${why}.`;
}

export const pause: Command = {
  name: 'pause',
  summary: 'refuse the calls of a session, or of all, until they are resumed',
  usage: 'countersign pause SESSION|--all [--reason TEXT]',
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, { all: { type: 'boolean' }, reason: { type: 'string' } });
    const { message } = await withGovernor(async (client) =>
      client.call('pause', { ...(await oneOrAll(client, values.all, positionals)), reason: values.reason ?? '', surface: 'cli' }),
    );
    terminal.out(message);
    return 0;
  },
};

export const resume: Command = {
  name: 'resume',
  summary: 'let paused sessions go on',
  usage: 'countersign resume SESSION|--all',
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, { all: { type: 'boolean' } });
    refuseAgents('"countersign resume"');
    const { message } = await withGovernor(async (client) =>
      client.call('resume', { ...(await oneOrAll(client, values.all, positionals)), surface: 'cli' }),
    );
    terminal.out(message);
    return 0;
  },
};

async function oneOrAll(client: Client, all: boolean | undefined, [name]: readonly string[]): Promise<{ readonly session?: string }> {
  if (all === true) return {};
  if (name === undefined) throw new WrongUsage('the SESSION is missing (or --all)');
  return { session: sessionNamed(name, await liveOnes(client)) };
}

async function liveOnes(client: Client): Promise<readonly SessionView[]> {
  return (await client.call('sessions', {})).filter(({ state }) => state !== 'ended' && state !== 'killed');
}

export const revive: Command = {
  name: 'revive',
  summary: 'let a killed session be resumed',
  usage: 'countersign revive SESSION',
  run: async (args, terminal) => {
    const session = required(parse(args, {}).positionals[0], 'the SESSION');
    refuseAgents('"countersign revive"');
    const { id } = await withGovernor((client) => client.call('revive', { session, surface: 'cli' }));
    terminal.out(`${id} may be resumed.`);
    return 0;
  },
};

/** A session by its whole id or by a beginning that fits only one. An unknown id is passed on: it may be killed before it shows. */
function sessionNamed(name: string, live: readonly SessionView[]): string {
  const fitting = live.filter(({ id }) => id.startsWith(name));
  if (fitting.length > 1) throw new WrongUsage(`"${name}" fits ${fitting.length} sessions; give more of the ID`);
  return fitting[0]?.id ?? name;
}
