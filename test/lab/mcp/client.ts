import { spawn } from 'node:child_process';
import { once } from 'node:events';

interface Json {
  readonly [key: string]: unknown;
}

/** A client of an MCP server over stdio that reads every line itself, so that nothing is put right on the way. */
export class McpClient {
  readonly #child;
  readonly #waiting = new Map<number, (line: string) => void>();
  #parts: string[] = [];
  #lastId = 0;
  readonly ended: Promise<unknown>;

  constructor(command: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    const [program = '', ...args] = command;
    this.#child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#receive(text));
    this.ended = once(this.#child, 'close');
  }

  /** Resolves with the line that answers it. */
  ask(method: string, params: Json = {}): Promise<string> {
    const id = (this.#lastId += 1);
    const answer = new Promise<string>((resolve) => this.#waiting.set(id, resolve));
    this.#write({ jsonrpc: '2.0', id, method, params });
    return answer;
  }

  async request(method: string, params: Json = {}): Promise<Json> {
    return JSON.parse(await this.ask(method, params));
  }

  async initialize(): Promise<Json> {
    const answer = await this.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'lab', version: '1' },
    });
    this.#write({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    this.#child.kill();
    await this.ended;
  }

  #write(message: Json): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #receive(text: string): void {
    this.#parts.push(text);
    if (!text.includes('\n')) return;
    const lines = this.#parts.join('').split('\n');
    this.#parts = [lines.pop() ?? ''];
    for (const line of lines) this.#take(line);
  }

  /** An answer's id is where the servers of the lab write it: first or last. */
  #take(line: string): void {
    const id = /^\{"jsonrpc":"2\.0","id":(\d+)[,}]/.exec(line.slice(0, 60)) ?? /"id":(\d+)\}$/.exec(line.slice(-30));
    if (id === null) return;
    const waiting = this.#waiting.get(Number(id[1]));
    this.#waiting.delete(Number(id[1]));
    waiting?.(line);
  }
}
