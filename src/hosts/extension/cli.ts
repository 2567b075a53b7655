import { execFile } from 'node:child_process';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const timeoutMs = 120_000;

/** Runs the bundled command line with the editor's own Node. Never rejects: a program that cannot start is a failure with its reason. */
export async function runCli(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  cwd?: string,
): Promise<CliResult> {
  const options = {
    env: { ...environment, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
    timeout: timeoutMs,
    maxBuffer: 16 * 1024 * 1024,
    ...(cwd === undefined ? {} : { cwd }),
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      const exitCode = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
      resolve({ exitCode, stdout, stderr: stderr === '' && error ? error.message : stderr });
    });
    child.stdin?.end();
  });
}
