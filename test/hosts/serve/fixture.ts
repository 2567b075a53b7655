import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClient, type Client } from '../../../src/channel/client.ts';
import type { Hello, Status } from '../../../src/channel/messages.ts';
import { runGovernor, type RunningGovernor, type RunOptions } from '../../../src/hosts/serve/run-governor.ts';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';
import { decision, plainAgent } from '../../governor/fixture.ts';
import { memoryPorts, type MemoryPorts } from '../../storage/memory-ports.ts';

/** A state directory of its own, with everything in it cleaned up by `close`. */
export class Place {
  readonly home: Home;
  readonly root: string;
  readonly logged: string[] = [];
  readonly #running: RunningGovernor[] = [];
  readonly #clients: Client[] = [];

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), 'cs-'));
    this.home = openHome({ COUNTERSIGN_HOME: join(this.root, 'home') });
  }

  /** A governor in this process, on ports in memory. */
  async run(over: Partial<RunOptions> = {}, ports: MemoryPorts = memoryPorts()): Promise<RunningGovernor | undefined> {
    // The governor's own timers run on the real clock here.
    const clock = { now: Date.now, after: afterReal };
    const running = await runGovernor({
      home: this.home,
      version: '1.2.3',
      agents: new Map([['plain', plainAgent]]),
      openMachine: () => ({ ports: { ...ports, clock }, problems: () => [], close: () => undefined }),
      weakens: () => () => undefined,
      decide: () => decision(),
      log: (line) => this.logged.push(line),
      ...over,
    });
    if (running !== undefined) this.#running.push(running);
    return running;
  }

  hello(over: Partial<Hello> = {}): Hello {
    return { token: readOrCreateToken(this.home.clientToken), client: 'cli', pid: process.pid, version: '1.2.3', ...over };
  }

  async client(over: Partial<Hello> = {}): Promise<{ readonly client: Client; readonly status: Status }> {
    const opened = await openClient(this.home.socket, this.hello(over), 2_000);
    this.#clients.push(opened.client);
    return opened;
  }

  /** Sends a hook message the way an agent's HTTP hook does. */
  post(port: number, message: unknown, signal?: AbortSignal): Promise<Response> {
    return fetch(`http://127.0.0.1:${port}/v1/hooks/plain`, {
      method: 'POST',
      headers: { authorization: `Bearer ${readOrCreateToken(this.home.hookToken)}`, 'content-type': 'application/json' },
      body: JSON.stringify(message),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await Promise.all(this.#running.map((running) => running.stop('the test is over')));
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Waits for something that comes by itself, looking at every turn of the event loop. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

function afterReal(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
