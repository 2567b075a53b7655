import { readFileSync, readdirSync, statSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { claudeFolder } from './agent-folders.ts';

export interface ClaudeSocketsOptions {
  /** Where they lie. */
  readonly places?: readonly string[];
  /** What a process was started with; empty for one that is gone or not ours. */
  readonly environmentOf?: (pid: number) => Readonly<Record<string, string | undefined>>;
  readonly home?: string;
}

/** Each process brings another folder at most; what starts that many is up to something else. */
const mostFolders = 50;
const tickMs = 100;

/**
 * Every running Claude Code has a socket named after its process, wherever it keeps its files: so a session shows that was started
 * with another `CLAUDE_CONFIG_DIR`, in which nobody installed our hooks. Only on Linux a process says how it was started. One with
 * another HOME is somebody else's to govern.
 */
export class ClaudeSockets {
  readonly #options: Required<ClaudeSocketsOptions>;
  readonly #seen = new Set<string>();
  readonly #changed = new Map<string, number>();
  readonly #folders = new Set<string>();

  constructor({ places = socketPlaces(), environmentOf = linuxEnvironment, home = homedir() }: ClaudeSocketsOptions = {}) {
    this.#options = { places, environmentOf, home };
  }

  /** The folders that are there, to be watched. */
  places(): readonly string[] {
    return this.#options.places.filter((place) => statSync(place, { throwIfNoEntry: false }) !== undefined);
  }

  /** Where processes keep their files that were seen so far. */
  folders(): readonly string[] {
    for (const place of this.#options.places) this.#look(place);
    return [...this.#folders];
  }

  #look(place: string): void {
    const changed = statSync(place, { throwIfNoEntry: false })?.mtimeMs;
    if (changed === undefined || this.#changed.get(place) === changed) return;
    // Clocks of files tick in steps: in the same one another may still come.
    if (Date.now() - changed > tickMs) this.#changed.set(place, changed);
    for (const name of readdirSync(place)) {
      const pid = Number(/^(\d+)\.sock$/.exec(name)?.[1]);
      const path = join(place, name);
      const key = `${path} ${statSync(path, { throwIfNoEntry: false })?.ctimeMs}`;
      if (Number.isNaN(pid) || this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#learn(this.#options.environmentOf(pid));
    }
  }

  #learn(environment: Readonly<Record<string, string | undefined>>): void {
    if (environment['HOME'] !== this.#options.home || this.#folders.size >= mostFolders) return;
    const folder = claudeFolder(environment);
    if (isAbsolute(folder)) this.#folders.add(folder);
  }
}

/** As 2.1.329 chooses them. */
function socketPlaces(): readonly string[] {
  if (process.platform !== 'linux') return [];
  const { uid } = userInfo();
  const roots = [process.env['XDG_RUNTIME_DIR'] || `/run/user/${uid}`, tmpdir(), '/tmp'];
  return [...new Set([...roots.map((root) => join(root, 'cc-socks')), `/tmp/cc-socks-${uid}`])];
}

function linuxEnvironment(pid: number): Readonly<Record<string, string>> {
  try {
    const text = readFileSync(`/proc/${pid}/environ`, 'utf8');
    return Object.fromEntries(text.split('\0').map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
  } catch {
    return {};
  }
}
