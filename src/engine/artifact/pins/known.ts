import type { JsonValue } from '../../json.ts';

/** What of an MCP server reaches a model before anything is called. */
export type PinnedKind = 'tool' | 'prompt' | 'instructions';

/** One of them as the server has it now. Instructions have no name: ''. */
export interface Shown {
  readonly kind: PinnedKind;
  readonly name: string;
  readonly definition: JsonValue;
}

/** What is known of a server, by the name that clients' configurations give it. Plain data, as it is stored. */
export interface KnownServer {
  readonly server: string;
  /** Who was connected to it, the latest last. */
  readonly agents: readonly string[];
  readonly lastSeen: number;
  readonly items: readonly KnownItem[];
}

export interface KnownItem {
  readonly kind: PinnedKind;
  readonly name: string;
  /** The digest of the version that the server had when it was last asked. */
  readonly current: string;
  /** Oldest first. */
  readonly versions: readonly KnownVersion[];
}

export interface KnownVersion {
  /** SHA-256 (hex) over its canonical JSON. */
  readonly digest: string;
  /** The definition as canonical JSON; left out where it is too long to be kept. */
  readonly text?: string;
  /** `asked`: nobody has said yes or no. */
  readonly state: 'accepted' | 'asked' | 'denied';
  readonly since: number;
  /** Who accepted or denied it; left out: it was the first, or nobody has. */
  readonly by?: string;
  /** What is odd about it. */
  readonly suspicions: readonly Suspicion[];
}

export interface Suspicion {
  readonly risk: 'low' | 'medium' | 'high';
  /** A sentence for a person. */
  readonly say: string;
}

export function itemOf(known: KnownServer | undefined, kind: PinnedKind, name: string): KnownItem | undefined {
  return known?.items.find((item) => item.kind === kind && item.name === name);
}

export function versionOf(item: KnownItem | undefined, digest: string | undefined): KnownVersion | undefined {
  return item?.versions.find((version) => version.digest === (digest ?? item.current));
}

/** As people call it. */
export function titleOf({ kind, name }: Pick<KnownItem, 'kind' | 'name'>): string {
  return kind === 'instructions' ? 'its instructions' : `${kind} "${name}"`;
}
