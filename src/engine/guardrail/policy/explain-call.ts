import { isStricter, type Action } from '../../decision.ts';
import { faultDecision } from '../../policy/decide.ts';
import { explain, type Considered, type Explanation } from '../../policy/explain.ts';
import { modeOf, type PolicySet } from '../../policy/policy-set.ts';
import { explainSteps, type DocumentSteps, type Explained, type RuleSteps } from '../../policy/steps.ts';
import type { RateUsage, Request } from '../../request.ts';
import type { Hit } from './inspect.ts';
import { type Fingerprint, type GuardedCall, judgeArguments, withGuardrails } from './judge-call.ts';
import { actionOf, sentenceOn } from './verdict.ts';
import { isReview, type Watch } from './watches.ts';

/** The decision with every rule in scope, and every detection that looked through the arguments. Never throws. */
export function explainGuarded(
  set: PolicySet,
  request: Request,
  usage: RateUsage,
  fingerprint: Fingerprint,
): Explanation & { readonly hits: readonly Hit[] } {
  const { decision, considered } = explain(set, request, usage);
  try {
    const guarded = judgeArguments(set, request, fingerprint);
    const more = (guarded?.watches ?? []).map((watch) => consideredBy(watch, hitsOf(guarded, watch)));
    return { decision: withGuardrails(decision, guarded), considered: [...considered, ...more], hits: guarded?.hits ?? [] };
  } catch (cause) {
    return { decision: faultDecision(cause), considered, hits: [] };
  }
}

/** The decision, and every document step by step, guardrails among them. Never throws. */
export function explainStepsGuarded(set: PolicySet, request: Request, usage: RateUsage, fingerprint: Fingerprint): Explained {
  const explained = explainSteps(set, request, usage);
  try {
    const guarded = judgeArguments(set, request, fingerprint);
    const { decision, documents } = explained;
    return { ...explained, decision: withGuardrails(decision, guarded), documents: [...documents, ...documentsOf(guarded)] };
  } catch (cause) {
    return { ...explained, decision: faultDecision(cause) };
  }
}

function consideredBy(watch: Watch, hits: readonly Hit[]): Considered {
  const { file, document, detection, exemption } = watch;
  return {
    policy: document.name,
    layer: file.layer,
    mode: modeOf(file, document),
    rule: detection.name,
    action: strictest(hits),
    matched: hits.length > 0,
    why: whyOf(watch, hits),
    ...(exemption === undefined ? {} : { exemption }),
  };
}

function documentsOf(guarded: GuardedCall | undefined): readonly DocumentSteps[] {
  const documents = Map.groupBy(guarded?.watches ?? [], ({ document }) => document);
  return [...documents].flatMap(([document, watches]): readonly DocumentSteps[] => {
    const [first] = watches;
    if (first === undefined) return [];
    const { path, layer } = first.file;
    const rules = watches.map((watch) => detectionSteps(watch, hitsOf(guarded, watch)));
    return [{ policy: document.name, file: path, layer, mode: modeOf(first.file, document), inScope: true, scope: [], rules }];
  });
}

function detectionSteps(watch: Watch, hits: readonly Hit[]): RuleSteps {
  const { document, detection, exemption } = watch;
  return {
    rule: detection.name,
    action: strictest(hits),
    matched: hits.length > 0,
    why: whyOf(watch, hits),
    ...(exemption === undefined ? {} : { exempted: exemption.reason }),
    // What was found, and never its value.
    steps: [...new Set(hits.map(({ kind, path, action }) => `${kind} in ${path}: ${action}`))].map((wants) => ({
      field: 'detect',
      wants,
      result: 'holds',
    })),
    line: document.position.line,
  };
}

function hitsOf(guarded: GuardedCall | undefined, watch: Watch): readonly Hit[] {
  return (guarded?.hits ?? []).filter((hit) => hit.watch === watch);
}

/** What is only recorded or taken out leaves the call to others. */
function strictest(hits: readonly Hit[]): Action {
  return hits.map((hit) => actionOf(hit, true)).reduce<Action>((most, one) => (isStricter(one, most) ? one : most), 'abstain');
}

function whyOf(watch: Watch, hits: readonly Hit[]): string {
  if (isReview(watch)) return 'it asks a model, and nobody is asked here';
  return hits.length === 0 ? 'it found nothing in the arguments' : sentenceOn(hits);
}
