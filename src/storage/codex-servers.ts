import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { homedir } from 'node:os';
import { endInServer, serverAnswer, socketOf, type AppServer } from '../agents/codex/app-server.ts';
import { agentProgram } from './agent-programs.ts';
import { handshake, textFrame, textsIn } from './web-socket.ts';

/** Processes that work for several sessions at once, so that ending one of those must not end the process. */
export interface SharedServers {
  readonly isShared: (pid: number) => boolean;
  /** Ends what the session does in that process. Rejects with why that cannot be known. */
  readonly end: (pid: number, session: string) => Promise<void>;
}

export interface CodexServersOptions {
  /** The words that a process was started with, and after them its variables. */
  readonly wordsOf?: (pid: number) => readonly string[];
  /** How long an answer may take: it comes within milliseconds, and meanwhile the session's calls are refused already. */
  readonly ms?: number;
}

/** Codex's terminal UI runs its sessions in one server (`codex app-server --listen unix://`). */
export function codexServers({ wordsOf = startedWith, ms = 2_000 }: CodexServersOptions = {}): SharedServers {
  function socketAt(pid: number): string | undefined {
    const words = wordsOf(pid);
    const variable = (name: string) => words.findLast((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    if (agentProgram(words, () => undefined) !== 'codex') return undefined;
    return socketOf(words.slice(1), variable('CODEX_HOME') || `${variable('HOME') || homedir()}/.codex`);
  }
  async function end(pid: number, session: string): Promise<void> {
    const socket = connect(socketAt(pid) ?? '');
    const late = setTimeout(() => socket.destroy(new Error(`it did not answer within ${ms / 1000} s`)), ms);
    try {
      const { server, failed } = speakWith(socket);
      await Promise.race([endInServer(server, session), failed]);
    } finally {
      clearTimeout(late);
      socket.destroy();
    }
  }
  return { isShared: (pid) => socketAt(pid) !== undefined, end };
}

/** Questions to a server and its answers. `failed` rejects as soon as none can come any more. */
function speakWith(socket: Socket): { readonly server: AppServer; readonly failed: Promise<never> } {
  const asked: PromiseWithResolvers<unknown>[] = [];
  const opened = Promise.withResolvers<void>();
  const send = (message: object) => void opened.promise.then(() => socket.write(textFrame(JSON.stringify(message))));

  async function hear(): Promise<never> {
    for await (const text of textsIn(socket, opened.resolve)) {
      const answer = serverAnswer(text);
      const question = answer && asked[answer.id];
      if (answer?.error) question?.reject(new Error(`it answered: ${answer.error.message}`));
      else question?.resolve(answer?.result);
    }
    throw new Error('it closed the connection');
  }
  function ask(method: string, params: object): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    send({ id: asked.push(answer) - 1, method, params });
    return answer.promise;
  }
  socket.write(handshake);
  return { server: { ask, tell: (method) => send({ method }) }, failed: hear() };
}

/** Nothing where the process is gone. `ps` puts the variables behind the arguments, all of it without quotes: spaces are not understood. */
function startedWith(pid: number): readonly string[] {
  try {
    if (process.platform !== 'linux') return execFileSync('ps', ['-Ewwo', 'command=', '-p', `${pid}`], { encoding: 'utf8' }).split(/\s+/);
    return ['cmdline', 'environ'].flatMap((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0'));
  } catch {
    return [];
  }
}
