import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../../../src/hosts/mcp-gateway/main.ts');
const scripted = join(import.meta.dirname, 'scripted-server.mjs');

export interface Json {
  readonly [key: string]: unknown;
}

export interface ToolResult {
  readonly content?: readonly { readonly text: string }[];
  readonly structuredContent?: Json;
  readonly isError?: boolean;
  readonly tools?: readonly { readonly name: string }[];
}

/** The gateway as a process of its own before the scripted server; we are the client at the other end of its pipes. */
export class GatewayProcess {
  readonly #child;
  readonly #log: string;
  readonly #waiting = new Map<number, (message: { readonly result?: ToolResult; readonly error?: Json }) => void>();
  #lastId = 0;
  /** All that came from it, line by line. */
  readonly lines: string[] = [];
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;

  constructor(root: string, env: Readonly<Record<string, string>> = {}, server: readonly string[] = [process.execPath, scripted]) {
    this.#log = join(root, 'server.log');
    this.#child = spawn(
      process.execPath,
      [program, '--name', 'scripted', '--', ...server, ...(/^https?:/.test(server[0] ?? '') ? [] : [this.#log])],
      {
        env: { PATH: '/usr/bin:/bin', HOME: root, COUNTERSIGN_HOME: join(root, 'home'), ...env },
        cwd: root,
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    this.#child.stdin.on('error', () => undefined);
    let parts: string[] = [];
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      parts.push(text);
      if (!text.includes('\n')) return;
      const lines = parts.join('').split('\n');
      parts = [lines.pop() ?? ''];
      lines.forEach((line) => this.#take(line));
    });
    this.ended = once(this.#child, 'close').then(() => [this.#child.exitCode, this.#child.signalCode] as const);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }
  get lastId(): number {
    return this.#lastId;
  }

  /** What the server got. */
  received(): readonly string[] {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trim().split('\n') : [];
  }

  calls(): readonly string[] {
    return this.received().filter((line) => line.includes('"tools/call"'));
  }

  write(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  closeInput(): void {
    this.#child.stdin.end();
  }

  request(method: string, params: Json = {}): Promise<{ readonly result?: ToolResult; readonly error?: Json }> {
    const id = (this.#lastId += 1);
    const answer = new Promise<{ readonly result?: ToolResult; readonly error?: Json }>((resolve) => this.#waiting.set(id, resolve));
    this.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return answer;
  }

  async initialize(name = 'test-client', protocolVersion = '2025-11-25'): Promise<void> {
    await this.request('initialize', { protocolVersion, capabilities: {}, clientInfo: { name, version: '1' } });
    this.write('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  }

  async call(name: string, args: Json = {}, more: Json = {}): Promise<ToolResult> {
    const { result, error } = await this.request('tools/call', { name, arguments: args, ...more });
    if (result === undefined) throw new Error(JSON.stringify(error));
    return result;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Reads nothing any more, as a client that hangs. */
  stopReading(): void {
    this.#child.stdout.pause();
  }
  readOn(): void {
    this.#child.stdout.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    await this.ended;
    clearTimeout(late);
  }

  #take(line: string): void {
    this.lines.push(line);
    if (!line.startsWith('{')) return;
    const { id, method, ...message } = JSON.parse(line);
    if (method === undefined) this.#waiting.get(id)?.(message);
  }
}

export function textOf(result: ToolResult): string {
  return result.content?.[0]?.text ?? '';
}
