import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { opencodeRows } from '../agents/opencode/record-rows.ts';
import type { Witness } from '../governor/ports.ts';
import type { FollowState } from './followed-files.ts';
import { FollowedRows } from './followed-rows.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Agents whose records are databases of SQLite. */
export const recordDatabases = ['opencode'];

interface Following {
  readonly rows: FollowedRows;
  changedAt: number;
  saved: number;
  fault: string;
}

/** Records that are databases of their clients. How far each was read is the time at which its calls were made. */
export class FollowedDatabases {
  readonly #state: FollowState;
  readonly #lingerMs: number;
  readonly #following = new Map<string, Following>();
  #isStopped = false;

  constructor(state: FollowState, lingerMs: number) {
    this.#state = state;
    this.#lingerMs = lingerMs;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Whether somebody works with one of them. */
  isBusy(now: number): boolean {
    return [...this.#following.values()].some(({ changedAt }) => now - changedAt < this.#lingerMs);
  }

  /** Throws what the disk and the database throw, for each database once as long as it is the same. */
  async read(agent: string, environment: Environment, since: number, witness: Witness, now: number): Promise<void> {
    for (const path of await opencodeDatabases(environment)) {
      const following = this.#following.get(path) ?? this.#begin(path, since);
      try {
        await this.#readOne(agent, path, following, witness, now);
        following.fault = '';
      } catch (error) {
        const fault = error instanceof Error ? error.message : String(error);
        const isNew = fault !== following.fault;
        following.fault = fault;
        if (isNew) throw error;
      }
    }
  }

  #begin(path: string, since: number): Following {
    const saved = this.#state.followed().get(path) ?? 0;
    const following = {
      rows: new FollowedRows(path, opencodeRows(), Math.floor(Math.max(saved, since))),
      changedAt: -Infinity,
      saved,
      fault: '',
    };
    this.#following.set(path, following);
    return following;
  }

  async #readOne(agent: string, path: string, following: Following, witness: Witness, now: number): Promise<void> {
    const hasChanged = await following.rows.read(({ line: text, begun }) => {
      if (!this.#isStopped) witness.line({ agent, text, begun });
    }, now);
    if (this.#isStopped) return;
    if (hasChanged) following.changedAt = now;
    const { settled } = following.rows;
    if (settled === following.saved) return;
    following.saved = settled;
    this.#state.saveFollowed(path, settled);
  }
}

/** `opencode.db`; of other channels than the usual ones `opencode-<channel>.db`. */
async function opencodeDatabases(environment: Environment): Promise<readonly string[]> {
  const data = environment['XDG_DATA_HOME'] || join(environment['HOME'] || homedir(), '.local', 'share');
  const folder = join(data, 'opencode');
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^opencode(-[\w.-]+)?\.db$/.test(name)).map((name) => join(folder, name));
}
