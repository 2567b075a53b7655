import type { HookEvent } from '../../agents/agent.ts';
import type { RuleRef } from '../../engine/decision.ts';
import type { JsonObject, JsonValue } from '../../engine/json.ts';
import type { Hit } from '../../engine/guardrail/policy/inspect.ts';
import { rewrite } from '../../engine/guardrail/policy/rewrite.ts';
import { editStrings } from '../../engine/guardrail/policy/strings.ts';
import { effectOf, rulesOf, sentenceOn } from '../../engine/guardrail/policy/verdict.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { messageOf } from '../fault.ts';
import type { Office } from '../office.ts';
import { findingsDetail } from './findings.ts';
import { look } from './look.ts';
import { reviewOn, type Review } from './review.ts';

type ToolResultEvent = Extract<HookEvent, { readonly kind: 'tool-result' }>;

/** What becomes of a result. */
export interface GuardedOutput {
  readonly detail: JsonObject;
  readonly rules: readonly RuleRef[];
  /** What the model gets instead. */
  readonly output?: JsonValue;
  /** Hashes of what is taken out. */
  readonly removed?: readonly string[];
  /** What the log gets instead of the error. */
  readonly error?: string;
  /** The agent does not let this text be replaced: why its turn has to end before the model gets it. */
  readonly stop?: string;
}

const nothing: GuardedOutput = { detail: {}, rules: [] };

/** Never throws: what could not be looked at does not reach the model. */
export async function guardOutput(office: Office, event: ToolResultEvent): Promise<GuardedOutput> {
  try {
    return await (isReplaceable(event) ? guardResult(office, event) : guardError(office, event));
  } catch (error) {
    return withheld(event, messageOf(error));
  }
}

/** Of a call that failed, most agents let nothing be replaced. */
function isReplaceable({ outcome, output }: ToolResultEvent): boolean {
  return outcome.status !== 'failed' || output !== undefined;
}

async function guardResult(office: Office, { call, output }: ToolResultEvent): Promise<GuardedOutput> {
  if (output === undefined) return nothing;
  const { hits, review } = await found(office, call, output);
  const removed = hits.filter((hit) => effectOf(hit, 'output', true) !== 'none');
  if (removed.length === 0) return toldOf(hits, review);
  const placeholder = office.guards.placeholders(call.agent.name, call.session.id);
  const hashes = removed.map(({ hash }) => hash).filter((hash) => hash !== '');
  return {
    ...toldOf(hits, review),
    removed: hashes,
    output: rewrite(output, removed, placeholder, (hit) => effectOf(hit, 'output', true) === 'withhold'),
  };
}

async function guardError(office: Office, { call, outcome: { error = '' } }: ToolResultEvent): Promise<GuardedOutput> {
  const { hits, review } = await found(office, call, error);
  const removed = hits.filter((hit) => effectOf(hit, 'output', true) !== 'none');
  if (removed.length === 0) return toldOf(hits, review);
  const shown = rewrite(error, removed, office.guards.placeholders(call.agent.name, call.session.id), () => false);
  return {
    ...toldOf(hits, review),
    error: typeof shown === 'string' ? shown : '',
    stop: `${sentenceOn(removed)} It stands in what a failed call said, which the agent does not let anybody replace: the turn ends here. Go back to before it (/rewind) or begin a new session; prompts in this one send it to the model.`,
  };
}

async function found(office: Office, call: ToolCall, text: JsonValue): Promise<{ readonly hits: readonly Hit[]; readonly review: Review }> {
  const set = office.ports.policies.inForce(call.cwd);
  const review = await reviewOn(office, set, 'output', call, text);
  return { hits: [...look(office, set, 'output', call, text), ...review.hits], review };
}

function toldOf(hits: readonly Hit[], review: Review): GuardedOutput {
  const detail = { ...findingsDetail(hits, (hit) => effectOf(hit, 'output', true)), ...review.detail };
  return { detail, rules: rulesOf(hits, 'abstain') };
}

function withheld(event: ToolResultEvent, why: string): GuardedOutput {
  const { output } = event;
  const stop = `Countersign could not look through what this call said, so the turn ends here: ${why}`;
  const failed = { detail: { guardFault: why }, rules: [] };
  if (output === undefined || !isReplaceable(event)) return { ...failed, stop };
  try {
    return { ...failed, output: editStrings(output, () => '[withheld: Countersign could not look through it]') };
  } catch {
    return { ...failed, stop };
  }
}
