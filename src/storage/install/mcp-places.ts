import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RemoteDialect } from '../../agents/mcp/remote-entry.ts';
import { copilotFolder } from '../agent-folders.ts';
import { codexHome } from './codex.ts';
import type { FormatName } from './server-formats.ts';

/** A place in which a client looks for its MCP servers. */
export interface ServerPlace {
  readonly file: string;
  /** Where in the file the servers stand by their names. */
  readonly at: readonly string[];
  /** user: everywhere; local: for this person in one folder; project: for everybody who works on it. */
  readonly scope: 'user' | 'local' | 'project';
}

/** How a client has its MCP servers configured. */
export interface ServerClient {
  readonly agent: string;
  /** As its maker calls it. */
  readonly title: string;
  /** The real client was run with a server behind the gateway; left out: its documentation says so. */
  readonly isTried?: true;
  readonly format: FormatName;
  /** `command` is a list that begins with the program; left out: it is the program, and `args` the rest. */
  readonly isList?: true;
  /** How it has servers over the network. */
  readonly remote?: RemoteDialect;
  /** The member that says how long a call may take, what one of it is in milliseconds, and what we set where nothing is said. */
  readonly patience?: { readonly member: string; readonly unitMs: number; readonly raised?: number };
  readonly places: (surroundings: Surroundings) => readonly ServerPlace[];
}

export interface Surroundings {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const mcpServers = ['mcpServers'];
const seconds = (member: string) => ({ member, unitMs: 1_000 });
const milliseconds = (member: string) => ({ member, unitMs: 1 });

export const serverClients: readonly ServerClient[] = [
  {
    agent: 'claude-code',
    title: 'Claude Code',
    isTried: true,
    format: 'json',
    remote: { startedType: 'stdio' },
    patience: milliseconds('timeout'),
    places: ({ folder, environment }) => {
      const own = join(environment['CLAUDE_CONFIG_DIR'] || homeOf(environment), '.claude.json');
      return [
        { file: own, at: ['projects', folder, 'mcpServers'], scope: 'local' },
        { file: join(folder, '.mcp.json'), at: mcpServers, scope: 'project' },
        { file: own, at: mcpServers, scope: 'user' },
      ];
    },
  },
  {
    agent: 'codex',
    title: 'Codex',
    isTried: true,
    format: 'toml',
    // It waits five minutes, and progress does not make it wait longer.
    patience: { ...seconds('tool_timeout_sec'), raised: 1_800 },
    places: ({ folder, environment }) => [
      { file: join(folder, '.codex', 'config.toml'), at: ['mcp_servers'], scope: 'project' },
      { file: join(codexHome(environment), 'config.toml'), at: ['mcp_servers'], scope: 'user' },
    ],
  },
  {
    agent: 'gemini-cli',
    title: 'Gemini CLI',
    isTried: true,
    format: 'json',
    remote: { isAddressFirst: true },
    patience: { ...milliseconds('timeout'), raised: 1_800_000 },
    places: ({ folder, environment }) => [
      { file: join(folder, '.gemini', 'settings.json'), at: mcpServers, scope: 'project' },
      {
        file: join(resolve(environment['GEMINI_CLI_HOME'] || homeOf(environment)), '.gemini', 'settings.json'),
        at: mcpServers,
        scope: 'user',
      },
    ],
  },
  inFolders(
    {
      agent: 'qwen-code',
      title: 'Qwen Code',
      isTried: true,
      patience: milliseconds('timeout'),
      remote: { isAddressFirst: true, untyped: 'sse' },
    },
    ['.qwen', 'settings.json'],
  ),
  {
    agent: 'opencode',
    title: 'opencode',
    isTried: true,
    format: 'json',
    isList: true,
    remote: { startedType: 'local', environment: 'environment' },
    patience: milliseconds('timeout'),
    places: ({ folder, environment }) => {
      const config = join(environment['XDG_CONFIG_HOME'] || join(homeOf(environment), '.config'), 'opencode');
      return [
        ...['opencode.json', 'opencode.jsonc', '.opencode/opencode.json', '.opencode/opencode.jsonc'].map((name) => ({
          file: join(folder, name),
          at: ['mcp'],
          scope: 'project' as const,
        })),
        ...['config.json', 'opencode.json', 'opencode.jsonc'].map((name) => ({
          file: join(config, name),
          at: ['mcp'],
          scope: 'user' as const,
        })),
      ];
    },
  },
  {
    agent: 'vscode',
    title: 'VS Code',
    format: 'json',
    remote: { startedType: 'stdio' },
    places: ({ folder, environment }) => [
      { file: join(folder, '.vscode', 'mcp.json'), at: ['servers'], scope: 'project' },
      ...editorFolders(environment).map((user) => ({ file: join(user, 'mcp.json'), at: ['servers'], scope: 'user' as const })),
    ],
  },
  {
    agent: 'copilot-cli',
    title: 'Copilot CLI',
    format: 'json',
    remote: { startedType: 'local' },
    places: ({ environment }) => [{ file: join(copilotFolder(environment), 'mcp-config.json'), at: mcpServers, scope: 'user' }],
  },
  inFolders({ agent: 'cursor', title: 'Cursor', remote: { startedType: 'stdio' } }, ['.cursor', 'mcp.json']),
  {
    agent: 'cline',
    title: 'Cline',
    format: 'json',
    remote: { startedType: 'stdio', untyped: 'sse' },
    patience: seconds('timeout'),
    places: ({ environment }) => [
      { file: join(homeOf(environment), '.cline', 'data', 'settings', clineFile), at: mcpServers, scope: 'user' },
      ...editorFolders(environment).map((user) => ({
        file: join(user, 'globalStorage', 'saoudrizwan.claude-dev', 'settings', clineFile),
        at: mcpServers,
        scope: 'user' as const,
      })),
    ],
  },
  {
    agent: 'windsurf',
    title: 'Windsurf',
    format: 'json',
    places: ({ environment }) => [
      { file: join(homeOf(environment), '.codeium', 'windsurf', 'mcp_config.json'), at: mcpServers, scope: 'user' },
    ],
  },
  inFolders({ agent: 'kiro', title: 'Kiro' }, ['.kiro', 'settings', 'mcp.json']),
];

const clineFile = 'cline_mcp_settings.json';

/** The same file in the person's home and in a project. */
function inFolders(client: Omit<ServerClient, 'format' | 'places'>, path: readonly string[]): ServerClient {
  return {
    ...client,
    format: 'json',
    places: ({ folder, environment }) => [
      { file: join(folder, ...path), at: mcpServers, scope: 'project' },
      { file: join(homeOf(environment), ...path), at: mcpServers, scope: 'user' },
    ],
  };
}

function homeOf(environment: Surroundings['environment']): string {
  return environment['HOME'] || homedir();
}

/** Where VS Code, and what is made of it, keeps a person's own files. */
function editorFolders(environment: Surroundings['environment']): readonly string[] {
  const home = homeOf(environment);
  const desktops: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(home, 'Library', 'Application Support'),
    win32: environment['APPDATA'] || join(home, 'AppData', 'Roaming'),
  };
  const desktop = desktops[process.platform] ?? (environment['XDG_CONFIG_HOME'] || join(home, '.config'));
  return [
    join(desktop, 'Code', 'User'),
    join(desktop, 'Code - Insiders', 'User'),
    join(desktop, 'VSCodium', 'User'),
    join(home, '.vscode-server', 'data', 'User'),
    join(home, '.local', 'share', 'code-server', 'User'),
  ];
}
