import { basename } from 'node:path';
import { parseArgs } from 'node:util';

/** What the gateway is started for. */
export interface Wish {
  /** As policies call the server. */
  readonly server: string;
  /** A program, or the address of a server that is reached over the network. */
  readonly command: string;
  readonly args: readonly string[];
  /** How long the client waits for an answer to a call, where its configuration says so. */
  readonly patienceMs?: number;
  /** In whose configuration it stands. */
  readonly agent?: string;
}

export const usage = 'countersign mcp run [--name SERVER] [--agent AGENT] [--patience SECONDS] -- COMMAND [ARGUMENT]… | URL';

/** `[--name SERVER] [--agent AGENT] [--patience SECONDS] -- COMMAND …`. Throws a sentence on anything else. */
export function wishOf(argv: readonly string[]): Wish {
  const at = argv.indexOf('--');
  const [command, ...args] = at === -1 ? [] : argv.slice(at + 1);
  if (command === undefined || command === '') throw new Error(`no COMMAND was given. Usage: ${usage}`);
  if (addressOf(command) !== undefined && args.length > 0) throw new Error(`nothing may follow the address ${command}`);
  const { values } = parseArgs({
    args: argv.slice(0, at),
    options: { name: { type: 'string' }, agent: { type: 'string' }, patience: { type: 'string' } },
  });
  const patienceMs = Number(values.patience) * 1_000;
  const more = { ...(patienceMs > 0 ? { patienceMs } : {}), ...(values.agent ? { agent: values.agent } : {}) };
  return { server: values.name || nameOf(command, args), command, args, ...more };
}

/** Where a server is reached over the network; `undefined`: it is a program. */
export function addressOf(command: string): URL | undefined {
  return /^https?:\/\//i.test(command) && URL.canParse(command) ? new URL(command) : undefined;
}

const starters = new Set(['npx', 'npm', 'bunx', 'bun', 'pnpm', 'yarn', 'uvx', 'uv', 'node', 'deno', 'python', 'python3', 'docker', 'cmd']);

/** Of a package that a starter runs, the package's own name. */
function nameOf(command: string, args: readonly string[]): string {
  const address = addressOf(command);
  if (address !== undefined) return address.hostname;
  const program = bare(command);
  const named = starters.has(program) ? args.find((argument) => !/^-|^\/\w$|^(run|exec|dlx|x|tool)$/.test(argument)) : undefined;
  return named === undefined ? program : bare(named.replace(/(?<=.)@[^/@]*$/, ''));
}

function bare(path: string): string {
  return basename(path.replaceAll('\\', '/')).replace(/\.(exe|cmd|m?js|ts|py)$/i, '') || 'mcp';
}
