import { basename, dirname, isAbsolute, join } from 'node:path';
import { claudeFolder } from './claude-registry.ts';
import type { Home } from './home.ts';
import { Backup } from './install/backup.ts';

interface Remembered {
  readonly agentFolders: () => readonly string[];
  readonly saveAgentFolder: (path: string) => void;
}

const rereadMs = 2_000;

/** Where Claude Code keeps files about sessions that ought to have our hooks: where they were installed, and where a hook came from. */
export class ClaudeFolders {
  readonly #state: Remembered;
  readonly #installed: () => readonly string[];
  readonly #learned: Set<string>;
  #cache: { readonly at: number; readonly all: readonly string[] } = { at: -Infinity, all: [] };

  constructor(state: Remembered, installed: () => readonly string[]) {
    this.#state = state;
    this.#installed = installed;
    this.#learned = new Set(state.agentFolders());
  }

  readonly all = (): readonly string[] => {
    const now = Date.now();
    if (now - this.#cache.at >= rereadMs) this.#cache = { at: now, all: [...new Set([...this.#installed(), ...this.#learned])] };
    return this.#cache.all;
  };

  /** `<folder>/projects/<project>/<session>.jsonl`; anything else says nothing. */
  readonly learn = (transcript: string): void => {
    const projects = dirname(dirname(transcript));
    const folder = dirname(projects);
    if (!isAbsolute(transcript) || basename(projects) !== 'projects' || this.#learned.has(folder)) return;
    this.#learned.add(folder);
    this.#cache = { at: -Infinity, all: [] };
    this.#state.saveAgentFolder(folder);
  };
}

/** Those whose settings the installer has touched; the person's default where nothing says which. */
export function installedFolders(home: Home): readonly string[] {
  const backup = new Backup(join(home.backups, 'claude-code'));
  const touched = backup.isThere ? backup.files.filter((file) => basename(file) === 'settings.json').map((file) => dirname(file)) : [];
  return touched.length > 0 ? touched : [claudeFolder()];
}
