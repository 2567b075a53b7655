import * as z from 'zod/mini';
import type { Decision } from '../../engine/decision.ts';
import type { PolicyProblem } from '../../engine/policy/policy-set.ts';
import type { Doubt } from '../../engine/policy/replay/world.ts';
import type { DocumentSteps, Explained, RuleSteps, SeenOfCall, Step } from '../../engine/policy/steps.ts';

const text = z.string();
const texts = z.array(z.string());
const number = z.number();
const action = z.enum(['allow', 'deny', 'require_approval', 'abstain']);
const mode = z.enum(['enforce', 'observe']);

export const callKinds = ['shell', 'read', 'write', 'fetch', 'mcp'] as const;
export type CallKind = (typeof callKinds)[number];

/** What a person types: the call, and who makes it where. */
export type Form = Readonly<z.infer<typeof form>>;
const form = z.object({
  kind: z.enum(callKinds),
  /** The command, path, address, or `server/tool`. */
  text,
  /** What is written, or an MCP tool's arguments as JSON. */
  content: text,
  /** Empty: Claude Code. */
  agent: text,
  folder: text,
});

/** A call that is in the log. */
export type RecordedChoice = Readonly<z.infer<typeof recorded>>;
const recorded = z.object({ seq: number, time: number, session: text, summary: text });

/** What is tried: the recorded call, where there is one, else what the form says. */
export type Wanted = Readonly<z.infer<typeof wanted>>;
export const wanted = z.object({ form, recorded: z.exactOptional(recorded) });

/** The rule that the person looks at. */
export type RuleInSight = Readonly<z.infer<typeof ruleInSight>>;
export const ruleInSight = z.object({ policy: text, rule: text, file: text });

const step: z.ZodMiniType<Step> = z.object({
  field: z.enum([
    'agent',
    'mcpServer',
    'tools',
    'commands',
    'paths',
    'domains',
    'conditions',
    'unless',
    'detect',
    'source',
    'signedBy',
    'scans',
  ]),
  wants: text,
  result: z.enum(['holds', 'fails', 'fault']),
  note: z.exactOptional(text),
});
const rule: z.ZodMiniType<RuleSteps> = z.object({
  rule: text,
  action,
  matched: z.boolean(),
  why: text,
  exempted: z.exactOptional(text),
  steps: z.array(step),
  line: number,
});
const document: z.ZodMiniType<DocumentSteps> = z.object({
  policy: text,
  file: text,
  layer: z.enum(['organisation', 'user', 'workspace', 'built-in']),
  mode,
  inScope: z.boolean(),
  scope: z.array(step),
  rules: z.array(rule),
  byDefault: z.exactOptional(action),
});
const call: z.ZodMiniType<SeenOfCall> = z.object({
  tools: texts,
  commands: texts,
  reads: texts,
  writes: texts,
  domains: texts,
  unknown: texts,
});

/** What `countersign policy explain --json` prints, as far as it is shown. */
export interface ShownExplanation extends Omit<Explained, 'decision'> {
  readonly decision: Pick<Decision, 'action' | 'reason' | 'mode'>;
  readonly doubts: readonly Doubt[];
}
export const shownExplanation: z.ZodMiniType<ShownExplanation> = z.object({
  decision: z.object({ action, reason: text, mode }),
  call,
  broken: z.array(z.object({ file: text, why: text })),
  documents: z.array(document),
  doubts: z.array(z.enum(['masked', 'not-recorded', 'looked-up', 'partial'])),
});

/** Where a draft is wrong. */
export type ShownProblem = Pick<PolicyProblem, 'file' | 'message'> & {
  readonly position: { readonly line: number; readonly column: number };
};
export const shownProblem: z.ZodMiniType<ShownProblem> = z.object({
  file: text,
  message: text,
  position: z.object({ line: number, column: number }),
});

/** Extension → try. */
export type ToTry = z.infer<typeof toTry>;
export const toTry = z.discriminatedUnion('type', [
  /** `isNew`: a person has just asked for it, and wants to be there. */
  z.object({ type: z.literal('wanted'), wanted, sight: z.exactOptional(ruleInSight), isNew: z.boolean() }),
  /** `nothing`: there is no call to ask about. */
  z.object({ type: z.enum(['asking', 'nothing']) }),
  /** `sight` names the file as the explanation does. */
  z.object({ type: z.literal('explained'), explained: shownExplanation, drafts: texts, sight: z.exactOptional(ruleInSight) }),
  z.object({ type: z.literal('problems'), problems: z.array(shownProblem) }),
  z.object({ type: z.literal('failed'), message: text }),
]);

/** Where a person comes from. */
export type TryFrom = Readonly<z.infer<typeof tryFrom>>;
export const tryFrom = z.object({ sight: z.exactOptional(ruleInSight), recorded: z.exactOptional(recorded) });

/** What outlives the page. */
export const kept = z.object({ wanted, sight: z.exactOptional(ruleInSight) });

/** Try → extension. */
export type FromTry = z.infer<typeof fromTry>;
export const fromTry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), kept: z.exactOptional(kept) }),
  z.object({ type: z.literal('ask'), wanted }),
  z.object({ type: z.literal('pick'), wanted }),
  z.object({ type: z.literal('open'), file: text, line: number }),
  z.object({ type: z.literal('open-entry'), recorded }),
]);
