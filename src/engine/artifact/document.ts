import type { Action, Mode } from '../decision.ts';
import type { RuleCondition } from '../policy/document.ts';
import type { Position } from '../policy/position.ts';
import type { ScanDemand } from './scan-demand.ts';
import type { SignerSource } from './schema-parts.ts';
import type { TestStart } from './test-schema.ts';

/** Which MCP servers may start, compiled. */
export interface ArtifactDocument {
  readonly kind: 'ArtifactPolicy';
  readonly name: string;
  readonly description?: string;
  readonly mode: Mode;
  readonly servers: readonly ArtifactEntry[];
  /** Of every server whose entry has none of its own. */
  readonly scans?: ScanDemand;
  readonly defaultAction: Action;
  readonly unpinned: Action;
  readonly tests: readonly ArtifactTest[];
  readonly position: Position;
}

export interface ArtifactEntry {
  readonly name: string;
  readonly source: EntrySource;
  /** Any of them; empty: nobody has to. */
  readonly signedBy: readonly SignerSource[];
  readonly scans?: ScanDemand;
  /** Every one has to be true, or this entry is not about what starts. */
  readonly conditions: readonly RuleCondition[];
  readonly tools: ToolsTrust;
  readonly position: Position;
}

/** A start, and what the policy has to say of it. */
export interface ArtifactTest {
  readonly start: string | TestStart;
  readonly expect: Action;
  readonly rule?: string;
  readonly position: Position;
}

/** What becomes of a server's tools that are not what they were. */
export type ToolsTrust = 'pinned' | 'reviewed' | 'any';

export type EntrySource =
  | { readonly kind: 'npm'; readonly name: string; readonly version: string; readonly integrity?: string; readonly tree?: string }
  /** `options`: exactly these; left out: any, and those that open the container are asked about. */
  | { readonly kind: 'image'; readonly image: string; readonly digest: string; readonly options?: readonly string[] }
  | { readonly kind: 'file'; readonly path: string; readonly sha256: string }
  | { readonly kind: 'url'; readonly origin: string };
