import type { Action, Decision, Exemption, Layer, Mode } from '../decision.ts';
import type { RateUsage, Request } from '../request.ts';
import { combine, faultDecision, findingsOf, judgeAll } from './decide.ts';
import type { DocumentResult, Finding } from './judge.ts';
import { modeOf, type PolicySet } from './policy-set.ts';

/** One rule of a document in scope, and why it spoke or did not. */
export interface Considered {
  readonly policy: string;
  readonly rule: string;
  readonly layer: Layer;
  readonly mode: Mode;
  /** What the rule says where it matched, else what it would have said. */
  readonly action: Action;
  readonly matched: boolean;
  /** The reason of a rule that matched; of another, which matcher or condition said no. */
  readonly why: string;
  readonly exemption?: Exemption;
}

export interface Explanation {
  readonly decision: Decision;
  readonly considered: readonly Considered[];
}

/** The decision, with every rule of every document in scope. Never throws. */
export function explain(set: PolicySet, request: Request, usage: RateUsage): Explanation {
  try {
    const judged = judgeAll(set, request, usage);
    return { decision: combine(findingsOf(judged)), considered: [...judged.broken.map(spoken), ...judged.results.flatMap(rulesOf)] };
  } catch (cause) {
    return { decision: faultDecision(cause), considered: [] };
  }
}

function rulesOf({ file, document, rules, fallback }: DocumentResult): readonly Considered[] {
  const own = rules.map((result): Considered =>
    'finding' in result
      ? spoken(result.finding)
      : {
          policy: document.name,
          rule: result.rule.name,
          layer: file.layer,
          mode: modeOf(file, document),
          action: result.rule.action,
          matched: false,
          why: result.passed,
        },
  );
  return fallback === undefined ? own : [...own, spoken(fallback)];
}

function spoken({ ref, reason }: Finding): Considered {
  const { policy, rule, layer, mode, action, exemption } = ref;
  return { policy, rule, layer, mode, action, matched: true, why: reason, ...(exemption === undefined ? {} : { exemption }) };
}
