import { closeSync, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import type { UsageReader } from '../../agents/agent.ts';
import type { UsageFact } from '../../engine/spend/fact.ts';
import type { FileState, Files } from './files.ts';
import { MarkedLines, type TellLine, type Wanted } from './marked-lines.ts';
import type { RecordFile } from './record-places.ts';

/** Reads what is new in agents' records. */
export class RecordReading {
  readonly #files: Files;
  readonly #readers: ReadonlyMap<string, UsageReader>;
  readonly #wanted = new Map<string, Wanted>();
  readonly #lines = new MarkedLines();
  readonly #described = new Set<string>();

  constructor(files: Files, readers: readonly UsageReader[]) {
    this.#files = files;
    this.#readers = new Map(readers.map((reader) => [reader.agent, reader]));
    for (const { agent, marks, starts } of readers) this.#wanted.set(agent, { marks: marks.map(bytesOf), starts: starts.map(bytesOf) });
  }

  /**
   * Tells what is new in a file, until its end or `isTime`. Returns whether the end was reached. Throws what the disk throws, also for a
   * file that is not there.
   */
  read(record: RecordFile, isTime: () => boolean, tell: (fact: UsageFact, begun: number) => void): boolean {
    const reader = this.#readers.get(record.agent);
    const wanted = this.#wanted.get(record.agent);
    if (reader === undefined || wanted === undefined) return true;
    const isLate = reader.isRewritten === true ? never : isTime;
    const file = openSync(record.path, 'r');
    try {
      const found = fstatSync(file);
      const before = this.#before(record.path, file, found, reader.isRewritten === true);
      this.#describe(reader, record, before.begun, tell);
      if ((before.offset === found.size || reader.isRewritten === true) && before.mtime === Math.trunc(found.mtimeMs)) return true;
      const lines = reader.open(record, before.state);
      const offset = this.#readPieces(file, before, wanted, isLate, (bytes, start, end) => {
        const facts = lines.glance?.(bytes, start, end) ?? lines.read(bytes.toString('utf8', start, end));
        for (const fact of facts) tell(fact, before.begun);
      });
      const isRead = !isLate() || offset >= found.size;
      const { ino } = found;
      const [size, mtime] = isRead ? [found.size, Math.trunc(found.mtimeMs)] : [-1, 0];
      this.#files.save(record.path, { ino, size, mtime, begun: before.begun, offset, state: lines.state() });
      return isRead;
    } finally {
      closeSync(file);
    }
  }

  #readPieces(file: number, from: FileState, wanted: Wanted, isTime: () => boolean, tell: TellLine): number {
    for (let offset = from.offset; ;) {
      const next = this.#lines.readPiece(file, offset, wanted, tell);
      if (next === offset || isTime()) return next;
      offset = next;
    }
  }

  /** Another file, or one that was written anew: what it says was never read. What was read of the old one stays. */
  #before(path: string, file: number, found: Stats, isRewritten: boolean): FileState {
    const known = this.#files.get(path);
    const isSame = known !== undefined && (isRewritten ? isUntouched(known, found) : isContinued(known, file, found));
    if (isSame) return known;
    return { ino: found.ino, size: -1, mtime: 0, begun: Math.trunc(found.birthtimeMs || found.ctimeMs), offset: 0, state: '' };
  }

  #describe(reader: UsageReader, record: RecordFile, begun: number, tell: (fact: UsageFact, begun: number) => void): void {
    if (record.aside === undefined || reader.aside === undefined || this.#described.has(record.path)) return;
    const facts = reader.aside(record, textAt(record.aside));
    if (facts.length > 0) this.#described.add(record.path);
    for (const fact of facts) tell(fact, begun);
  }
}

function isUntouched({ ino, size, mtime }: FileState, found: Stats): boolean {
  return ino === found.ino && size === found.size && mtime === Math.trunc(found.mtimeMs);
}

/** Whether the file only grew: it is the same one, and what was read of it ended where a line still ends. */
function isContinued({ ino, size, mtime, offset }: FileState, file: number, found: Stats): boolean {
  if (ino !== found.ino || offset > found.size) return false;
  if (size === found.size && mtime !== Math.trunc(found.mtimeMs)) return false;
  const last = Buffer.alloc(1);
  return offset === 0 || (readSync(file, last, 0, 1, offset - 1) === 1 && last[0] === newline);
}

const newline = 0x0a;
const never = (): boolean => false;

function bytesOf(text: string): Buffer {
  return Buffer.from(text);
}

/** It may not be written yet, and says nothing that must be known. */
function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
