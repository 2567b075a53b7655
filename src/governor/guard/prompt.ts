import type { HookEvent } from '../../agents/agent.ts';
import type { RuleRef } from '../../engine/decision.ts';
import type { JsonObject } from '../../engine/json.ts';
import { effectOf, rulesOf, sentenceOn } from '../../engine/guardrail/policy/verdict.ts';
import type { Office } from '../office.ts';
import { findingsDetail } from './findings.ts';
import { look } from './look.ts';

export interface GuardedPrompt {
  readonly detail: JsonObject;
  readonly rules: readonly RuleRef[];
  /** Why the prompt must not be sent; for the person who typed it. */
  readonly refusal?: string;
}

/** What guardrails say about a prompt. Agents let a prompt be blocked, and not be changed. Throws where it cannot be looked at. */
export function guardPrompt(office: Office, { origin, text }: Extract<HookEvent, { readonly kind: 'prompt' }>): GuardedPrompt {
  const hits = look(office, office.ports.policies.inForce(origin.cwd), 'prompt', origin, text);
  const stopping = hits.filter((hit) => effectOf(hit, 'prompt', false) === 'refuse');
  return {
    detail: findingsDetail(hits, (hit) => effectOf(hit, 'prompt', false)),
    rules: rulesOf(hits, 'deny'),
    ...(stopping.length === 0 ? {} : { refusal: `${sentenceOn(stopping)} The prompt was not sent. Take it out and send it again.` }),
  };
}
