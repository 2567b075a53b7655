import { homedir } from 'node:os';
import * as z from 'zod/mini';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the launcher of gateways keeps the person's environment in, as JSON. */
export const personVariable = 'COUNTERSIGN_PERSON';

/** What the launcher keeps NODE_OPTIONS in, for the server alone. */
export const nodeOptionsVariable = 'COUNTERSIGN_NODE_OPTIONS';

/** Where a person's files are, and how their machine reaches its keyring and a registry. Nothing of it makes a program load code. */
const known =
  /^(HOME|USERPROFILE|PATH|Path|TMPDIR|TEMP|TMP|LANG|LC_\w+|TZ|XDG_\w+|APPDATA|LOCALAPPDATA|SystemRoot|COMSPEC|CLAUDE_CONFIG_DIR|CODEX_HOME|COPILOT_HOME|GEMINI_CLI_HOME|DBUS_SESSION_BUS_ADDRESS|DISPLAY|WAYLAND_DISPLAY|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(https?|no|all)_proxy|npm_config_(registry|cache|userconfig|cafile|https_proxy|proxy|noproxy|strict_ssl))$/i;

/** What is the person's own in an environment. */
export function personIn(environment: Environment): Readonly<Record<string, string>> {
  const own = Object.entries(environment).flatMap(([name, value]) => (value !== undefined && known.test(name) ? [[name, value]] : []));
  return { HOME: homedir(), ...Object.fromEntries(own) };
}

/**
 * The person's environment where a client has started us: what an MCP server's configuration sets there may come from a repository. The
 * launcher tells; where there is none, what we were started with has to do.
 */
export function personHere(environment: Environment = process.env): Readonly<Record<string, string>> {
  const told = environment[personVariable];
  return told === undefined ? personIn(environment) : z.parse(z.record(z.string(), z.string()), JSON.parse(told));
}

/** As the client gave it to the server. */
export function serverEnvironment({ NODE_OPTIONS: own, ...others }: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const options = others[nodeOptionsVariable] || own;
  return options ? { ...others, NODE_OPTIONS: options } : others;
}

/** For a governor that is started for the person: as their hooks start it. */
export function governorEnvironment(environment: Environment = process.env): Readonly<Record<string, string>> {
  const { COUNTERSIGN_HOME: home, ELECTRON_RUN_AS_NODE: asNode } = environment;
  return {
    ...personHere(environment),
    ...(process.platform === 'win32' ? {} : { PATH: '/usr/bin:/bin' }),
    ...(home === undefined ? {} : { COUNTERSIGN_HOME: home }),
    ...(asNode === undefined ? {} : { ELECTRON_RUN_AS_NODE: asNode }),
  };
}
