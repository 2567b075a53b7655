import type { Action } from '../decision.ts';
import type { AuditRecord, EntryKind } from './entry.ts';

/** Which entries of the log are wanted. Every field narrows; a list matches when one of its members does. */
export interface EntrySearch {
  readonly agents?: readonly string[];
  readonly sessions?: readonly string[];
  readonly kinds?: readonly EntryKind[];
  /** Canonical or native names; of an MCP tool also `server/tool`. */
  readonly tools?: readonly string[];
  readonly actions?: readonly Action[];
  /** `policy/rule`, or only the policy's name. */
  readonly rules?: readonly string[];
  /** Who answered, killed or revived. */
  readonly people?: readonly string[];
  /** Part of a path that the call touches or runs in; case does not matter. */
  readonly path?: string;
  /** Part of anything that the entry says; case does not matter. */
  readonly text?: string;
  /** Milliseconds since the epoch; `until` is exclusive. */
  readonly since?: number;
  readonly until?: number;
}

/** What a list shows of an entry: small, whatever the entry's size. */
export interface EntryRow {
  readonly seq: number;
  readonly time: number;
  readonly kind: EntryKind;
  readonly agent?: string;
  readonly session?: string;
  readonly subagent?: string;
  readonly tool?: string;
  readonly nativeTool?: string;
  readonly mcpServer?: string;
  readonly action?: Action;
  readonly mode?: 'enforce' | 'observe';
  /** `policy/rule` of the first rule that decided. */
  readonly rule?: string;
  readonly person?: string;
  /** What became of it: of an outcome `ran` or `failed`, of an answer `approved`, `denied`, `timed-out` or `cancelled`. */
  readonly outcome?: string;
  /** What it is about, in one line of at most 200 characters, as plain text: a command, a path, a reason. */
  readonly summary: string;
}

/** How often a value occurs in the whole log, most frequent first; at most 100 of each. */
export interface Facet {
  readonly value: string;
  readonly count: number;
}
export interface Facets {
  readonly agents: readonly Facet[];
  readonly sessions: readonly Facet[];
  readonly kinds: readonly Facet[];
  readonly tools: readonly Facet[];
  readonly actions: readonly Facet[];
  readonly rules: readonly Facet[];
  readonly people: readonly Facet[];
}

/** In how many decisions a rule had a say. */
export interface RuleCount {
  /** `policy/rule` */
  readonly rule: string;
  readonly enforced: { readonly [A in Action]: number };
  /** What it would have said, had it not only observed. */
  readonly observed: { readonly [A in Action]: number };
  /** It matched, and an exemption kept it out. */
  readonly exempted: number;
}

/** One entry with everything that belongs to it. */
export interface EntryDetails {
  readonly record: AuditRecord;
  /** Its contents were removed by the log's retention. */
  readonly pruned?: { readonly by: number };
  /** Each rule that led to the decision, in the text of its policy as it was in force then. */
  readonly rules: readonly RuleText[];
  /** Entries of the same call: outcome, approval, incident. Oldest first, without this one. */
  readonly related: readonly AuditRecord[];
  readonly proof: EntryProof;
}
export interface RuleText {
  readonly policy: string;
  readonly rule: string;
  readonly digest: string;
  /** Absolute path of the file it was read from. */
  readonly file: string;
  /** Counted from 1; the rule's lines in `text`. */
  readonly line: number;
  readonly text: string;
  /** The file still has this digest. */
  readonly isCurrent: boolean;
}
export interface EntryProof {
  /** signed: a checkpoint whose signature holds covers it; pending: none does yet; broken: it does not hold. */
  readonly state: 'signed' | 'pending' | 'broken';
  /** A sentence for the person. */
  readonly message: string;
  readonly checkpoint?: { readonly size: number; readonly time: number };
}
