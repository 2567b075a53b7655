import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../../../src/channel/client.ts';
import { ensureGovernor, type Reached } from '../../../src/channel/start.ts';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { MachineProcesses } from '../../../src/storage/processes.ts';
import { readOrCreateToken } from '../../../src/storage/token.ts';

const program = join(import.meta.dirname, '../../../src/hosts/serve/main.ts');
const processes = new MachineProcesses();

/** The governor program itself, on the real disk, with the shipped policies, in a home of its own. */
export class GovernorProcess {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  readonly home: Home = openHome({ COUNTERSIGN_HOME: join(this.root, 'home') });
  #reached: Reached | undefined;

  get client(): Client {
    if (this.#reached === undefined) throw new Error('It was not started');
    return this.#reached.client;
  }

  async start(folders: readonly string[] = []): Promise<void> {
    this.#reached = await ensureGovernor({
      home: this.home,
      hello: {
        token: readOrCreateToken(this.home.clientToken),
        pid: process.pid,
        version: 'test',
        ...(folders.length === 0 ? { client: 'cli' } : { client: 'window', folders, focused: true }),
      },
      command: process.execPath,
      args: [program],
      env: { ...process.env, HOME: this.root, COUNTERSIGN_HOME: this.home.root },
      deadlineMs: 15_000,
      processes,
    });
  }

  /** What becomes of a command of Claude Code's, made in a folder below the root. */
  async call(id: string, command: string, folder = ''): Promise<string | undefined> {
    const { port } = await this.client.call('status', {});
    const response = await fetch(`http://127.0.0.1:${port}/v1/hooks/claude-code`, {
      method: 'POST',
      headers: { authorization: `Bearer ${readOrCreateToken(this.home.hookToken)}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        hook_event_name: 'PreToolUse',
        session_id: 's1',
        cwd: join(this.root, folder),
        tool_name: 'Bash',
        tool_input: { command },
        tool_use_id: id,
      }),
    });
    return JSON.parse(await response.text()).hookSpecificOutput?.permissionDecision;
  }

  async stop(): Promise<void> {
    const reached = this.#reached;
    if (reached === undefined) return;
    await reached.client.call('shutdown', { reason: 'the test is over' }).catch(() => undefined);
    await reached.client.closed;
    // It still writes while it ends; a removal that meets a file which is just going would stop there.
    while (processes.identify(reached.status.pid) !== undefined) await new Promise((resolve) => setImmediate(resolve));
    this.#reached = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.root, { recursive: true, force: true });
  }
}
