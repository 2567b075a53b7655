import { resolve } from 'node:path';
import { readConfig } from '../../storage/config.ts';
import { openHome, type Home } from '../../storage/home.ts';
import { serverClients } from '../../storage/install/mcp-places.ts';
import { readRemotes, remoteAddressHere, saveRemotes, type RemoteMcpServer } from '../../storage/mcp-remotes.ts';
import { type Command, type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents, withGovernor } from './governor.ts';
import { table } from './table.ts';

const verbs: Readonly<Record<string, Command['run']>> = { add, list, rm: remove };

/** MCP servers over the network that clients reach through an address of the governor's. */
export async function remoteServers([verb = '', ...args]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (run === undefined) throw new WrongUsage(`"${verb}" is not one of ${Object.keys(verbs).join(', ')}`);
  return run(args, terminal);
}

async function add(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    header: { type: 'string', multiple: true },
    agent: { type: 'string' },
    folder: { type: 'string' },
  });
  const name = required(positionals[0], 'the NAME');
  const url = required(positionals[1], 'the URL');
  refuseAgents('"countersign mcp remote add"');
  const home = openHome();
  const server: RemoteMcpServer = {
    url: checkedUrl(url),
    ...(values.header === undefined ? {} : { headers: values.header.map(checkedHeader).join('\n') }),
    ...(values.agent === undefined ? {} : { agent: checkedAgent(values.agent) }),
    ...(values.folder === undefined ? {} : { folder: resolve(values.folder) }),
  };
  saveRemotes(home, { ...readRemotes(home), [name]: server });
  terminal.out(await addressOf(home, name));
  terminal.err(
    'Put that address into the agent’s configuration in place of the server’s own. It lets in whoever knows it: it is no address to share.',
  );
  return 0;
}

async function list(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parse(args, { json: { type: 'boolean' } });
  const home = openHome();
  const servers = Object.entries(readRemotes(home));
  if (values.json) {
    const told = servers.map(async ([name, server]) => ({
      name,
      ...server,
      headers: headerNames(server),
      address: await addressOf(home, name),
    }));
    terminal.out(JSON.stringify(await Promise.all(told)));
  } else if (servers.length === 0) terminal.out('No server is reached this way. "countersign mcp remote add NAME URL" adds one.');
  else
    terminal.out(
      table(
        ['SERVER', 'URL', 'HEADERS', 'ADDRESS HERE'],
        await Promise.all(servers.map(async ([name, server]) => [name, server.url, headerNames(server), await addressOf(home, name)])),
      ),
    );
  return 0;
}

async function remove(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const name = required(parse(args, {}).positionals[0], 'the NAME');
  refuseAgents('"countersign mcp remote rm"');
  const home = openHome();
  const { [name]: gone, ...others } = readRemotes(home);
  if (gone === undefined)
    throw new WrongUsage(`no server "${name}" is reached this way; "countersign mcp remote list" shows those that are`);
  saveRemotes(home, others);
  terminal.out(`${name} is no longer reached through Countersign. An agent that has its address here gets an error.`);
  return 0;
}

/** The governor's port is chosen when it first starts, and kept. */
async function addressOf(home: Home, name: string): Promise<string> {
  const port = readConfig(home).port ?? (await withGovernor((client) => client.call('status', {}))).port;
  return remoteAddressHere(home, name, port);
}

function checkedUrl(url: string): string {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new WrongUsage(`"${url}" is no http(s) address`);
  return url;
}

function checkedHeader(header: string): string {
  if (!/^[\w!#$%&'*+.^`|~-]+:[^\r\n]*$/.test(header)) throw new WrongUsage('--header is "Name: value"');
  return header;
}

function checkedAgent(agent: string): string {
  if (serverClients.some((client) => client.agent === agent)) return agent;
  throw new WrongUsage(`--agent is one of ${serverClients.map((client) => client.agent).join(', ')}, not "${agent}"`);
}

function headerNames({ headers = '' }: RemoteMcpServer): string {
  return headers
    .split('\n')
    .map((line) => line.split(':')[0])
    .join(', ');
}
