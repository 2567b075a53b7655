import { basename } from 'node:path';
import { parseArgs } from 'node:util';

/** What the gateway is started for. */
export interface Wish {
  /** As policies call the server. */
  readonly server: string;
  readonly command: string;
  readonly args: readonly string[];
}

export const usage = 'countersign mcp run [--name SERVER] -- COMMAND [ARGUMENT]…';

/** `[--name SERVER] -- COMMAND …`. Throws a sentence on anything else. */
export function wishOf(argv: readonly string[]): Wish {
  const at = argv.indexOf('--');
  const [command, ...args] = at === -1 ? [] : argv.slice(at + 1);
  if (command === undefined || command === '') throw new Error(`no COMMAND was given. Usage: ${usage}`);
  const { values } = parseArgs({ args: argv.slice(0, at), options: { name: { type: 'string' } } });
  return { server: values.name || nameOf(command, args), command, args };
}

const starters = new Set(['npx', 'npm', 'bunx', 'bun', 'pnpm', 'yarn', 'uvx', 'uv', 'node', 'deno', 'python', 'python3', 'docker', 'cmd']);

/** Of a package that a starter runs, the package's own name. */
function nameOf(command: string, args: readonly string[]): string {
  const program = bare(command);
  const named = starters.has(program) ? args.find((argument) => !/^-|^\/\w$|^(run|exec|dlx|x|tool)$/.test(argument)) : undefined;
  return named === undefined ? program : bare(named.replace(/(?<=.)@[^/@]*$/, ''));
}

function bare(path: string): string {
  return basename(path.replaceAll('\\', '/')).replace(/\.(exe|cmd|m?js|ts|py)$/i, '') || 'mcp';
}
