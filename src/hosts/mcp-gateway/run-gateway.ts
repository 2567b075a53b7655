import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { FrameLines } from './frame-lines.ts';
import { McpGateway } from './gateway.ts';
import { GovernorLine } from './governor-line.ts';
import { Speaker } from './speaker.ts';
import type { Wish } from './wish.ts';

/** How the server ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What is left to be told when the server is gone must not keep the client waiting. */
const lastWordsMs = 2_000;
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Starts the server and stands between it and the client on our own stdin and stdout, until the server ends. */
export async function runGateway({ server, command, args }: Wish): Promise<Ended> {
  const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'inherit'], windowsHide: true });
  const ended = once(child, 'close');
  const judge = new GovernorLine();
  const note = (text: string): void => void process.stderr.write(`countersign: ${text}\n`);
  const gateway = new McpGateway({
    judge,
    speaker: new Speaker(server, process.env, process.cwd()),
    env: process.env,
    toClient: outlet(process.stdout, child.stdout),
    toServer: outlet(child.stdin, process.stdin),
    note,
  });
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  // A server that closes its input, or a client that is gone, shows in its end.
  child.stdin.on('error', () => undefined);
  process.stdout.on('error', () => child.kill());
  read(process.stdin, (line) => gateway.fromClient(line));
  process.stdin.on('end', () => {
    gateway.clientGone();
    child.stdin.end();
  });
  read(child.stdout, (line) => {
    if (gateway.fromServer(line)) return;
    note('The server said more in one line than can be passed on, and not to which request. It is ended.');
    child.kill('SIGKILL');
  });
  await ended;
  await Promise.race([gateway.serverGone(), new Promise((resolve) => setTimeout(resolve, lastWordsMs))]);
  judge.close();
  if (process.stdout.writableLength > 0) await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'error')]);
  return { code: child.exitCode, signal: child.signalCode };
}

/** Ends this process as the server ended. */
export function endLike({ code, signal }: Ended): never {
  if (signal !== null) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
}

function read(from: Readable, take: (line: Parameters<McpGateway['fromClient']>[0]) => void): void {
  const lines = new FrameLines();
  from.on('data', (bytes: Buffer) => lines.push(bytes).forEach(take));
  from.on('end', () => {
    const rest = lines.rest();
    if (rest !== undefined) take(rest);
  });
}

/** Where lines go. Whoever does not read is not written to without an end: the other side waits meanwhile. */
function outlet(to: Writable, from: Readable): (line: Buffer) => void {
  let isFull = false;
  return (line) => {
    if (to.writableEnded || to.destroyed || to.write(line) || isFull) return;
    isFull = true;
    from.pause();
    to.once('drain', () => {
      isFull = false;
      from.resume();
    });
  };
}
