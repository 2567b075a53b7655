import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { WrongUsage } from './command.ts';

/** Which of how many parts: what belongs to one session stays together, for limits count by sessions. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/** Fewer calls than that are judged before a thread has started. */
const worthwhile = 8_000;
const mostThreads = 4;

/** In how many parts so many calls are best judged here. */
export function shardsFor(calls: number): number {
  return calls < worthwhile ? 1 : Math.min(mostThreads, availableParallelism());
}

export function shardOf(given: string | undefined): Shard | undefined {
  if (given === undefined) return undefined;
  const [part = NaN, of = NaN] = given.split('/').map(Number);
  if (!(Number.isInteger(part) && Number.isInteger(of) && part >= 0 && part < of)) throw new WrongUsage('--shard takes PART/OF');
  return { part, of };
}

/** Which sessions belong to a part. */
export function sessionsOf({ part, of }: Shard): (session: string) => boolean {
  return (session) => hash('sha256', session, 'buffer').readUInt32LE(0) % of === part;
}

/** What this very command prints of each part, each in a thread of its own. They end with the process. */
export async function inShards(
  args: readonly string[],
  input: string,
  count: number,
  progress: (share: number) => void,
): Promise<readonly string[]> {
  const shares = Array.from({ length: count }, () => 0);
  const tell = (part: number, share: number): void => {
    shares[part] = share;
    progress(shares.reduce((sum, one) => sum + one, 0) / count);
  };
  return Promise.all(shares.map(async (_, part) => shard([...args, '--shard', `${part}/${count}`], input, (share) => tell(part, share))));
}

async function shard(args: readonly string[], input: string, progress: (share: number) => void): Promise<string> {
  const [, program = ''] = process.argv;
  const worker = new Worker(program, { argv: ['policy', 'replay', ...args, '--progress'], stdin: true, stdout: true, stderr: true });
  worker.stdin?.end(input);
  let said = '';
  worker.stderr.setEncoding('utf8').on('data', (part: string) => {
    const percent = /(\d+)% of \d+\s*$/.exec(part)?.[1];
    if (percent === undefined) said += part;
    else progress(Number(percent) / 100);
  });
  const exited = new Promise<number>((resolve, reject) => worker.on('error', reject).on('exit', resolve));
  const [printed, code] = await Promise.all([text(worker.stdout), exited]);
  if (code !== 0) throw new Error(said.trim().replace(/^countersign policy: /, '') || `a thread ended with ${code}`);
  return printed;
}
