import { execFile } from 'node:child_process';

export interface Client {
  /** A name to be found on the PATH, or an absolute path. */
  readonly program: string;
  /** Added to our own environment. */
  readonly environment: Readonly<Record<string, string>>;
}

const limitMs = 60_000;

/** What the agent's program prints. Rejects, naming the command and what it said, when it fails. */
export function runClient(client: Client, args: readonly string[]): Promise<string> {
  // npm's programs on Windows are `.cmd` files, which only a shell starts.
  const isWindows = process.platform === 'win32';
  const quoted = isWindows ? args.map((argument) => (/[\s&|<>^"]/.test(argument) ? `"${argument}"` : argument)) : args;
  const options = { env: { ...process.env, ...client.environment }, timeout: limitMs, shell: isWindows, maxBuffer: 16 * 1024 * 1024 };
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
  return `"${[program, ...args].join(' ')}" failed${said === '' ? '' : `: ${said.split('\n')[0]}`}`;
}
