import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { genesis } from '../engine/audit/chain.ts';
import { storedCheckpoints } from './audit-checkpoints.ts';
import { columns } from './audit-rows.ts';
import { LogKeys } from './audit-verify-keys.ts';
import { PruneCheck } from './audit-verify-pruned.ts';
import { checkLink, checkRow, type Fault, fault, type ReadRow } from './audit-verify-row.ts';
import { type AnchorText, readSeen, type Seen, TreeCheck } from './audit-verify-tree.ts';
import { type Database, type OpenOptions, databaseError, openDatabase } from './database.ts';

interface LogLinks {
  readonly ok: true;
  readonly count: number;
  /** The hash of the last entry: kept elsewhere, it shows later whether the end was cut off. */
  readonly head: string;
}
export interface LogHolds extends LogLinks {
  readonly checkpoints: number;
  /** The largest checkpoint that holds; of size 0 where the log was never signed. */
  readonly signed: { readonly size: number; readonly root: string };
  /** The ids of the keys that the log names, oldest first. */
  readonly keys: readonly string[];
  readonly policies: number;
  /** How many entries were emptied by which entry. */
  readonly pruned: Readonly<Record<number, number>>;
}
export type LogVerdict = LogHolds | Fault;

export interface VerifyOptions extends OpenOptions {
  /** Checkpoints that were seen earlier, elsewhere. */
  readonly anchors?: readonly AnchorText[];
  /** Public keys that are known from elsewhere. Without them the log's first key is taken at its word. */
  readonly keys?: readonly string[];
}

/**
 * Reads a whole log, one entry at a time, and says what is the first thing that does not hold: a gap, an edited entry,
 * a hash that does not fit, a column that says something else than the entry, a checkpoint with another root or without
 * its key's signature, a policy text that is gone or changed. Entries missing after the last checkpoint, and a log that
 * someone with its key wrote anew, cannot be seen from the file alone: that is what anchors are for.
 * Throws where there is no such file, and where an anchor or a key that was given is none.
 */
export function verifyAuditLog(path: string, options: VerifyOptions = {}): LogVerdict {
  const anchors = (options.anchors ?? []).flatMap(readSeen);
  const keys = new LogKeys(options.keys);
  const database = openDatabase(path, { ...options, readonly: true });
  try {
    // One transaction: a log that grows meanwhile is seen as it was when this began.
    return database.transaction(() => new Verification(database, anchors, keys).run())();
  } catch (cause) {
    return fault(0, databaseError('the log cannot be read', cause).message);
  } finally {
    database.close();
  }
}

/** Only that each entry follows from the one before it: fast, and blind to whoever makes the whole chain anew. */
export function verifyChainOnly(path: string, options: OpenOptions = {}): LogLinks | Fault {
  const database = openDatabase(path, { ...options, readonly: true });
  let [head, count] = [genesis, 0];
  try {
    for (const row of database.prepare('SELECT seq, json, previous, hash FROM entries ORDER BY seq').raw().iterate()) {
      const link = checkLink(row, count + 1, head);
      if (typeof link !== 'string') return link;
      [head, count] = [link, count + 1];
    }
    return { ok: true, count, head };
  } catch (cause) {
    return fault(count + 1, databaseError(`record ${count + 1} cannot be read`, cause).message);
  } finally {
    database.close();
  }
}

const policyRow = z.tuple([z.string(), z.string(), z.string()]);
const policyEntry = z.looseObject({ detail: z.looseObject({ digest: z.string(), path: z.string(), problems: z.array(z.string()) }) });

class Verification {
  readonly #database: Database;
  readonly #anchors: readonly Seen[];
  readonly #keys: LogKeys;
  readonly #pruned = new PruneCheck();
  #policies: ReadonlySet<string> = new Set();
  #head = genesis;
  #count = 0;

  constructor(database: Database, anchors: readonly Seen[], keys: LogKeys) {
    this.#database = database;
    this.#anchors = anchors;
    this.#keys = keys;
  }

  run(): LogVerdict {
    const policyFault = this.#tables();
    const checkpoints = this.#checkpoints();
    // The first entry that does not hold says more than what is wrong beside the entries.
    if ('ok' in checkpoints) return this.#entries() ?? checkpoints;
    const tree = new TreeCheck(checkpoints, this.#anchors, this.#keys);
    const broken =
      this.#entries(tree) ?? tree.beyond() ?? tree.unknown() ?? this.#pruned.unexplained() ?? this.#keys.untrusted() ?? policyFault;
    return broken ?? this.#file() ?? this.#holds(checkpoints.length, tree);
  }

  #holds(checkpoints: number, tree: TreeCheck): LogHolds {
    return {
      ok: true,
      count: this.#count,
      head: this.#head,
      checkpoints,
      signed: tree.signed,
      keys: this.#keys.ids,
      policies: this.#policies.size,
      pruned: this.#pruned.counts(),
    };
  }

  #entries(tree?: TreeCheck): Fault | undefined {
    try {
      for (const row of this.#database.prepare(`SELECT ${columns} FROM entries ORDER BY seq`).raw().iterate()) {
        const read = checkRow(row, this.#count + 1, this.#head);
        if ('ok' in read) return read;
        const wrong = this.#entry(read) ?? tree?.push(read);
        if (wrong !== undefined) return wrong;
        this.#head = read.hash;
        this.#count += 1;
      }
      return undefined;
    } catch (cause) {
      return fault(this.#count + 1, databaseError(`record ${this.#count + 1} cannot be read`, cause).message);
    }
  }

  #entry(row: ReadRow): Fault | undefined {
    const { seq, kind, entry, pruned } = row;
    if (pruned !== undefined) return this.#pruned.emptied(seq, pruned);
    if (kind === 'key') return this.#keys.read(seq, entry);
    if (kind === 'prune') return this.#pruned.explained(seq, entry);
    return kind === 'policy' ? this.#policy(seq, entry) : undefined;
  }

  /** What was no text has no text: its problems say so. */
  #policy(seq: number, entry: unknown): Fault | undefined {
    const { success, data } = z.safeParse(policyEntry, entry);
    if (!success || data.detail.problems.length > 0 || this.#policies.has(data.detail.digest)) return undefined;
    return fault(
      seq,
      `the text of the policy ${data.detail.path}, which record ${seq} names, is not kept any more`,
      data.detail.digest,
      'none',
    );
  }

  /** An index that was damaged, or made to leave entries out, does not show when the entries are read in order. */
  #file(): Fault | undefined {
    const found = String(this.#database.pragma('integrity_check(1)', { simple: true }));
    return found === 'ok' ? undefined : fault(0, `the entries hold, but the file around them is damaged: ${found}`);
  }

  #checkpoints(): ReturnType<typeof storedCheckpoints> | Fault {
    try {
      return storedCheckpoints(this.#database);
    } catch (cause) {
      return fault(0, cause instanceof Error ? cause.message : String(cause));
    }
  }

  #tables(): Fault | undefined {
    try {
      return this.#policyTexts();
    } catch {
      // What cannot be read at all is told where the entries are read.
      return fault(0, 'the kept texts of policies cannot be read');
    }
  }

  #policyTexts(): Fault | undefined {
    const digests = new Set<string>();
    let wrong: Fault | undefined;
    for (const row of this.#database.prepare('SELECT digest, source, path FROM policies').raw().iterate()) {
      const [digest, source, path] = z.parse(policyRow, row);
      const found = `sha256:${createHash('sha256').update(source).digest('hex')}`;
      wrong ??=
        digest === found
          ? undefined
          : fault(0, `the kept text of the policy ${path} was changed: it does not have the digest ${digest}`, digest, found);
      digests.add(digest);
    }
    this.#policies = digests;
    return wrong;
  }
}
