import { type FSWatcher, type Stats, statSync, watch } from 'node:fs';
import type { AgentRecords, RunningSession, Witness } from '../governor/ports.ts';
import type { ClaudeFolders } from './claude-folders.ts';
import type { RegisteredSession } from './claude-registry.ts';
import { allTranscripts, findTranscript, statOf, subagentsOf } from './claude-transcripts.ts';
import { FollowedFiles, type FollowState } from './followed-files.ts';

export interface ClaudeRecordsOptions {
  readonly folders: ClaudeFolders;
  readonly registered: (folders: readonly string[]) => readonly RegisteredSession[];
  /** The folder of the hooks that are installed; not there: none are. */
  readonly hooks: string;
  readonly state: FollowState;
  readonly onFault: (error: unknown) => void;
}

/** How often is looked while a session runs, or nothing would wake us when one does. Only Linux tells of a process without starting one. */
const pollMs = process.platform === 'linux' ? 250 : 1_000;
const everywhereMs = 1_000;
/** How often while none does and the system tells us of a new one. */
const watchedMs = 15_000;
/** The last lines are written when a session is already gone from the registry. */
const lingerMs = 5_000;
/** How often every file is looked at, for sessions that no registry named. */
const sweepMs = 5 * 60_000;
/** How often new files are looked for while nothing stirs among the sessions that run; otherwise, and for how long after. */
const glanceMs = 5_000;
const stirredGlanceMs = 700;
const stirMs = 2_000;
/** Times of files are those of another clock, in steps. */
const clockSlackMs = 3_000;
/** Changes come in bursts. */
const soonMs = 20;
const agent = 'claude-code';

/** Follows what Claude Code writes about its sessions: the registry of those that run, and the transcripts. */
export class ClaudeRecords implements AgentRecords {
  readonly #options: ClaudeRecordsOptions;
  readonly #files: FollowedFiles;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #transcripts = new Map<string, string>();
  readonly #since: number;
  #lookedEverywhereAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isSweeping = false;
  #isStopped = false;
  #isLive = false;
  #sweptAt = -Infinity;
  #glancedAt = -Infinity;
  #stirredAt = -Infinity;
  #hooks: { readonly at: number; readonly since: number | undefined } = { at: -Infinity, since: undefined };

  constructor(options: ClaudeRecordsOptions) {
    this.#options = options;
    this.#files = new FollowedFiles(options.state, { withHead: false, lingerMs });
    this.#since = options.state.followedSince();
  }

  readonly learn = (_: string, transcript: string): void => this.#options.folders.learn(transcript);

  /** The folder's age tells when the hooks were put in; nothing that is older can have used them. */
  readonly hookedSince = (): number | undefined => {
    const now = Date.now();
    if (now - this.#hooks.at < everywhereMs) return this.#hooks.since;
    const found = statSync(this.#options.hooks, { throwIfNoEntry: false });
    this.#hooks = { at: now, since: found === undefined ? undefined : Math.max(bornAt(found), this.#since) };
    return this.#hooks.since;
  };

  readonly follow = (witness: Witness): (() => void) => {
    this.#files.begin();
    this.#schedule(witness, 0);
    return () => {
      this.#isStopped = true;
      this.#files.stop();
      clearTimeout(this.#timer);
      for (const watcher of this.#watchers.values()) watcher.close();
    };
  };

  #schedule(witness: Witness, ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#turn(witness), ms).unref();
  }

  async #turn(witness: Witness): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    let next = pollMs;
    try {
      await this.#look(witness);
      next = this.#watch(witness) && !this.#isAwake ? watchedMs : pollMs;
    } catch (error) {
      // What cannot be read now is read with the next look.
      this.#options.onFault(error);
    }
    this.#isLooking = false;
    void this.#sweepBeside(witness);
    this.#schedule(witness, next);
  }

  get #isAwake(): boolean {
    return this.#isLive || Date.now() - this.#stirredAt < stirMs;
  }

  async #look(witness: Witness): Promise<void> {
    const now = Date.now();
    if (this.hookedSince() === undefined) return void (this.#isLive = false);
    const registered = this.#options.registered(this.#options.folders.all());
    const running = registered.map((session) => this.#followSession(session, now));
    witness.running(running);
    await this.#files.read(witness, now);
    this.#isLive = running.length > 0 || this.#files.size > 0;
  }

  #followSession({ session, cwd, startedAt, isBusy }: RegisteredSession, now: number): RunningSession {
    const path = this.#transcriptOf(session, cwd, now);
    const own = path === undefined ? undefined : this.#files.add(agent, path);
    for (const file of path === undefined ? [] : [path, ...subagentsOf(path)]) this.#files.add(agent, file).aliveAt = now;
    return { agent, session, cwd, startedAt, isActive: isBusy || (own !== undefined && own.file.changed > startedAt) };
  }

  #transcriptOf(session: string, cwd: string, now: number): string | undefined {
    const known = this.#transcripts.get(session);
    if (known !== undefined) return known;
    const everywhere = now - this.#lookedEverywhereAt >= everywhereMs;
    if (everywhere) this.#lookedEverywhereAt = now;
    const found = this.#options.folders.all().flatMap((folder) => findTranscript(folder, session, cwd, everywhere) ?? [])[0];
    if (found !== undefined) this.#transcripts.set(session, found);
    return found;
  }

  /** Looking at many files takes a while; those of running sessions do not wait for it. */
  async #sweepBeside(witness: Witness): Promise<void> {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    const before = this.#files.size;
    try {
      if (this.hookedSince() !== undefined) await this.#sweep(Date.now());
    } catch (error) {
      this.#options.onFault(error);
    }
    this.#isSweeping = false;
    if (this.#files.size > before && !this.#isLooking) this.#schedule(witness, 0);
  }

  /** Files that no running session named: it was over before we looked, or nobody looked at the time. */
  async #sweep(now: number): Promise<void> {
    const isThorough = now - this.#sweptAt >= sweepMs;
    const isQuiet = this.#isLive && now - this.#stirredAt > stirMs;
    if (!isThorough && now - this.#glancedAt < (isQuiet ? glanceMs : stirredGlanceMs)) return;
    const newSince = isThorough ? 0 : this.#glancedAt - clockSlackMs;
    const since = Math.max(this.hookedSince() ?? Infinity, newSince);
    for (const folder of this.#options.folders.all()) {
      for (const path of await allTranscripts(folder, newSince)) {
        const found = await statOf(path);
        if (found !== undefined && found.mtimeMs >= since && found.size > this.#files.offsetOf(path)) this.#files.add(agent, path);
      }
    }
    this.#glancedAt = now;
    if (isThorough) this.#sweptAt = now;
  }

  /** A session that begins wakes us. Where watching does not work, looking does: gives whether every folder is watched. */
  #watch(witness: Witness): boolean {
    const wanted = this.#options.folders.watched();
    for (const folder of wanted) {
      if (this.#watchers.has(folder) || this.#isStopped) continue;
      try {
        const watcher = watch(folder, { persistent: false }, () => this.#stir(witness));
        watcher.on('error', () => this.#unwatch(folder));
        this.#watchers.set(folder, watcher);
      } catch {
        // There is no such folder yet.
      }
    }
    return wanted.every((folder) => this.#watchers.has(folder));
  }

  /** A short session may be over with the next look. */
  #stir(witness: Witness): void {
    this.#stirredAt = Date.now();
    if (!this.#isLooking) this.#schedule(witness, soonMs);
  }

  #unwatch(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}

/** Some file systems do not keep the time of birth. */
function bornAt(found: Stats): number {
  return found.birthtimeMs > 0 ? found.birthtimeMs : found.ctimeMs;
}
