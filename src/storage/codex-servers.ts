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
    const home = words.findLast((word) => word.startsWith('CODEX_HOME='))?.slice('CODEX_HOME='.length);
    return agentProgram(words, () => undefined) === 'codex' ? socketOf(words.slice(1), home || `${homedir()}/.codex`) : undefined;
  }
  async function end(pid: number, session: string): Promise<void> {
    const socket = connect(socketAt(pid) ?? '');
    const late = setTimeout(() => socket.destroy(new Error(`it did not answer within ${ms / 1000} s`)), ms);
    try {
      await speakWith(socket, (server) => endInServer(server, session));
    } finally {
      clearTimeout(late);
      socket.destroy();
    }
  }
  return { isShared: (pid) => socketAt(pid) !== undefined, end };
}

async function speakWith(socket: Socket, talk: (server: AppServer) => Promise<void>): Promise<void> {
  const asked: PromiseWithResolvers<unknown>[] = [];
  const texts = textsIn(socket);
  const send = (message: object) => void socket.write(textFrame(JSON.stringify(message)));

  async function hear(): Promise<never> {
    for await (const text of texts) {
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
  const { value = '' } = await texts.next();
  if (!value.startsWith('HTTP/1.1 101')) throw new Error(`it answered "${value.slice(0, 40)}"`);
  await Promise.race([hear(), talk({ ask, tell: (method) => send({ method }) })]);
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
