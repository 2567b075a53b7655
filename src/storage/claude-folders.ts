import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { claudeFolder } from './claude-registry.ts';

interface Remembered {
  readonly agentFolders: () => readonly string[];
  readonly saveAgentFolder: (path: string) => void;
}

/** Where Claude Code keeps its files: the person's default, and every other folder that a session was seen to use. */
export class ClaudeFolders {
  readonly #state: Remembered;
  readonly #known: Set<string>;

  constructor(state: Remembered, first: string = claudeFolder()) {
    this.#state = state;
    this.#known = new Set([resolve(first), ...state.agentFolders()]);
  }

  readonly all = (): readonly string[] => [...this.#known];

  /** `<folder>/projects/<project>/<session>.jsonl`; anything else says nothing. */
  readonly learn = (transcript: string): void => {
    const projects = dirname(dirname(transcript));
    const folder = dirname(projects);
    if (!isAbsolute(transcript) || basename(projects) !== 'projects' || this.#known.has(folder)) return;
    this.#known.add(folder);
    this.#state.saveAgentFolder(folder);
  };
}
