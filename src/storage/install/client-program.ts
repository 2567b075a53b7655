import { execFile } from 'node:child_process';

export interface Client {
  /** A name to be found on the PATH, or an absolute path. */
  readonly program: string;
  /** Added to our own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Our own is left out. */
  readonly isAlone?: boolean;
  /** Left out: our own. */
  readonly cwd?: string;
  readonly limitMs?: number;
}

const usualMs = 60_000;
const longest = 160;

/** What the agent's program prints. Rejects, naming the command and what it said, when it fails. */
export function runClient(client: Client, args: readonly string[]): Promise<string> {
  // npm's programs on Windows are `.cmd` files, which only a shell starts.
  const isWindows = process.platform === 'win32';
  const quoted = isWindows ? args.map((argument) => (/[\s&|<>^"]/.test(argument) ? `"${argument}"` : argument)) : args;
  const options = {
    env: { ...(client.isAlone === true ? {} : process.env), ...client.environment },
    timeout: client.limitMs ?? usualMs,
    shell: isWindows,
    maxBuffer: 16 * 1024 * 1024,
    ...(client.cwd === undefined ? {} : { cwd: client.cwd }),
  };
  return new Promise((resolve, reject) => {
    const child = execFile(client.program, quoted, options, (cause, stdout, stderr) => {
      if (cause === null) resolve(stdout);
      else reject(new Error(complaint(client.program, args, cause, stderr.trim() || stdout.trim()), { cause }));
    });
    child.stdin?.end();
  });
}

function complaint(program: string, args: readonly string[], cause: Error, said: string): string {
  if ('code' in cause && cause.code === 'ENOENT') return `"${program}" was not found. Install it, or put it on the PATH, and try again`;
  const call = [program, ...args].join(' ');
  const shown = call.length > longest ? `${call.slice(0, longest)}…` : call;
  if ('killed' in cause && cause.killed === true) return `"${shown}" did not end in time`;
  return `"${shown}" failed${said === '' ? '' : `: ${said.split('\n')[0]}`}`;
}
