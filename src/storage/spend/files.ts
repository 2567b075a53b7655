import type { Database } from '../database.ts';

/** How far a file was read. */
export interface FileState {
  readonly ino: number;
  /** The size and time it had when everything in it was read. */
  readonly size: number;
  readonly mtime: number;
  readonly begun: number;
  readonly offset: number;
  /** What its reader has to know to go on. */
  readonly state: string;
}

/** How far each file was read. All of them are held in memory: they are compared with the disk again and again. */
export class Files {
  readonly #known = new Map<string, FileState>();
  readonly #select;
  readonly #save;

  constructor(database: Database) {
    this.#select = database.prepare<[], FileState & { readonly path: string }>('SELECT * FROM files');
    this.#save = database.prepare<[string, number, number, number, number, number, string]>(
      'REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.load();
  }

  /** As the disk has it: again after a transaction that was not committed. */
  load(): void {
    this.#known.clear();
    for (const { path, ...state } of this.#select.iterate()) this.#known.set(path, state);
  }

  get(path: string): FileState | undefined {
    return this.#known.get(path);
  }

  save(path: string, file: FileState): void {
    this.#known.set(path, file);
    this.#save.run(path, file.ino, file.size, file.mtime, file.begun, file.offset, file.state);
  }
}
