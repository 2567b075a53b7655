import { spawn } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';

export interface Heard {
  readonly exitCode: number | null;
  readonly output: string;
}

/** An agent whose every call goes through the command hook of the extension that is installed in `home`. */
export class Agent {
  readonly #home: string;
  readonly #cwd: string;
  readonly #session: string;
  #calls = 0;

  constructor(home: string, cwd: string, session = '11111111-2222-4333-8444-555555555555') {
    this.#home = home;
    this.#cwd = cwd;
    this.#session = session;
  }

  /** Resolves when the hook has answered, which may take a person. */
  async call(tool: string, input: object): Promise<Heard> {
    const program = await this.#hook();
    const message = {
      session_id: this.#session,
      transcript_path: join(this.#home, 'transcript.jsonl'),
      cwd: this.#cwd,
      permission_mode: 'default',
      hook_event_name: 'PreToolUse',
      tool_name: tool,
      tool_input: input,
      tool_use_id: `toolu_${(this.#calls += 1)}`,
    };
    return run(program, { HOME: this.#home, PATH: process.env['PATH'] ?? '' }, JSON.stringify(message));
  }

  async bash(command: string): Promise<Heard> {
    return this.call('Bash', { command, description: 'A test' });
  }

  async #hook(): Promise<string> {
    for await (const file of glob(join(this.#home, 'extensions', 'countersign.countersign-*', 'dist', 'hook.mjs'))) return file;
    throw new Error('The extension is not installed there.');
  }
}

async function run(program: string, env: Record<string, string>, input: string): Promise<Heard> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'claude-code', 'PreToolUse'], { env });
    let output = '';
    child.stdout.on('data', (text) => (output += String(text)));
    child.stderr.on('data', (text) => (output += String(text)));
    child.on('close', (exitCode) => resolve({ exitCode, output }));
    child.stdin.end(input);
  });
}
