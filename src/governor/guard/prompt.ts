import type { HookEvent } from '../../agents/agent.ts';
import type { RuleRef } from '../../engine/decision.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { Hit } from '../../engine/guardrail/policy/inspect.ts';
import { effectOf, rulesOf, sentenceOn } from '../../engine/guardrail/policy/verdict.ts';
import type { Office } from '../office.ts';
import { findingsDetail } from './findings.ts';
import { look } from './look.ts';
import { noReview, reviewOn } from './review.ts';

export interface GuardedPrompt {
  readonly detail: JsonObject;
  readonly rules: readonly RuleRef[];
  /** Why the prompt must not be sent; for the person who typed it. */
  readonly refusal?: string;
}

/** What guardrails say about a prompt. Agents let a prompt be blocked, and not be changed. Throws where it cannot be looked at. `isSent`: unless they object. */
export async function guardPrompt(
  office: Office,
  { origin, text }: Extract<HookEvent, { readonly kind: 'prompt' }>,
  isSent = true,
): Promise<GuardedPrompt> {
  const set = office.ports.policies.inForce(origin.cwd);
  const review = isSent ? await reviewOn(office, set, 'prompt', origin, text) : noReview;
  const hits = [...look(office, set, 'prompt', origin, text), ...review.hits];
  const stopping = hits.filter((hit) => effectOf(hit, 'prompt', false) === 'refuse');
  return {
    detail: { ...findingsDetail(hits, (hit) => effectOf(hit, 'prompt', false)), ...review.detail },
    rules: rulesOf(hits, 'deny'),
    ...(stopping.length === 0 ? {} : { refusal: `${sentenceOn(stopping)} The prompt was not sent.${adviceOn(stopping)}` }),
  };
}

function adviceOn(hits: readonly Hit[]): string {
  return hits.some(({ why }) => why === undefined) ? ' Take it out and send it again.' : '';
}
