import type { RecordLine, Witness } from '../governor/ports.ts';
import { type Followable, FollowedFile } from './followed-file.ts';

/** What must outlive us: how far each file was read, and since when any is. */
export interface FollowState {
  readonly followed: () => ReadonlyMap<string, number>;
  readonly saveFollowed: (path: string, offset: number) => void;
  readonly followedSince: () => number;
}

interface FollowOptions {
  /** Whether lines are told with the first one of their file. */
  readonly withHead: boolean;
  /** How long a file may be quiet before it is looked at no longer. */
  readonly lingerMs: number;
  /** Left out: all are files of lines. */
  readonly open?: (agent: string, path: string, offset: number) => Followable;
}

export interface Following {
  readonly agent: string;
  readonly file: Followable;
  /** When it last grew or its session was seen running. */
  aliveAt: number;
  /** Where it was read to, and when: oldest first. */
  read: { readonly at: number; readonly offset: number }[];
}

/** What was read this long ago has been judged; what is newer is read again after a crash. */
const settledMs = 3_000;

/** Records that something may be added to, each read once from its beginning, over crashes of ours, too. */
export class FollowedFiles {
  readonly #state: FollowState;
  readonly #options: FollowOptions;
  readonly #following = new Map<string, Following>();
  readonly #offsets = new Map<string, number>();
  #isStopped = false;

  constructor(state: FollowState, options: FollowOptions) {
    this.#state = state;
    this.#options = options;
  }

  get size(): number {
    return this.#following.size;
  }

  /** Goes on where an earlier governor stopped. */
  begin(): void {
    for (const [path, offset] of this.#state.followed()) this.#offsets.set(path, offset);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** How far a file was read that is not followed now. */
  offsetOf(path: string): number {
    return this.#offsets.get(path) ?? 0;
  }

  add(agent: string, path: string): Following {
    const known = this.#following.get(path);
    if (known !== undefined) return known;
    const offset = this.offsetOf(path);
    const file = this.#options.open?.(agent, path, offset) ?? new FollowedFile(path, offset);
    const following: Following = { agent, file, aliveAt: Date.now(), read: [] };
    this.#following.set(path, following);
    return following;
  }

  /** Tells what is new in each, and follows no longer what has been quiet for a while. */
  async read(witness: Witness, now: number): Promise<void> {
    for (const [path, following] of this.#following) await this.#readOne(path, following, witness, now);
  }

  async #readOne(path: string, following: Following, witness: Witness, now: number): Promise<void> {
    const { agent, file, read } = following;
    const place = this.#options.withHead ? { file: { path, head: await file.head() } } : {};
    const has = await file.read(witness.marks(agent), (text) => {
      const line: RecordLine = { agent, text, begun: file.begun, ...place };
      if (!this.#isStopped) witness.line(line);
    });
    if (this.#isStopped) return;
    if (has) following.aliveAt = now;
    if (has) read.push({ at: now, offset: file.offset });
    const settled = read.filter(({ at }) => now - at >= settledMs);
    const last = settled.at(-1);
    if (last !== undefined) {
      following.read = read.slice(settled.length);
      this.#state.saveFollowed(path, last.offset);
    }
    if (now - following.aliveAt < this.#options.lingerMs || following.read.length > 0) return;
    this.#following.delete(path);
    this.#offsets.set(path, file.offset);
  }
}
