import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { AgentTamper } from './agent-tamper.ts';
import { examine, watchedFiles, type Examined, type TamperPlaces } from './claude-tamper.ts';

/** How often the files are looked at, for what the system does not tell of. */
const pollMs = 5_000;
/** Installing writes many files, one after the other: only what stays like that is told. */
const quietMs = 1_000;

interface Options {
  readonly places: () => TamperPlaces;
  /** The same for agents other than Claude Code. */
  readonly others?: AgentTamper;
  readonly found: (examined: Examined) => void;
  readonly onFault: (error: unknown) => void;
}

/** Keeps an eye on everything that decides whether agents have our hooks. */
export class TamperWatch {
  readonly #options: Options;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #poll: NodeJS.Timeout;
  #soon: NodeJS.Timeout | undefined;
  #seen = '';

  constructor(options: Options) {
    this.#options = options;
    this.#poll = setInterval(() => this.#glance(), pollMs).unref();
    this.look();
  }

  /** Looks now, whatever has changed. */
  look(): void {
    try {
      const places = this.#options.places();
      this.#seen = this.#watch(places);
      const { level, findings } = examine(places);
      this.#options.found({ level, findings: [...findings, ...(this.#options.others?.findings(places.folders) ?? [])] });
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  stop(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#soon);
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  #glance(): void {
    try {
      if (this.#watch(this.#options.places()) !== this.#seen) this.look();
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  /** Watches the folders that there are, and says what the files look like from outside. */
  #watch(places: TamperPlaces): string {
    const files = [...watchedFiles(places), ...(this.#options.others?.files(places.folders) ?? [])];
    const wanted = new Set(files.map((file) => dirname(file)));
    for (const [folder, watcher] of this.#watchers) if (!wanted.has(folder)) this.#forget(folder, watcher);
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#begin(folder);
    return JSON.stringify([files.map(looksOf), places.versions]);
  }

  #begin(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#stirred());
      watcher.on('error', () => this.#forget(folder, watcher));
      this.#watchers.set(folder, watcher);
    } catch {
      // It is not there yet, or the system watches no more folders: the next glance sees it.
    }
  }

  #forget(folder: string, watcher: FSWatcher): void {
    watcher.close();
    this.#watchers.delete(folder);
  }

  #stirred(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#glance(), quietMs).unref();
  }
}

function looksOf(file: string): readonly [string, number, number, number] {
  const found = statSync(file, { throwIfNoEntry: false });
  return [file, found?.mtimeMs ?? 0, found?.size ?? -1, found?.ino ?? 0];
}
