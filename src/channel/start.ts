import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import type { Processes } from '../governor/ports.ts';
import { NoGovernor, openClient, type Client } from './client.ts';
import { readDiscovery, type Discovery } from './discovery.ts';
import type { Hello, Status } from './messages.ts';

export interface StartOptions {
  readonly home: { readonly root: string; readonly discovery: string; readonly socket: string; readonly log: string };
  readonly hello: Hello;
  /** The program that becomes the governor; it exits by itself where another one leads already. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly deadlineMs: number;
  readonly processes: Pick<Processes, 'identify'>;
}

export interface Reached {
  readonly client: Client;
  readonly status: Status;
  /** Something the person should know: an older version runs, or a governor that hung was replaced. */
  readonly note?: string;
}

/** A governor answers within a millisecond; one that says nothing for that long is stopped or stuck. */
const silentMs = 3_000;
/** A governor that has led for that long without listening will not listen any more. */
const startingMs = 10_000;
/** A program that became no governor and said nothing is started again, but not at once. */
const respawnMs = 2_000;

const longestLog = 5 * 1024 * 1024;

/** A line to the running governor; rejects with `NoGovernor`. Starts nothing. */
export function connect(home: StartOptions['home'], hello: Hello, timeoutMs: number = silentMs): Promise<Reached> {
  return openClient(readDiscovery(home.discovery)?.socket ?? home.socket, hello, timeoutMs);
}

/** A line to the governor, which is started where there is none and replaced where it hangs. */
export async function ensureGovernor(options: StartOptions): Promise<Reached> {
  const deadline = Date.now() + options.deadlineMs;
  const notes: string[] = [];
  let startedAt = -Infinity;
  let begun: ChildProcess | undefined;
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 100)) {
    try {
      const left = Math.max(deadline - Date.now(), 50);
      return noted(await connect(options.home, options.hello, Math.min(silentMs, left)), options.hello.version, notes);
    } catch (error) {
      if (!(error instanceof NoGovernor) || error.why === 'refused') throw error;
      if (Date.now() >= deadline)
        throw new NoGovernor(error.why, `No governor could be started; see ${options.home.log}. ${error.message}`, { cause: error });
      if (endStuck(options, error)) {
        notes.push('A governor that did not answer was replaced.');
        startedAt = -Infinity;
      }
      // One that still starts is not helped by a second one.
      if (Date.now() - startedAt > respawnMs && !isAlive(begun)) {
        startedAt = Date.now();
        begun = start(options);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Ends a governor that holds the lock and cannot be talked to. Only that very process: its start time must still fit. */
function endStuck({ home, processes }: StartOptions, error: NoGovernor): boolean {
  const found = readDiscovery(home.discovery);
  if (found === undefined || !isRunning(found, processes)) return false;
  if (error.why === 'absent' && Date.now() - found.startedAt < startingMs) return false;
  try {
    process.kill(found.pid, 'SIGKILL');
    return true;
  } catch {
    // It went by itself in this very moment.
    return false;
  }
}

function isRunning(found: Discovery, processes: StartOptions['processes']): boolean {
  return found.pid !== process.pid && processes.identify(found.pid)?.start === found.processStart;
}

function isAlive(child: ChildProcess | undefined): boolean {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function start({ home, command, args, env }: StartOptions): ChildProcess {
  turnOver(home.log);
  const log = openSync(home.log, 'a', 0o600);
  try {
    const child = spawn(command, [...args], {
      cwd: home.root,
      env: withoutAgent(env),
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    // That it could not be started shows in nobody answering; an unheard error would end us.
    child.on('error', () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** One old log is kept. */
function turnOver(log: string): void {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > longestLog) renameSync(log, `${log}.old`);
}

/** A governor that an agent's hook starts is not part of that agent's session, and must not be taken for it when the session is killed. */
function withoutAgent(env: StartOptions['env']): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => name === 'CLAUDE_CONFIG_DIR' || !/^CLAUDE(CODE|_)/.test(name));
  return Object.fromEntries(own);
}

function noted(reached: Reached, version: string, notes: readonly string[]): Reached {
  const other =
    reached.status.version === version ? [] : [`The running governor is version ${reached.status.version}, this is ${version}.`];
  const note = [...notes, ...other].join(' ');
  return note === '' ? reached : { ...reached, note };
}
