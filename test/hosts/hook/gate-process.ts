import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const program = join(import.meta.dirname, '..', '..', '..', 'src', 'hosts', 'hook', 'main.ts');

type Json = Readonly<Record<string, unknown>>;

/** The gate as a process of its own, and we are the client at the other end of its pipes. */
export interface GateProcess extends Disposable {
  readonly pid: number;
  /** Resolves with the answer's `result` or `error`. */
  readonly request: (method: string, params?: Json) => Promise<Json>;
  /** What the hook's call is answered with: the JSON in the one text. */
  readonly confirm: (input: Json) => Promise<Json>;
  /** The id that the next request will have. */
  readonly nextId: () => number;
  readonly write: (line: string) => void;
  readonly ended: Promise<number | null>;
}

export function startGate(home: string, gateProgram: string = program): GateProcess {
  const child = spawn(process.execPath, [gateProgram, 'claude-code', '--gate'], {
    env: { PATH: '/usr/bin:/bin', HOME: home, COUNTERSIGN_HOME: join(home, 'state') },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map<number, (answer: Json) => void>();
  let rest = '';
  let last = 0;
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { id, result, error, jsonrpc } = JSON.parse(line);
      if (jsonrpc !== '2.0') throw new Error(`Not JSON-RPC: ${line}`);
      waiting.get(id)?.(result ?? error);
    }
  });
  const write = (line: string): void => void child.stdin.write(`${line}\n`);
  const request = (method: string, params: Json = {}): Promise<Json> => {
    const id = (last += 1);
    const answer = new Promise<Json>((resolve) => waiting.set(id, resolve));
    write(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return answer;
  };
  const confirm = async (input: Json): Promise<Json> => {
    const result: { content?: readonly { type: string; text: string }[] } = await request('tools/call', {
      name: 'confirm',
      arguments: input,
    });
    const [content, ...more] = result.content ?? [];
    if (content?.type !== 'text' || more.length > 0) throw new Error(`Not one text: ${JSON.stringify(result)}`);
    return JSON.parse(content.text);
  };
  return {
    pid: child.pid ?? 0,
    request,
    confirm,
    nextId: () => last + 1,
    write,
    ended: once(child, 'exit').then(() => child.exitCode),
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}
