import type { Condition } from '../cel/condition.ts';
import type { Action, ApprovalTerms, Mode } from '../decision.ts';
import type { Position } from './position.ts';
import type { RuleSource, TestCall } from './schema.ts';
import type { Subject } from './subject.ts';

/** A policy document, compiled: nothing of it has to be read again to decide a call. */
export interface PolicyDocument {
  readonly kind: 'ToolPolicy';
  readonly name: string;
  readonly description?: string;
  readonly mode: Mode;
  readonly defaultAction: Action;
  /** Which calls the document is about. */
  readonly scope: readonly Matcher[];
  readonly rules: readonly Rule[];
  /** Shipped packs that are in force because this document names them. */
  readonly packs: readonly string[];
  readonly exempt: readonly ExemptionRule[];
  /** What becomes of a session whose calls run without a decision. */
  readonly onUngoverned?: 'alert' | 'kill';
  readonly position: Position;
}

/** One field of a rule that says which calls it is about. */
export interface Matcher {
  readonly field: 'agent' | 'mcpServer' | 'tools' | 'commands' | 'paths' | 'domains';
  /** What a document's scope says there, to be shown; what a rule says stands in its source. */
  readonly wants?: string | readonly string[];
  /** Never throws. */
  readonly matches: (subject: Subject) => boolean;
}

export interface RuleCondition {
  readonly condition: Condition;
  readonly position: Position;
}

export interface Rule {
  readonly name: string;
  readonly action: Action;
  readonly message?: string;
  readonly autoApprove: boolean;
  readonly approval: Partial<ApprovalTerms>;
  readonly rateLimit?: { readonly calls: number; readonly perMs: number; readonly per: string };
  readonly onLimit: Action;
  readonly redact: readonly string[];
  readonly matchers: readonly Matcher[];
  readonly conditions: readonly RuleCondition[];
  readonly unless: readonly RuleCondition[];
  readonly tests: readonly RuleTest[];
  readonly position: Position;
  readonly source: RuleSource;
}

/** What a test beside a rule expects of it: an action, or `pass`: the rule does not apply. */
export interface RuleTest {
  readonly expect: Action | 'pass';
  readonly call: string | TestCall;
  readonly position: Position;
}

export interface ExemptionRule {
  readonly rule: string;
  readonly reason: string;
  readonly until?: string;
  readonly matchesPolicy: (name: string) => boolean;
  readonly matchesRule: (name: string) => boolean;
  /** Milliseconds since the epoch, exclusive. */
  readonly endsAt?: number;
}
