import type { Source } from '../../engine/artifact/start.ts';
import { measure } from '../../storage/artifact/measure.ts';
import { homeOf } from '../../storage/home.ts';
import { findServers } from '../../storage/install/mcp-servers.ts';
import { personHere } from '../../storage/install/person-environment.ts';
import { workspaceRoot } from '../../storage/surroundings.ts';
import { WrongUsage } from './command.ts';

/** How agents start the server of that name here. */
export function commandOf(name: string, folder: string): readonly string[] {
  const found = findServers({ folder, environment: process.env }).servers.filter((one) => one.name === name);
  const commands = new Map(found.filter(({ how }) => how !== 'remote').map((one) => [JSON.stringify(one.command), one.command]));
  const [command] = commands.values();
  if (command === undefined) throw new WrongUsage(`no MCP server that is started here is called "${name}"; a folder is named with a "/"`);
  if (commands.size > 1) throw new WrongUsage(`agents start different servers under the name "${name}"; name its folder instead`);
  return command;
}

/** What that command would start, measured as the gateway does: what a runner would download is installed, and nothing runs. */
export async function sourceOfServer(server: string, [command = '', ...args]: readonly string[], cwd: string): Promise<Source> {
  const { root } = homeOf();
  const person = personHere();
  const { source } = await measure({ server, command, args, cwd, env: process.env, person, root, workspace: workspaceRoot(cwd) });
  return source;
}
