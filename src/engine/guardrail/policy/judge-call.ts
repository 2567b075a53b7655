import type { Decision } from '../../decision.ts';
import { decide, faultDecision } from '../../policy/decide.ts';
import type { PolicySet } from '../../policy/policy-set.ts';
import { toolNamesOf } from '../../policy/subject.ts';
import { together } from '../../policy/together.ts';
import type { RateUsage, Request } from '../../request.ts';
import { inspect, type Hit } from './inspect.ts';
import { leavesOf } from './strings.ts';
import { decisionOn } from './verdict.ts';
import { hasGuardrails, type Watch, watchesOver } from './watches.ts';

/** What the log of this machine has as "hash" of a text. Where that is not known, nothing is allowed by its fingerprint. */
export type Fingerprint = (found: string) => string;
export const unknownFingerprint: Fingerprint = () => '';

/** What guardrails find in the arguments of a call. */
export interface GuardedCall {
  readonly watches: readonly Watch[];
  readonly hits: readonly Hit[];
  readonly decision: Decision;
}

/**
 * Guardrails over the arguments of a call, outside the governor: for people who ask what would be. Of a call that would get other
 * arguments, only this one is judged.
 */
export function judgeArguments(set: PolicySet, request: Request, fingerprint: Fingerprint): GuardedCall | undefined {
  if (!hasGuardrails(set)) return undefined;
  const { call } = request;
  const watches = watchesOver(set, {
    place: 'input',
    who: call,
    tools: toolNamesOf(call),
    // Asked only where an exemption ends.
    get time() {
      return request.time;
    },
  });
  const hits = watches.length === 0 ? [] : inspect(watches, leavesOf(call.arguments), fingerprint);
  return { watches, hits, decision: decisionOn(hits, true) };
}

/** What every policy in force says about a call, guardrails over its arguments included. Never throws. */
export function decideGuarded(set: PolicySet, request: Request, usage: RateUsage, fingerprint: Fingerprint): Decision {
  try {
    return withGuardrails(decide(set, request, usage), judgeArguments(set, request, fingerprint));
  } catch (cause) {
    return faultDecision(cause);
  }
}

export function withGuardrails(decision: Decision, guarded: GuardedCall | undefined): Decision {
  return guarded === undefined || guarded.hits.length === 0 ? decision : together(decision, guarded.decision);
}
