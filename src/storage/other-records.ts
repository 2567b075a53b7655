import type { AgentRecords, Witness } from '../governor/ports.ts';
import { statOf } from './claude-transcripts.ts';
import { FollowedDatabases, recordDatabases } from './followed-databases.ts';
import { FollowedFiles, type FollowState } from './followed-files.ts';
import { isUnread, openRecord, recordFiles, recordPlaces } from './record-folders.ts';

/** How one agent's hooks were installed. */
export interface HookedAgent {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** What it keeps its records by. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface OtherRecordsOptions {
  /** `undefined` where that agent has no hooks of ours. */
  readonly hooked: (agent: string) => HookedAgent | undefined;
  readonly state: FollowState;
  readonly onFault: (error: unknown) => void;
}

/** How often is looked while a record grows, and otherwise. */
const busyMs = 1_000;
const quietMs = 3_000;
/** A folder gets its first record a while after itself. */
const youngMs = 60_000;
/** A model may think that long, and a person longer: then it is found with the next look at everything. */
const lingerMs = 15 * 60_000;
/** How often every record is looked at: a session that goes on after days writes where it began. */
const thoroughMs = 5 * 60_000;

/** Follows the records of agents that keep no register of the sessions that run. */
export class OtherRecords implements AgentRecords {
  readonly #options: OtherRecordsOptions;
  readonly #files: FollowedFiles;
  readonly #databases: FollowedDatabases;
  readonly #since: number;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #thoroughAt = -Infinity;

  constructor(options: OtherRecordsOptions) {
    this.#options = options;
    this.#files = new FollowedFiles(options.state, { withHead: true, lingerMs, open: openRecord });
    this.#databases = new FollowedDatabases(options.state, lingerMs);
    this.#since = options.state.followedSince();
  }

  /** What a hook says of a place is not needed: it is known from the installation. */
  readonly learn = (): void => undefined;

  readonly hookedSince = (agent: string): number | undefined => {
    const hooked = this.#options.hooked(agent);
    return hooked === undefined ? undefined : Math.max(hooked.since, this.#since);
  };

  readonly follow = (witness: Witness): (() => void) => {
    this.#files.begin();
    this.#schedule(witness, 0);
    return () => {
      this.#isStopped = true;
      this.#files.stop();
      this.#databases.stop();
      clearTimeout(this.#timer);
    };
  };

  #schedule(witness: Witness, ms: number): void {
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#turn(witness), ms).unref();
  }

  async #turn(witness: Witness): Promise<void> {
    try {
      await this.#look(Date.now());
      await this.#files.read(witness, Date.now());
      await this.#readDatabases(witness, Date.now());
    } catch (error) {
      // What cannot be read now is read with the next look.
      this.#options.onFault(error);
    }
    this.#schedule(witness, this.#files.size > 0 || this.#databases.isBusy(Date.now()) ? busyMs : quietMs);
  }

  async #readDatabases(witness: Witness, now: number): Promise<void> {
    for (const agent of recordDatabases) {
      const hooked = this.#options.hooked(agent);
      const since = this.hookedSince(agent);
      if (hooked !== undefined && since !== undefined) await this.#databases.read(agent, hooked.environment, since, witness, now);
    }
  }

  async #look(now: number): Promise<void> {
    const isThorough = now - this.#thoroughAt >= thoroughMs;
    for (const agent of Object.keys(recordPlaces)) await this.#lookFor(agent, isThorough ? 0 : now - youngMs);
    if (isThorough) this.#thoroughAt = now;
  }

  async #lookFor(agent: string, newSince: number): Promise<void> {
    const hooked = this.#options.hooked(agent);
    const since = this.hookedSince(agent);
    if (hooked === undefined || since === undefined) return;
    for (const path of await recordFiles(agent, hooked.environment, newSince)) {
      const found = await statOf(path);
      if (found?.isFile() !== true || found.mtimeMs < since) continue;
      if (isUnread(agent, found.size, this.#files.offsetOf(path))) this.#files.add(agent, path);
    }
  }
}

/** Both, as one. */
export function together(claude: AgentRecords, others: AgentRecords): AgentRecords {
  const of = (agent: string) => (agent === 'claude-code' ? claude : others);
  return {
    follow: (witness) => {
      const ends = [claude.follow(witness), others.follow(witness)];
      return () => ends.forEach((end) => end());
    },
    hookedSince: (agent) => of(agent).hookedSince(agent),
    learn: (agent, transcript) => of(agent).learn(agent, transcript),
  };
}
