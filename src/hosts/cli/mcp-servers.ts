import { redactText } from '../../engine/guardrail/redact.ts';
import { homeOf, openHome } from '../../storage/home.ts';
import { leadsThroughUs } from '../../storage/mcp-remotes.ts';
import { gatewayLauncher, type GatewayProgram } from '../../storage/install/gateway-launcher.ts';
import { serverClients } from '../../storage/install/mcp-places.ts';
import type { EntryChange } from '../../storage/install/mcp-change.ts';
import { addressOf, clientOf, findServers, type ConfiguredServer, type FoundServers } from '../../storage/install/mcp-servers.ts';
import { applyUnwrap, applyWrap, unwrapPlan, wrapPlan } from '../../storage/install/mcp-wrap.ts';
import { agreed, notDone } from './agreement.ts';
import { type ExitCode, parse, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents } from './governor.ts';
import { nothing, secretsMoved } from './mcp-move-secrets.ts';
import { programPath } from './program.ts';
import { table } from './table.ts';

/** The MCP servers that agents would start in this folder, and what stands before them. */
export async function listServers(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parse(args, { json: { type: 'boolean' }, agent: { type: 'string', multiple: true } });
  const { servers } = serversHere(terminal, values.agent);
  if (values.json) terminal.out(JSON.stringify(servers.map(described)));
  else if (servers.length === 0)
    terminal.out('No agent has an MCP server configured here. docs/mcp.md says what Countersign does for one.');
  else terminal.out(table(['AGENT', 'SERVER', 'SCOPE', 'THROUGH', 'COMMAND', 'FILE'], servers.map(row)));
  return 0;
}

export async function changeServers(verb: 'wrap' | 'unwrap', args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    yes: { type: 'boolean' },
    secrets: { type: 'boolean' },
    agent: { type: 'string', multiple: true },
  });
  refuseAgents(`"countersign mcp ${verb}"`);
  const program = gatewayProgram();
  const chosen = choose(serversHere(terminal, values.agent).servers, positionals);
  const wrapping = verb === 'wrap' ? wrapPlan(chosen, program) : [];
  const { plan, keep } =
    verb === 'wrap'
      ? secretsMoved(terminal, program, wrapping, values.secrets)
      : { plan: await unwrapPlan(program.home, chosen), keep: nothing };
  for (const line of verb === 'wrap' ? chosen.flatMap(leftAlone) : leftBehind(chosen, plan)) terminal.err(line);
  if (verb === 'unwrap' && positionals.length > 0 && plan.length === 0) return leave(terminal, program, chosen);
  if (plan.length === 0) {
    terminal.out(verb === 'wrap' ? 'Every server that can be is behind the gateway already.' : 'No server is behind the gateway.');
    return 0;
  }
  terminal.out(plan.map(shown).join('\n'));
  for (const agent of verb === 'wrap' ? new Set(plan.map(({ server }) => server.agent)) : [])
    if (!clientOf(agent).isTried) terminal.err(untried(agent));
  if (!values.yes && !(await agreed(terminal, `${plan.length} to change. Go on? [y/N] `))) return notDone(terminal, false);
  await keep();
  if (verb === 'wrap') applyWrap(program, plan);
  else applyUnwrap(program.home, plan, chosen);
  terminal.out('Sessions that start from now on use it so.');
  for (const line of verb === 'wrap' ? plan.flatMap(loginHint) : []) terminal.out(line);
  return 0;
}

function leftAlone({ name, agent, obstacle }: ConfiguredServer): readonly string[] {
  return obstacle === undefined ? [] : [`${name} of ${clientOf(agent).title} is left as it is: ${obstacle}.`];
}

/** Of a server over the network only what wrapping remembered can be put back. */
function leftBehind(chosen: readonly ConfiguredServer[], plan: readonly EntryChange[]): readonly string[] {
  const own = chosen.filter((server) => server.how === 'gateway' && addressOf(server) !== undefined);
  return own.flatMap((server) =>
    plan.some((change) => change.server === server)
      ? []
      : [`${server.name} is left as it is: "mcp wrap" did not put the gateway there. Write its own address into ${server.file}.`],
  );
}

/** A login that its client has there is not the gateway's. */
function loginHint({ server, after }: EntryChange): readonly string[] {
  if (server.how !== 'remote' || /Authorization: /i.test(after)) return [];
  return [`If ${server.name} wants a login, the gateway needs one of its own: countersign mcp login ${server.name}`];
}

function untried(agent: string): string {
  return `${clientOf(agent).title} is wrapped as its documentation has it; that was not tried with the real one. See that its servers start.`;
}

/** Nothing is to change, but from now on nobody complains of these. */
function leave(terminal: Terminal, { home }: GatewayProgram, chosen: readonly ConfiguredServer[]): ExitCode {
  applyUnwrap(home, [], chosen);
  const open = chosen.filter(({ how }) => how !== 'gateway').map(({ name }) => name);
  if (open.length > 0) terminal.out(`${open.join(', ')}: not behind the gateway, and noted that this is what you want.`);
  return 0;
}

/** What starts the gateway from now on. */
export function gatewayProgram(): GatewayProgram {
  const isElectron = process.versions['electron'] !== undefined;
  // The client would start the editor instead.
  if (isElectron && process.platform === 'win32')
    throw new Error('The editor\'s own Node cannot be what clients start on Windows. Use "countersign" in a terminal.');
  return { home: openHome(), runtime: process.execPath, script: programPath('mcp-gateway'), isElectron };
}

function serversHere(terminal: Terminal, agents?: readonly string[]): FoundServers {
  const unknown = agents?.find((agent) => !serverClients.some((client) => client.agent === agent));
  if (unknown !== undefined)
    throw new WrongUsage(`--agent is one of ${serverClients.map(({ agent }) => agent).join(', ')}, not "${unknown}"`);
  const found = findServers({ folder: process.cwd(), environment: process.env }, agents);
  for (const file of found.unread) terminal.err(`${file} cannot be read: what servers stand in it is not known.`);
  return found;
}

function described(server: ConfiguredServer) {
  return {
    id: `${server.agent}/${server.scope}/${server.name}`,
    ...server,
    ...(server.how === 'gateway' ? { isOurs: isOurs(server) } : {}),
  };
}

function choose(found: readonly ConfiguredServer[], names: readonly string[]): readonly ConfiguredServer[] {
  const unknown = names.find((name) => !found.some((server) => server.name === name));
  if (unknown !== undefined)
    throw new WrongUsage(`no MCP server "${unknown}" is configured here; "countersign mcp list" shows those that are`);
  return names.length === 0 ? found : found.filter(({ name }) => names.includes(name));
}

function row(server: ConfiguredServer): readonly string[] {
  const { agent, name, scope, how, command, file, gateway, obstacle } = server;
  const through = {
    direct: 'nothing',
    gateway: isOurs(server) ? 'the gateway' : `${gateway}, not this gateway`,
    remote: obstacle === undefined ? 'nothing (remote)' : 'nothing (remote, and cannot)',
  };
  return [agent, name, scope, through[how], command.join(' '), file];
}

/** Anybody can call a program like ours. One of an earlier version is put right by wrapping it again. */
function isOurs({ gateway = '' }: ConfiguredServer): boolean {
  return [programPath('mcp-gateway'), gatewayLauncher(homeOf()), 'countersign'].includes(gateway) || leadsThroughUs(homeOf(), gateway);
}

function shown({ server, before, after, kept = before }: EntryChange): string {
  return [`${server.file}: ${server.name}`, ...lines('-', kept), ...lines('+', after)].join('\n');
}

function lines(sign: string, text: string): readonly string[] {
  return redactText(text)
    .split('\n')
    .map((line) => `  ${sign} ${line}`);
}
