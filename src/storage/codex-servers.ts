import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { endInServer, isSharedServer, serverAnswer, socketOf, type AppServer } from '../agents/codex/app-server.ts';
import { agentProgram } from './agent-programs.ts';
import { openUnixWebSocket } from './unix-websocket.ts';

/** What a process was started with. */
export interface Started {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Processes that work for several sessions at once, so that ending one of those must not end the process. */
export interface SharedServers {
  readonly isShared: (pid: number) => boolean;
  /** Ends what the session does in that process. Resolves with the number of its turns; rejects with why that cannot be known. */
  readonly end: (pid: number, session: string) => Promise<number>;
}

/** It answers within milliseconds. Meanwhile the session's calls are refused already. */
const answerMs = 2_000;

/** Codex's terminal UI runs its sessions in one server (`codex app-server --listen unix://`). */
export class CodexServers implements SharedServers {
  readonly #startOf: (pid: number) => Started;
  readonly #ms: number;

  constructor({ startOf = startedWith, ms = answerMs }: { readonly startOf?: (pid: number) => Started; readonly ms?: number } = {}) {
    this.#startOf = startOf;
    this.#ms = ms;
  }

  readonly isShared = (pid: number): boolean => isServer(this.#startOf(pid).argv);

  readonly end = async (pid: number, session: string): Promise<number> => {
    const { argv, environment } = this.#startOf(pid);
    const path = socketOf(argv.slice(1), environment['CODEX_HOME'] || join(environment['HOME'] || homedir(), '.codex'));
    if (path === undefined) throw new Error('it listens on no socket of this machine');
    using line = new ServerLine(path, this.#ms);
    return await Promise.race([endInServer(line, session), line.failed]);
  };
}

function isServer(argv: readonly string[]): boolean {
  return agentProgram(argv, () => undefined) === 'codex' && isSharedServer(argv.slice(1));
}

/** Questions to one server and its answers, for as long as they may take. */
class ServerLine implements AppServer, Disposable {
  readonly failed: Promise<never>;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #line: ReturnType<typeof openUnixWebSocket>;
  readonly #timer: NodeJS.Timeout;
  #asked = 0;

  constructor(path: string, ms: number) {
    const failure = Promise.withResolvers<never>();
    this.failed = failure.promise;
    this.#timer = setTimeout(() => failure.reject(new Error(`it did not answer within ${ms / 1000} s`)), ms);
    this.#line = openUnixWebSocket(path, { message: (text) => this.#hear(text), closed: failure.reject });
  }

  readonly ask: AppServer['ask'] = (method, params) => {
    this.#asked += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#open.set(this.#asked, answer);
    this.#line.send(JSON.stringify({ id: this.#asked, method, params }));
    return answer.promise;
  };

  readonly tell: AppServer['tell'] = (method) => this.#line.send(JSON.stringify({ method }));

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#line[Symbol.dispose]();
  }

  #hear(text: string): void {
    const answer = serverAnswer(text);
    const open = answer === undefined ? undefined : this.#open.get(answer.id);
    if (answer?.error === undefined) open?.resolve(answer?.result);
    else open?.reject(new Error(`it answered: ${answer.error.message}`));
  }
}

/** Empty where the system does not say, or the process is gone. */
function startedWith(pid: number): Started {
  try {
    return process.platform === 'linux' ? linuxStart(pid) : psStart(pid);
  } catch {
    return { argv: [], environment: {} };
  }
}

function linuxStart(pid: number): Started {
  const read = (name: string): readonly string[] => readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0');
  return { argv: read('cmdline').slice(0, -1), environment: variablesIn(read('environ')) };
}

/** `ps -E` puts the environment behind the arguments, all of it without quotes: a path with a space in it is not understood. */
function psStart(pid: number): Started {
  const words = execFileSync('ps', ['-Eww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  const first = words.findIndex((word) => /^[A-Z_][A-Z0-9_]*=/.test(word));
  return first < 0 ? { argv: words, environment: {} } : { argv: words.slice(0, first), environment: variablesIn(words.slice(first)) };
}

function variablesIn(lines: readonly string[]): Started['environment'] {
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
