import { readSettings } from './settings-schema.ts';

/** How a session of the client was started, as far as a canary has to be started alike. */
export interface SessionStart {
  /** What stands behind the program. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What its last `--settings` hold. Left out: it has none. */
  readonly settings?: object;
}

/** Where the parts of the canary are. */
export interface CanaryPlaces {
  /** The stand-in for the model. */
  readonly url: string;
  readonly session: string;
  /** Our gate alone, as the client's `--mcp-config` takes it; left out where it is not there. */
  readonly gate?: string;
}

export interface CanaryRun {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * How to start the client for one turn with that stand-in, and otherwise like the session: what decides whether its hooks run is kept.
 * Its other MCP servers are not started, and it leaves no transcript.
 */
export function canaryRun({ url, session, gate }: CanaryPlaces, { args, environment, settings }: SessionStart): CanaryRun {
  const kept = keptOptions(args);
  const strict = gate === undefined || kept.includes('--strict-mcp-config') ? [] : ['--strict-mcp-config', '--mcp-config', gate];
  const ours = ['--settings', JSON.stringify(withStandIn(settings, url)), '--session-id', session, '--no-session-persistence'];
  return {
    // Behind an option that takes many values, the prompt would be one of them.
    arguments: ['-p', 'Countersign checks its hooks.', ...kept, ...strict, ...ours],
    environment: { ...definedOf(environment), ...standIn(url), ANTHROPIC_API_KEY: 'sk-ant-countersign-canary' },
  };
}

/** Also as settings: those of a project would name another model's server, which must not hear of this. The last `--settings` win. */
function withStandIn(settings: object | undefined, url: string): object {
  const env: unknown = settings === undefined ? undefined : Reflect.get(settings, 'env');
  return { ...settings, env: { ...(typeof env === 'object' ? env : {}), ...standIn(url) } };
}

/** Whoever else may be asked, or told, in the session's name is not. An empty variable is as good as none. */
function standIn(url: string): Readonly<Record<string, string>> {
  return {
    ANTHROPIC_BASE_URL: url,
    // Without it the client would renew the person's sign-in, at its vendor's.
    CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-countersign-canary',
    CLAUDE_CODE_USE_BEDROCK: '',
    CLAUDE_CODE_USE_VERTEX: '',
    CLAUDE_CODE_USE_FOUNDRY: '',
    CLAUDE_CODE_ENABLE_TELEMETRY: '',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    ENABLE_TOOL_SEARCH: 'false',
  };
}

/** Whether those settings say themselves where the model is. */
export function namesModelServer(settings: string): boolean {
  const read = readSettings(settings);
  return 'settings' in read && Object.keys(read.settings.env ?? {}).some((name) => /^ANTHROPIC_BASE_URL$|^CLAUDE_CODE_USE_/.test(name));
}

/** What a person's sign-in, or a program that the session runs in, put there: a canary is neither. */
const notHandedOn = /^(CLAUDECODE|CLAUDE_CODE_(SESSION_ID|SSE_PORT|ENTRYPOINT|CHILD_SESSION)|ANTHROPIC_(AUTH_TOKEN|CUSTOM_HEADERS))$/;

function definedOf(environment: SessionStart['environment']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined || notHandedOn.test(name) ? [] : [[name, value]])),
  );
}

/** Options of the client that decide on hooks, tools and permissions, with how many values they take. */
const decisive = new Map<string, 'none' | 'one' | 'many'>([
  ['--bare', 'none'],
  ['--safe-mode', 'none'],
  ['--strict-mcp-config', 'none'],
  ['--dangerously-skip-permissions', 'none'],
  ['--allow-dangerously-skip-permissions', 'none'],
  ['--disable-slash-commands', 'none'],
  ['--settings', 'one'],
  ['--setting-sources', 'one'],
  ['--permission-mode', 'one'],
  ['--plugin-dir', 'one'],
  ['--add-dir', 'many'],
  ['--mcp-config', 'many'],
  ['--tools', 'many'],
  ['--allowedTools', 'many'],
  ['--allowed-tools', 'many'],
  ['--disallowedTools', 'many'],
  ['--disallowed-tools', 'many'],
]);

/** Other MCP servers than the gate are left out, unless the session is strict about its own. */
function keptOptions(args: readonly string[]): readonly string[] {
  const dropped = args.includes('--strict-mcp-config') ? ['--settings'] : ['--settings', '--mcp-config'];
  return optionsOf(args).flatMap(([name = '', ...values]) => (dropped.includes(name) ? [] : [name, ...values]));
}

/** The file or text of the `--settings` that hold: the last ones. */
export function lastSettings(args: readonly string[]): string | undefined {
  return optionsOf(args).findLast(([name]) => name === '--settings')?.[1];
}

function optionsOf(args: readonly string[]): readonly (readonly string[])[] {
  return args.flatMap((word, at) => {
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const takes = decisive.get(name);
    if (takes === undefined) return [];
    return [[name, ...(equals < 0 ? following(args.slice(at + 1), takes) : [word.slice(equals + 1)])]];
  });
}

function following(rest: readonly string[], takes: 'none' | 'one' | 'many'): readonly string[] {
  if (takes === 'none') return [];
  if (takes === 'one') return rest.slice(0, 1);
  const end = rest.findIndex((word) => word.startsWith('-'));
  return end < 0 ? rest : rest.slice(0, end);
}
