import type { ArtifactDocument } from '../artifact/document.ts';
import type { BudgetDocument } from '../budget/document.ts';
import type { Layer, Mode } from '../decision.ts';
import type { GuardrailDocument } from '../guardrail/policy/document.ts';
import type { PolicyDocument } from './document.ts';
import type { Position } from './position.ts';

export type { Position } from './position.ts';

export interface PolicyProblem {
  readonly file: string;
  readonly position: Position;
  readonly message: string;
  /** Every YAML extension that has our JSON Schema sees it, too. */
  readonly inSchema?: boolean;
}

/** One policy file as it was read: either all its documents, or why it cannot be used. Never half. */
export interface PolicyFile {
  readonly path: string;
  readonly layer: Layer;
  /** `sha256:<hex>` over the file's bytes. */
  readonly digest: string;
  readonly documents: readonly PolicyDocument[];
  readonly budgets: readonly BudgetDocument[];
  readonly guardrails: readonly GuardrailDocument[];
  readonly artifacts: readonly ArtifactDocument[];
  readonly problems: readonly PolicyProblem[];
  /** The source text, kept so that the log can store each version ever in force. */
  readonly source: string;
  /** Whether a person has accepted this very digest: only then does a workspace file's `autoApprove` count. Always true outside the workspace layer. */
  readonly trusted: boolean;
  /** A person wants it to interfere with nothing for now, whatever mode its documents have. */
  readonly onlyObserves?: true;
}

/** Whether a document of this file stops and asks, or is only recorded. */
export function modeOf(file: PolicyFile, document: { readonly mode: Mode }): Mode {
  return file.onlyObserves === true ? 'observe' : document.mode;
}

/** Everything that is in force for one working directory. A file with problems denies the calls its layer covers. */
export interface PolicySet {
  readonly files: readonly PolicyFile[];
}
