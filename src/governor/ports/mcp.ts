import type { KnownServer } from '../../engine/artifact/pins/known.ts';
import type { Bill } from '../../engine/artifact/sbom.ts';
import type { Scan } from '../../engine/artifact/scan.ts';
import type { SignerSource } from '../../engine/artifact/schema-parts.ts';
import type { LockWord, Signed, Source } from '../../engine/artifact/start.ts';

/** What the world knows of MCP servers that are about to start. Every method throws when it cannot know. */
export interface StartStore {
  /** What a person approved: this very start, by the digest of its call. */
  readonly approved: (digest: string) => ApprovedStart | undefined;
  readonly approve: (start: ApprovedStart) => void;
  /** What the repository's lock file says; `undefined` where it says nothing of that server. */
  readonly lockWord: (workspace: string, server: string, source: Source) => LockWord | undefined;
  /** The same for people to see, before anything starts; a file that cannot be read says so. */
  readonly locked: (workspace: string, server: string) => LockedStart | undefined;
  /** Starts of that server that a person approved, the latest last. */
  readonly approvedOf: (server: string) => readonly ApprovedStart[];
  /** Whether any of these signed it. */
  readonly signed: (source: Source, signedBy: readonly SignerSource[]) => Promise<Signed>;
  /** What scanners said of these bytes. */
  readonly scans: (source: Source) => readonly Scan[];
  /** What they consist of; `undefined`: nobody has written that down. */
  readonly bill: (source: Source) => Bill | undefined;
}

export interface LockedStart {
  readonly path: string;
  /** What it locks, in a few words; left out: nobody can read it. */
  readonly what?: string;
  /** A person has accepted this very file. */
  readonly trusted: boolean;
}

/** What is known of MCP servers, by the names that clients give them. Every method throws when the disk does. */
export interface PinStore {
  readonly get: (server: string) => KnownServer | undefined;
  readonly all: () => readonly KnownServer[];
  readonly save: (known: KnownServer) => void;
  /** Called after each `save`. */
  readonly onChange: (listener: () => void) => void;
}

/** Holds for good: until the start is another one, or a rule asks that did not ask then. */
export interface ApprovedStart {
  readonly digest: string;
  readonly server: string;
  /** What it is, for people. */
  readonly what: string;
  /** `layer/policy/rule` of every rule that asked. */
  readonly rules: readonly string[];
  readonly by: string;
  readonly at: number;
  readonly approvalId: string;
}
