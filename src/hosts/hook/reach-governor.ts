import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../../package.json' with { type: 'json' };
import { NoGovernor, type Client } from '../../channel/client.ts';
import type { Hello } from '../../channel/messages.ts';
import { connect, ensureGovernor, type Reached } from '../../channel/start.ts';
import type { Home } from '../../storage/home.ts';
import { MachineProcesses } from '../../storage/processes.ts';
import { readOrCreateToken } from '../../storage/token.ts';

export interface Line {
  readonly client: Client;
  /** There was no governor: what the agent sent over HTTP found nobody, and will not come again. */
  readonly wasStarted: boolean;
}

export interface Deadlines {
  /** How long a running governor may take to greet; then it hangs, and is replaced. */
  readonly greetMs?: number;
  /** To start and greet another one. */
  readonly startMs: number;
}

/** A line to the governor, which is started where there is none. */
export async function reach(home: Home, { greetMs, startMs }: Deadlines): Promise<Line> {
  const hello: Hello = { token: readOrCreateToken(home.clientToken), client: 'hook', pid: process.pid, version: manifest.version };
  try {
    return { client: (await connect(home, hello, greetMs)).client, wasStarted: false };
  } catch (error) {
    if (!(error instanceof NoGovernor) || error.why === 'refused') throw error;
    return { client: (await start(home, hello, startMs)).client, wasStarted: true };
  }
}

function start(home: Home, hello: Hello, deadlineMs: number): Promise<Reached> {
  return ensureGovernor({
    home,
    hello,
    command: process.execPath,
    args: [governorProgram()],
    env: process.env,
    deadlineMs,
    processes: new MachineProcesses(),
  });
}

/** Beside us when bundled, in its own folder in the sources. */
function governorProgram(): string {
  const here = fileURLToPath(import.meta.url);
  return here.endsWith('.ts') ? join(dirname(here), '..', 'serve', 'main.ts') : join(dirname(here), 'serve.mjs');
}
