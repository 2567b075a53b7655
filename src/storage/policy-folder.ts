import { type Stats, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Layer } from '../engine/decision.ts';
import { withNameClashes } from '../engine/policy/name-clashes.ts';
import type { PolicyFile, PolicyProblem } from '../engine/policy/policy-set.ts';
import type { PolicyNews } from '../governor/ports.ts';
import { isAdministratorsFile, whoElseMayWrite } from './policy-owner.ts';
import { type PolicyText, digestOfBytes, problemAt, readPolicyText, reasonOf, unusable } from './policy-text.ts';
import { hasCode } from './private-file.ts';

export interface PolicySourceText {
  readonly path: string;
  readonly layer: Layer;
  readonly source: string;
  readonly trusted: boolean;
}

export interface PolicyReader {
  /** Never throws; whatever is wrong is a problem of the file. */
  readonly parse: (text: PolicySourceText) => PolicyFile;
  /** Whether a person has accepted this version of a workspace's file. */
  readonly isTrusted: (path: string, digest: string) => boolean;
}

export interface PolicyChange extends PolicyNews {
  readonly layer: Layer;
  readonly digest: string;
  readonly problems: readonly PolicyProblem[];
}

/** What a look at a path has shown: its facts, or why they cannot be had. */
type Seen = Stats | string;

interface Known {
  readonly seen: Seen;
  /** The version that was read last. */
  readonly digest: string;
  readonly inForce: PolicyFile;
  /** The version that was read last, where it is not the one in force. */
  readonly rejected?: PolicyFile;
}

/**
 * A file is taken as it is only when it has been still for this long, if a version of it is known: an editor that
 * empties and refills it, or puts it away and back, must not open a moment without its rules.
 */
const stillMs = 100;
/** A file system may count time in steps as long as this: until it has passed, an equal time does not mean an equal file. */
const coarsestClockMs = 2500;

/** The policy files of one folder, as they are in force. Reads again only what has changed. */
export class PolicyFolder {
  readonly path: string;
  readonly layer: Layer;
  readonly #reader: PolicyReader;
  /** The one file of the folder that counts. */
  readonly only: string | undefined;
  readonly #known = new Map<string, Known>();
  #names: { readonly seen: Seen; readonly list: readonly string[] } = { seen: '', list: [] };
  /** Why the folder could not be looked at the last time. */
  #fault: PolicyFile | undefined;
  /** Whether everything in it was read at least once: then what is known is a good version of the whole folder. */
  #complete = false;
  #unused: string | undefined;
  /** As each was read by itself; two of one name are seen only side by side. */
  #read: readonly PolicyFile[] = [];
  #files: readonly PolicyFile[] = [];

  constructor(path: string, layer: Layer, reader: PolicyReader, only?: string) {
    this.only = only;
    this.path = path;
    this.layer = layer;
    this.#reader = reader;
  }

  /** The same list as long as nothing changes. */
  get files(): readonly PolicyFile[] {
    return this.#files;
  }

  get problems(): readonly PolicyProblem[] {
    const files = [...this.#known.values()].flatMap((known) => (known.rejected ?? known.inForce).problems);
    const unused = this.#unused === undefined ? [] : [problemAt(this.path, this.#unused)];
    const clashes = this.#files.filter((file) => !this.#read.includes(file)).flatMap((file) => file.problems);
    return [...unused, ...(this.#fault?.problems ?? []), ...files, ...clashes];
  }

  /** Looks at the disk and says what is different from the last time. */
  check(now: number): readonly PolicyChange[] {
    const changes = this.#look(now);
    const files = this.#inForce();
    if (files.length !== this.#read.length || files.some((file, i) => file !== this.#read[i])) {
      this.#read = files;
      this.#files = withNameClashes(files);
    }
    return changes;
  }

  #look(now: number): readonly PolicyChange[] {
    try {
      const folder = statSync(this.path, { throwIfNoEntry: false });
      this.#unused = folder === undefined || this.layer !== 'organisation' ? undefined : this.#unsafe();
      const names = folder === undefined || this.#unused !== undefined ? [] : this.#list(folder, now);
      // A pack that somebody named and that is not there would protect nobody.
      if (this.only !== undefined && !names.includes(this.only)) throw new Error(`${this.only} is missing. Install Countersign again`);
      const changes = [...this.#removed(names, folder, now), ...names.flatMap((name) => this.#checkFile(name, now) ?? [])];
      this.#fault = undefined;
      this.#complete = true;
      return changes;
    } catch (error) {
      return this.#unlistable(reasonOf(error));
    }
  }

  /** What is known of it stays in force; when that is not everything, the folder itself counts as a file that cannot be read. */
  #unlistable(why: string): readonly PolicyChange[] {
    const file = unusable(this.path, this.layer, { digest: digestOfBytes(Buffer.from(why)), why });
    if (this.#fault?.digest === file.digest) return [];
    this.#fault = file;
    return [changeOf('rejected', file)];
  }

  /** An unsafe folder is left out and reported; whoever is no administrator could otherwise make it and speak for one. */
  #unsafe(): string | undefined {
    const who = whoElseMayWrite(this.path);
    return who === undefined ? undefined : `The policies of the organisation are not used: ${who}. Only an administrator may be able to.`;
  }

  #list(folder: Stats, now: number): readonly string[] {
    if (isSame(folder, this.#names.seen) && !isYoung(folder, now, coarsestClockMs)) return this.#names.list;
    this.#names = {
      seen: folder,
      list: readdirSync(this.path)
        .filter((name) => this.#counts(name))
        .sort(),
    };
    return this.#names.list;
  }

  #counts(name: string): boolean {
    return this.only === undefined ? isPolicyName(name) : name === this.only;
  }

  /**
   * A file that is deleted is no longer in force: that is how a person takes a rule back, in every layer, and the change
   * is announced and recorded. Protection against an agent that deletes it is the business of the self-protection rules.
   */
  #removed(names: readonly string[], folder: Stats | undefined, now: number): readonly PolicyChange[] {
    if (folder !== undefined && isYoung(folder, now, stillMs)) return [];
    const gone = [...this.#known].filter(([name]) => !names.includes(name));
    for (const [name] of gone) this.#known.delete(name);
    return gone.map(([, known]) => changeOf('removed', known.inForce));
  }

  #checkFile(name: string, now: number): PolicyChange | undefined {
    const path = join(this.path, name);
    const known = this.#known.get(name);
    const seen = look(path);
    if (seen === undefined) return undefined;
    if (known !== undefined && isSame(seen, known.seen) && !isYoung(seen, now, coarsestClockMs)) return this.#checkTrust(name, known);
    if (known !== undefined && isYoung(seen, now, stillMs)) return undefined;
    const text = this.#readText(path);
    if (known?.digest !== text.digest) return this.#take(name, seen, this.#parse(path, text), known);
    this.#known.set(name, { ...known, seen });
    return this.#checkTrust(name, { ...known, seen });
  }

  #readText(path: string): PolicyText {
    if (this.layer !== 'organisation' || isAdministratorsFile(lstatSync(path))) return readPolicyText(path);
    const why = 'Others than an administrator may change it, or it is a link: chown root, and chmod go-w';
    return { ok: false, digest: digestOfBytes(Buffer.from(why)), why };
  }

  #parse(path: string, text: PolicyText): PolicyFile {
    if (!text.ok) return unusable(path, this.layer, text);
    return this.#reader.parse({ path, layer: this.layer, source: text.source, trusted: this.#isTrusted(path, text.digest) });
  }

  #take(name: string, seen: Seen, file: PolicyFile, known: Known | undefined): PolicyChange {
    const isBroken = file.problems.length > 0;
    const keep = isBroken && known !== undefined && known.inForce.problems.length === 0;
    const versions = keep ? { inForce: known.inForce, rejected: file } : { inForce: file };
    this.#known.set(name, { seen, digest: file.digest, ...versions });
    if (isBroken) return changeOf('rejected', file);
    if (known !== undefined) return changeOf('changed', file);
    return { ...changeOf('loaded', file), ...(this.#complete ? { isNew: true } : {}) };
  }

  /** Trust comes and goes without any change of the file. */
  #checkTrust(name: string, known: Known): undefined {
    const trusted = this.#isTrusted(known.inForce.path, known.inForce.digest);
    if (trusted !== known.inForce.trusted) this.#known.set(name, { ...known, inForce: { ...known.inForce, trusted } });
  }

  #isTrusted(path: string, digest: string): boolean {
    return this.layer !== 'workspace' || this.#reader.isTrusted(path, digest);
  }

  #inForce(): readonly PolicyFile[] {
    const files = [...this.#known.values()].map((known) => known.inForce);
    return this.#fault === undefined || this.#complete ? files : [this.#fault, ...files];
  }
}

/** `.yml` too: a policy that is silently left out would protect nobody. Not the temporary files of editors, not test suites. */
function isPolicyName(name: string): boolean {
  return /\.ya?ml$/i.test(name) && !/\.test\.ya?ml$/i.test(name) && !/^[.#]/.test(name);
}

/** The inode tells a replaced file, the change time a file whose modification time was set back. */
function isSame(a: Seen, b: Seen): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.mode === b.mode && a.uid === b.uid;
}

/** Changed less than `ms` ago. A time in the future is that of another clock, and says nothing. */
function isYoung(seen: Seen, now: number, ms: number): boolean {
  const age = typeof seen === 'string' ? Infinity : now - seen.ctimeMs;
  return age > -ms && age < ms;
}

/** `undefined` for what vanished since it was listed; a reason for what cannot be looked at, such as a link to nothing. */
function look(path: string): Seen | undefined {
  try {
    return statSync(path);
  } catch (error) {
    return hasCode(error, 'ENOENT') && lstatSync(path, { throwIfNoEntry: false }) === undefined ? undefined : reasonOf(error);
  }
}

function changeOf(kind: PolicyChange['kind'], file: PolicyFile): PolicyChange {
  const { path, layer, digest, problems } = file;
  return { kind, path, layer, digest, problems, file };
}
