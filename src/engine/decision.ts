import type { JsonObject } from './json.ts';
import type { Span } from './shell/analysis.ts';

export type Action = 'allow' | 'deny' | 'require_approval' | 'abstain';
export type Mode = 'enforce' | 'observe';
export type Layer = 'organisation' | 'user' | 'workspace' | 'built-in';

/** Which rule of which version of which document spoke. */
export interface RuleRef {
  /** `metadata.name` of the document, or the file's path where it could not be read. */
  readonly policy: string;
  /** The rule's name; `(default)` for a document's `defaultAction`, `(error)` for a document that could not be read. */
  readonly rule: string;
  readonly layer: Layer;
  /** `sha256:<hex>` over the bytes of the document's source. */
  readonly digest: string;
  /** What this rule alone says. */
  readonly action: Action;
  readonly mode: Mode;
  readonly message?: string;
  /** Present where an exemption of the organisation or user layer took this rule out of the decision. */
  readonly exemption?: Exemption;
  /** The parts of the call's command that it is about, where it is about parts: at most 8. */
  readonly parts?: readonly Span[];
}

export interface Exemption {
  /** `policy/rule`; globs are allowed on both sides of the slash. */
  readonly rule: string;
  readonly reason: string;
  /** ISO 8601 date (its end, UTC) or date-time. */
  readonly until?: string;
  /** `metadata.name` of the document that grants it. */
  readonly grantedBy: string;
}

/** How a person is to be asked, after combining every rule that asks: the strictest of each part. */
export interface ApprovalTerms {
  readonly timeoutMs: number;
  readonly onTimeout: 'deny' | 'abstain';
  readonly approvers: readonly string[];
  readonly reason: 'required' | 'optional';
}

/** What we say about a tool call, and which rules made us say it. */
export interface Decision {
  readonly action: Action;
  /** A sentence a person can act on; empty only for `abstain`. */
  readonly reason: string;
  /** The rules whose action is the decision's, strictest layer first. */
  readonly rules: readonly RuleRef[];
  /** `observe` when only observing rules spoke: recorded, never interfering; then `action` is what would have been. */
  readonly mode: Mode;
  /** The call may skip the agent's own prompt. Only with `allow`. */
  readonly autoApprove: boolean;
  /** Present with `require_approval`. */
  readonly approval?: ApprovalTerms;
  /** Rules that matched but only observe, and exempted rules: recorded beside the decision. */
  readonly observed: readonly RuleRef[];
  /** Keys of rate limits that this call uses up (see `RateUsage`). */
  readonly counted: readonly string[];
  /** The arguments without what guardrails found; left out: as they are. */
  readonly shown?: JsonObject;
  /** JSONPaths into the arguments that must never be stored. */
  readonly redact: readonly string[];
}

const severity: Record<Action, number> = { abstain: 0, allow: 1, require_approval: 2, deny: 3 };

/** Whether `a` is stricter than `b`. */
export function isStricter(a: Action, b: Action): boolean {
  return severity[a] > severity[b];
}

/** The stricter of two actions. With nothing to choose, the first. */
export function stricter(a: Action, b: Action): Action {
  return isStricter(b, a) ? b : a;
}
