import { pathToFileURL } from 'node:url';
import { type Command, type ExitCode, WrongUsage } from './command.ts';
import { programPath } from './program.ts';

export const mcp: Command = {
  name: 'mcp',
  summary: 'put policies between an agent and its MCP servers',
  usage: [
    'countersign mcp run [--name SERVER] [--agent AGENT] [--patience SECONDS] -- COMMAND [ARGUMENT]… | URL',
    'countersign mcp list [--agent AGENT]… [--json]',
    'countersign mcp wrap [SERVER]… [--agent AGENT]… [--secrets] [--yes]',
    'countersign mcp unwrap [SERVER]… [--agent AGENT]… [--yes]',
    'countersign mcp tools [SERVER]… [--json]   what servers show to agents, and what is held back',
    'countersign mcp accept|refuse SERVER [TOOL]…   what a server shows now; without a TOOL all that waits',
    'countersign mcp lock [SERVER]… [--update]   writes .countersign/mcp.lock: everybody runs the same bytes; --trust accepts what stands in it',
    'countersign mcp starts [--forget SERVER] [--json]',
    'countersign mcp login|logout SERVER|URL  at a remote server; [--scope SCOPE]…; --client-id ID|URL [--client-secret NAME --issuer URL] [--port N] where nobody can register by themselves',
    'countersign mcp remote add NAME URL [--header "Name: value"]… [--agent AGENT] [--folder DIR]   an address here for a server elsewhere',
    'countersign mcp remote list [--json] | rm NAME',
    'countersign mcp serve [--agent NAME]     our own MCP server, for agents; --print-config AGENT says how to add it',
    'countersign mcp sbom SERVER|FOLDER [--out FILE]     what it consists of, as CycloneDX',
    'countersign mcp audit SERVER|FOLDER [--json]     what npm’s registry knows to be wrong with it',
    'countersign mcp scan SERVER|FOLDER [--json]     what your scanners say of it',
    'countersign mcp evidence SERVER [--text | --fetch] [SIGNATURE]…     what is kept of it; --text: what an SSH key has to sign; --fetch: what npm’s registry says of its build',
  ].join('\n'),
  run: async ([verb = '', ...args], terminal) => {
    const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (run === undefined) throw new WrongUsage(`"${verb}" is not one of ${Object.keys(verbs).join(', ')}`);
    return run(args, terminal);
  },
};

/** Each is loaded when it is asked for: the gateway must not wait for what the others need. */
const verbs: Readonly<Record<string, Command['run']>> = {
  run: becomeGateway,
  list: async (...given) => (await import('./mcp-servers.ts')).listServers(...given),
  wrap: async (...given) => (await import('./mcp-servers.ts')).changeServers('wrap', ...given),
  unwrap: async (...given) => (await import('./mcp-servers.ts')).changeServers('unwrap', ...given),
  tools: async (...given) => (await import('./mcp-tools.ts')).listTools(...given),
  accept: async (...given) => (await import('./mcp-tools.ts')).answerTools('accept', ...given),
  refuse: async (...given) => (await import('./mcp-tools.ts')).answerTools('refuse', ...given),
  login: async (...given) => (await import('./mcp-login.ts')).login(...given),
  logout: async (...given) => (await import('./mcp-login.ts')).logout(...given),
  remote: async (...given) => (await import('./mcp-remote.ts')).remoteServers(...given),
  lock: async (...given) => (await import('./mcp-lock.ts')).lockServers(...given),
  sbom: async (...given) => (await import('./mcp-artifact.ts')).printSbom(...given),
  audit: async (...given) => (await import('./mcp-artifact.ts')).auditServer(...given),
  scan: async (...given) => (await import('./mcp-artifact.ts')).scanServer(...given),
  evidence: async (...given) => (await import('./mcp-artifact.ts')).evidence(...given),
  starts: async (...given) => (await import('./mcp-starts.ts')).listStarts(...given),
  serve: async (args, terminal) =>
    args.includes('--print-config') ? (await import('./mcp-own-server.ts')).printConfig(args, terminal) : becomeGateway(),
};

/** The gateway is a program of its own, and takes this process over: a client would have to wait for a second one, and signal both. */
async function becomeGateway(): Promise<ExitCode> {
  process.removeAllListeners('uncaughtException').removeAllListeners('unhandledRejection');
  process.stdout.removeAllListeners('error');
  await import(pathToFileURL(programPath('mcp-gateway')).href);
  // Before another server it ends with that one, and never comes here; our own has been hung up on.
  return 0;
}
