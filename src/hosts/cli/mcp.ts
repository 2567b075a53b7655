import { pathToFileURL } from 'node:url';
import { type Command, WrongUsage } from './command.ts';
import { programPath } from './program.ts';

export const mcp: Command = {
  name: 'mcp',
  summary: 'put policies between an agent and its MCP servers',
  usage: [
    'countersign mcp run [--name SERVER] -- COMMAND [ARGUMENT]…',
    'countersign mcp list [--json]',
    'countersign mcp wrap [SERVER]… [--yes]',
    'countersign mcp unwrap [SERVER]… [--yes]',
  ].join('\n'),
  run: async ([verb = '', ...args], terminal) => {
    switch (verb) {
      case 'run':
        return becomeGateway();
      case 'list':
        return (await import('./mcp-servers.ts')).listServers(args, terminal);
      case 'wrap':
      case 'unwrap':
        return (await import('./mcp-servers.ts')).changeServers(verb, args, terminal);
      default:
        throw new WrongUsage(`"${verb}" is not "run", "list", "wrap" or "unwrap"`);
    }
  },
};

/** The gateway is a program of its own, and takes this process over: a client would have to wait for a second one, and signal both. */
async function becomeGateway(): Promise<never> {
  process.removeAllListeners('uncaughtException').removeAllListeners('unhandledRejection');
  process.stdout.removeAllListeners('error');
  await import(pathToFileURL(programPath('mcp-gateway')).href);
  throw new Error('The gateway ended without an end.');
}
