import { basename, dirname, isAbsolute, join } from 'node:path';
import { claudeFolder } from './agent-folders.ts';
import type { ClaudeSockets } from './claude-sockets.ts';
import type { Home } from './home.ts';
import { Backup } from './install/backup.ts';

interface Remembered {
  readonly agentFolders: () => readonly string[];
  readonly saveAgentFolder: (path: string) => void;
}

const rereadMs = 2_000;

/**
 * Where Claude Code keeps files about sessions that ought to have our hooks: where they were installed, where a hook came from, and
 * where a process of it keeps its files that runs beside them.
 */
export class ClaudeFolders {
  readonly #state: Remembered;
  readonly #installed: () => readonly string[];
  readonly #learned: Set<string>;
  readonly #sockets: ClaudeSockets | undefined;
  #cache: { readonly at: number; readonly all: readonly string[] } = { at: -Infinity, all: [] };

  constructor(state: Remembered, installed: () => readonly string[], sockets?: ClaudeSockets) {
    this.#state = state;
    this.#installed = installed;
    this.#sockets = sockets;
    this.#learned = new Set(state.agentFolders());
  }

  readonly all = (): readonly string[] => {
    const now = Date.now();
    if (now - this.#cache.at >= rereadMs) this.#cache = { at: now, all: [...this.#installed(), ...this.#learned] };
    return [...new Set([...this.#cache.all, ...(this.#sockets?.folders() ?? [])])];
  };

  /** Something changes there when a session begins or ends. */
  readonly watched = (): readonly string[] => [...this.all().map((folder) => join(folder, 'sessions')), ...(this.#sockets?.places() ?? [])];

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
