import { type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';

const command = 'countersign';

/** How each agent is told of our own MCP server: a command of its own, or what goes into its file. */
const configs: Readonly<Record<string, (agent: string) => string>> = {
  'claude-code': () => `claude mcp add --scope user countersign -- ${command} mcp serve`,
  codex: (agent) => `codex mcp add countersign -- ${command} ${argsOf(agent).join(' ')}`,
  'gemini-cli': (agent) => entry('~/.gemini/settings.json', 'mcpServers', agent),
  'qwen-code': (agent) => entry('~/.qwen/settings.json', 'mcpServers', agent),
  'copilot-cli': (agent) => entry('~/.copilot/mcp-config.json', 'mcpServers', agent),
  cursor: (agent) => entry('~/.cursor/mcp.json', 'mcpServers', agent),
  vscode: (agent) => entry('.vscode/mcp.json (or switch on the setting countersign.offerMcpServer)', 'servers', agent),
  opencode: (agent) =>
    file('~/.config/opencode/opencode.json', {
      mcp: { countersign: { type: 'local', command: [command, ...argsOf(agent)], enabled: true } },
    }),
};

/** Says how a person adds our own server to an agent. Changes nothing. */
export async function printConfig(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parse(args, { 'print-config': { type: 'string' } });
  const agent = required(values['print-config'], 'the AGENT');
  const config = Object.hasOwn(configs, agent) ? configs[agent] : undefined;
  if (config === undefined) throw new WrongUsage(`"${agent}" is not one of ${Object.keys(configs).join(', ')}`);
  terminal.out(config(agent));
  return 0;
}

function argsOf(agent: string): readonly string[] {
  return ['mcp', 'serve', '--agent', agent];
}

function entry(path: string, member: string, agent: string): string {
  return file(path, { [member]: { countersign: { command, args: argsOf(agent) } } });
}

function file(path: string, content: object): string {
  return `In ${path}:\n${JSON.stringify(content, null, 2)}`;
}
