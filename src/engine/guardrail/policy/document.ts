import type { Mode } from '../../decision.ts';
import type { Position } from '../../policy/position.ts';
import type { TestCall } from '../../policy/schema.ts';
import type { ToolCall } from '../../tool-call.ts';
import type { DetectorName, Part } from '../finding.ts';

/** What the person typed, a tool's arguments, a tool's result. */
export const guardedPlaces = ['prompt', 'input', 'output'] as const;
export type GuardedPlace = (typeof guardedPlaces)[number];

export const guardActions = ['alert', 'redact', 'require_approval', 'deny'] as const;
export type GuardAction = (typeof guardActions)[number];

/** A guardrail, compiled. */
export interface GuardrailDocument {
  readonly kind: 'GuardrailPolicy';
  readonly name: string;
  readonly description?: string;
  readonly mode: Mode;
  readonly appliesTo: ReadonlySet<GuardedPlace>;
  readonly concerns: (who: Pick<ToolCall, 'agent' | 'subagent'>) => boolean;
  /** By any of a tool's names. Prompts have none. */
  readonly tools: (name: string) => boolean;
  readonly detections: readonly Detection[];
  /** Whether what was found is known to be none. */
  readonly allows: Allows;
  readonly tests: readonly GuardrailTest[];
  readonly position: Position;
}

/** By its text, or by its fingerprint: what `fingerprint` makes of it on this machine. */
export type Allows = (found: string, fingerprint: (found: string) => string) => boolean;

/** A text, and what the guardrail has to make of it. */
export interface GuardrailTest {
  readonly of: 'prompt' | 'call' | 'output' | 'text';
  readonly subject: string | TestCall;
  /** The tool of an output. */
  readonly tool?: string;
  readonly expect: GuardAction | 'pass';
  readonly kinds: readonly string[];
  readonly position: Position;
}

export type Detection = FindingDetection | ReviewDetection;

/** What looks by itself, at once. */
export type FindingDetection = BuiltInDetection | OwnDetection;

interface AnyDetection {
  /** What findings and exemptions call it. */
  readonly name: string;
  readonly action: GuardAction;
}

interface BuiltInDetection extends AnyDetection {
  readonly detector: DetectorName;
  /** Left out: all of them. */
  readonly kinds?: ReadonlySet<string>;
  /** Hosts that data may be sent to. */
  readonly hosts?: readonly string[];
}

/** Text that the policy itself describes. */
interface OwnDetection extends AnyDetection {
  readonly kind: 'regex' | 'keyword';
  readonly find: (text: string) => OwnFound;
}

/** Done instead where a review brings no answer. */
export const onErrors = ['deny', 'require_approval', 'alert'] as const;

/** A question that a model answers about the text. */
export interface ReviewDetection extends AnyDetection {
  readonly review: {
    readonly question: string;
    readonly timeoutMs: number;
    readonly onError: (typeof onErrors)[number];
  };
}

export interface OwnFound {
  readonly parts: readonly Part[];
  /** How far into the text somebody looked. */
  readonly until: number;
}
