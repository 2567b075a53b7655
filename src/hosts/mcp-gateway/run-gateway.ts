import { once } from 'node:events';
import { constants } from 'node:os';
import { serverEnvironment } from '../../storage/install/person-environment.ts';
import { ClientSide } from './client-side.ts';
import { GovernorLine } from './governor-line.ts';
import { mayStart } from './may-start.ts';
import { readLines } from './pipes.ts';
import { RefusedStart } from './refused-start.ts';
import type { ServerStart } from './secrets.ts';
import { startOf, startServer } from './server-start.ts';
import { StartingClient, type Speaker } from './speaker.ts';
import type { Wish } from './wish.ts';

/** How the server ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What is left to be told when the server is gone must not keep the client waiting. */
const lastWordsMs = 2_000;
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A client speaks first, and says who it is. Whoever says nothing need not. */
const firstWordMs = 500;

/** Starts the server, if it may be, and stands between it and the client on our own stdin and stdout, until the server ends. */
export async function runGateway(wish: Wish): Promise<Ended> {
  const judge = new GovernorLine();
  const speaker = new StartingClient(wish.server, process.env, process.cwd(), wish.agent);
  const client = new ClientSide(wish, judge, speaker, note);
  await Promise.race([client.spoken, new Promise((resolve) => setTimeout(resolve, firstWordMs))]);
  const permission = await mayStart({ wish, judge, speaker, env: serverEnvironment(), cwd: process.cwd() });
  const start = await startOf(permission, judge, speaker);
  const ended = 'refused' in start ? await refuse(wish, client, start.refused) : await serve(client, start, judge, speaker);
  judge.close();
  if (process.stdout.writableLength > 0) await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'error')]);
  return ended;
}

async function refuse({ server }: Wish, client: ClientSide, reason: string): Promise<Ended> {
  note(`"${server}" does not start. ${reason}`);
  const refused = new RefusedStart(reason, client.toClient);
  client.sendTo((line) => refused.take(line));
  await refused.over(process.stdin);
  return { code: 1, signal: null };
}

async function serve(client: ClientSide, start: ServerStart, judge: GovernorLine, speaker: Speaker): Promise<Ended> {
  const { child, ended, clean } = await startServer(start, judge, speaker);
  client.connect(child.stdin, child.stdout);
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  // A server that closes its input, or a client that is gone, shows in its end.
  child.stdin.on('error', () => undefined);
  process.stdout.on('error', () => child.kill());
  readLines(child.stdout, (line) => {
    if (client.gateway.fromServer('tail' in line ? line : clean(line))) return;
    note('The server said more in one line than can be passed on, and not to which request. It is ended.');
    child.kill('SIGKILL');
  });
  await ended;
  await Promise.race([client.gateway.serverGone(), new Promise((resolve) => setTimeout(resolve, lastWordsMs))]);
  return { code: child.exitCode, signal: child.signalCode };
}

function note(text: string): void {
  process.stderr.write(`countersign: ${text}\n`);
}

/** Ends this process as the server ended. */
export function endLike({ code, signal }: Ended): never {
  if (signal !== null) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
}
