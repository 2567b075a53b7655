import type { Decision } from '../../engine/decision.ts';
import { isObject, type JsonObject, type JsonValue } from '../../engine/json.ts';
import type { Hit } from '../../engine/guardrail/policy/inspect.ts';
import { rewrite } from '../../engine/guardrail/policy/rewrite.ts';
import { decisionOn, effectOf } from '../../engine/guardrail/policy/verdict.ts';
import type { PolicySet } from '../../engine/policy/policy-set.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { Office } from '../office.ts';
import { findingsDetail } from './findings.ts';
import { look } from './look.ts';
import { noReview, type Review } from './review.ts';

/** What guardrails say about a call by its arguments. */
export interface GuardedInput {
  readonly decision: Decision;
  /** For the entry of the decision. */
  readonly detail: JsonObject;
  /** The arguments as they may be stored and shown. */
  readonly shown: JsonObject;
  /** The arguments that the call is to run with instead of its own. */
  readonly input?: JsonObject;
}

/**
 * `undefined` where nothing was found and nothing reviewed. `canRewrite`: the agent takes other arguments for this call. A review never
 * has arguments replaced.
 */
export function guardInput(
  office: Office,
  set: PolicySet,
  call: ToolCall,
  canRewrite: boolean,
  review: Review = noReview,
): GuardedInput | undefined {
  const hits = [...look(office, set, 'input', call, call.arguments), ...review.hits];
  if (hits.length === 0 && review === noReview) return undefined;
  const effect = (hit: Hit) => effectOf(hit, 'input', canRewrite);
  const placeholder = office.guards.placeholders(call.agent.name, call.session.id);
  const without = (found: readonly Hit[]): JsonObject => objectOf(rewrite(call.arguments, found, placeholder, () => false));
  const redacted = hits.filter((hit) => effect(hit) === 'redact');
  return {
    decision: decisionOn(hits, canRewrite),
    detail: { ...findingsDetail(hits, effect), ...review.detail },
    shown: without(hits.filter((hit) => effect(hit) !== 'none')),
    ...(redacted.length === 0 ? {} : { input: without(redacted) }),
  };
}

function objectOf(value: JsonValue): JsonObject {
  if (!isObject(value)) throw new TypeError('Arguments without what was found are no object');
  return value;
}
