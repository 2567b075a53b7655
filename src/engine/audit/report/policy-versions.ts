import type { RuleRef } from '../../decision.ts';
import type { AuditRecord } from '../entry.ts';

/** One version of one policy file. */
export interface PolicyVersion {
  readonly digest: string;
  readonly path: string;
  readonly layer: string;
  /** When it was recorded to be in force: the first time in the period, or the last time before it. */
  readonly since: number;
  readonly seq: number;
  readonly beforePeriod: boolean;
  /** How many decisions of the period rest on a rule of it. */
  readonly decisions: number;
}

/** Which versions of which policies were in force. */
export class PolicyVersions {
  readonly #versions = new Map<string, PolicyVersion>();
  readonly #decisions = new Map<string, number>();

  /** The last version of a file before the period began; later calls for the same path replace earlier ones. */
  loadedBefore(record: AuditRecord): void {
    const version = versionOf(record, true);
    for (const [key, { path }] of this.#versions) if (path === version.path) this.#versions.delete(key);
    if (!isRemoved(record)) this.#versions.set(keyOf(version), version);
  }

  loaded(record: AuditRecord): void {
    const version = versionOf(record, false);
    if (!isRemoved(record) && !this.#versions.has(keyOf(version))) this.#versions.set(keyOf(version), version);
  }

  spoke({ digest }: RuleRef): void {
    this.#decisions.set(digest, (this.#decisions.get(digest) ?? 0) + 1);
  }

  /** In the order in which they came into force. */
  all(): readonly PolicyVersion[] {
    return [...this.#versions.values()]
      .map((version) => ({ ...version, decisions: this.#decisions.get(version.digest) ?? 0 }))
      .sort((a, b) => a.seq - b.seq);
  }
}

function isRemoved({ entry }: AuditRecord): boolean {
  return entry.detail?.['removed'] === true;
}

function keyOf({ digest, path }: PolicyVersion): string {
  return `${digest} ${path}`;
}

function versionOf({ seq, entry }: AuditRecord, beforePeriod: boolean): PolicyVersion {
  const text = (name: string): string => {
    const value = entry.detail?.[name];
    return typeof value === 'string' ? value : '';
  };
  return { digest: text('digest'), path: text('path'), layer: text('layer'), since: entry.time, seq, beforePeriod, decisions: 0 };
}
