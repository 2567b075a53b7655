import { homedir } from 'node:os';
import { openHome } from '../../storage/home.ts';
import { configuredServers, type ConfiguredServer } from '../../storage/install/mcp-servers.ts';
import { applyPlan, unwrapPlan, wrapPlan, type EntryChange } from '../../storage/install/mcp-wrap.ts';
import { agreed, notDone } from './agreement.ts';
import { type ExitCode, parse, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents } from './governor.ts';
import { programPath } from './program.ts';
import { table } from './table.ts';

/** The MCP servers that Claude Code would start in this folder, and what stands before them. */
export async function listServers(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parse(args, { json: { type: 'boolean' } });
  const found = serversHere();
  if (values.json)
    terminal.out(
      JSON.stringify(
        found.map((server) => ({
          id: `${server.scope}/${server.name}`,
          agent: 'claude-code',
          ...server,
          ...(server.how === 'gateway' ? { isOurs: isOurs(server) } : {}),
        })),
      ),
    );
  else if (found.length === 0)
    terminal.out('Claude Code has no MCP server configured here. docs/mcp.md says what Countersign does for one.');
  else terminal.out(table(['SERVER', 'SCOPE', 'THROUGH', 'COMMAND', 'FILE'], found.map(row)));
  return 0;
}

export async function changeServers(verb: 'wrap' | 'unwrap', args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, { yes: { type: 'boolean' } });
  refuseAgents(`"countersign mcp ${verb}"`);
  // The client would start the editor instead.
  if (process.versions['electron'] !== undefined)
    throw new Error('The editor\'s own Node cannot be what clients start. Use "countersign" in a terminal.');
  const home = openHome();
  const chosen = choose(serversHere(), positionals);
  const plan =
    verb === 'wrap' ? wrapPlan(chosen, { runtime: process.execPath, script: programPath('mcp-gateway') }) : unwrapPlan(home, chosen);
  for (const { name } of chosen.filter(({ how }) => verb === 'wrap' && how === 'remote'))
    terminal.err(`${name} is not started here but reached over the network; the gateway does not stand before such servers yet.`);
  if (plan.length === 0) {
    terminal.out(verb === 'wrap' ? 'Every server that is started here is behind the gateway already.' : 'No server is behind the gateway.');
    return 0;
  }
  terminal.out(plan.map(shown).join('\n'));
  if (!values.yes && !(await agreed(terminal, `${plan.length} to change. Go on? [y/N] `))) return notDone(terminal, false);
  applyPlan(home, plan);
  terminal.out('Sessions that start from now on use it so.');
  return 0;
}

function serversHere(): readonly ConfiguredServer[] {
  return configuredServers({ configDir: process.env['CLAUDE_CONFIG_DIR'] || homedir(), folder: process.cwd() });
}

function choose(found: readonly ConfiguredServer[], names: readonly string[]): readonly ConfiguredServer[] {
  const unknown = names.find((name) => !found.some((server) => server.name === name));
  if (unknown !== undefined)
    throw new WrongUsage(`no MCP server "${unknown}" is configured here; "countersign mcp list" shows those that are`);
  return names.length === 0 ? found : found.filter(({ name }) => names.includes(name));
}

function row(server: ConfiguredServer): readonly string[] {
  const { name, scope, how, command, file, gateway } = server;
  const through = {
    direct: 'nothing',
    gateway: isOurs(server) ? 'the gateway' : `${gateway}, not this gateway`,
    remote: 'nothing (remote)',
  };
  return [name, scope, through[how], command.join(' '), file];
}

/** Anybody can call a program like ours. One of an earlier version is put right by wrapping it again. */
function isOurs({ gateway }: ConfiguredServer): boolean {
  return gateway === programPath('mcp-gateway') || gateway === 'countersign';
}

function shown({ server, before, after }: EntryChange): string {
  return [`${server.file}: ${server.name}`, ...lines('-', before), ...lines('+', after)].join('\n');
}

function lines(sign: string, text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${sign} ${line}`);
}
