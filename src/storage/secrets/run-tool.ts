import { spawn } from 'node:child_process';

export interface ToolRun {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** A keyring that asks its person for a password takes as long as they do. */
const patienceMs = 60_000;

/** One of the system's own tools. What is secret goes in by `input`: arguments can be seen by everybody. Rejects where there is none. */
export function runTool(program: string, args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { env, stdio: 'pipe', timeout: patienceMs, windowsHide: true });
    const [out, error]: [string[], string[]] = [[], []];
    child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => error.push(text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, out: out.join(''), error: error.join('').trim() }));
    // One that ends without reading says so by its code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

export function failed(program: string, { code, error }: ToolRun): Error {
  return new Error(`${program} failed (${code === -1 ? 'no answer' : code})${error === '' ? '' : `: ${error.split('\n')[0]}`}`);
}
