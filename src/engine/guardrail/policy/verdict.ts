import type { Action, Decision, RuleRef } from '../../decision.ts';
import { combine } from '../../policy/decide.ts';
import type { Finding } from '../../policy/judge.ts';
import { modeOf } from '../../policy/policy-set.ts';
import type { DetectorName } from '../finding.ts';
import { labelOf } from '../kinds.ts';
import type { GuardedPlace } from './document.ts';
import { notScanned, type Hit } from './inspect.ts';
import { isEnforced, isReview } from './watches.ts';

/** What is done because of a find. `redact`: it is taken out; `withhold`: so is all of its text; `ask` and `refuse` are about the whole. */
export type Effect = 'none' | 'redact' | 'withhold' | 'ask' | 'refuse';

/** `canRewrite`: the arguments of a call can be replaced before it runs. */
export function effectOf(hit: Hit, place: GuardedPlace, canRewrite: boolean): Effect {
  if (!isEnforced(hit.watch) || hit.action === 'alert') return 'none';
  switch (place) {
    case 'prompt':
      // The agent lets a prompt be blocked, and nothing else.
      return 'refuse';
    case 'output':
      // A review does not say which part of a text it means.
      return (hit.action === 'deny' || isReview(hit.watch)) && hit.kind !== notScanned ? 'withhold' : 'redact';
    case 'input':
      if (hit.action === 'require_approval') return 'ask';
      return hit.action === 'redact' && canRewrite && mayRewrite(hit) ? 'redact' : 'refuse';
  }
}

/** What a repository brings must not make another call of one that was judged; and a call cut short is another one. */
function mayRewrite({ watch, kind }: Hit): boolean {
  return watch.file.layer !== 'workspace' && kind !== notScanned;
}

/** What guardrails say about a call by its arguments, as one decision. */
export function decisionOn(hits: readonly Hit[], canRewrite: boolean): Decision {
  const groups = Map.groupBy(hits, ({ watch }) => watch);
  const findings = [...groups].flatMap(([watch, found]) =>
    [...Map.groupBy(found, (hit) => actionOf(hit, canRewrite))].map(([action, same]): Finding => {
      const reason = action === 'abstain' ? '' : `${sentenceOn(same)} ${adviceOn(same, action)}`.trim();
      return { ref: { ...refOf(watch), action }, reason, terms: {}, autoApprove: false, redact: [] };
    }),
  );
  return combine(findings);
}

/** The rules behind finds, each once. */
export function rulesOf(hits: readonly Hit[], action: Action): readonly RuleRef[] {
  return [...new Set(hits.map(({ watch }) => watch))].map((watch) => ({ ...refOf(watch), action }));
}

/** `Guardrail "no-secrets" found a GitHub token in $.command.` */
export function sentenceOn(hits: readonly Hit[]): string {
  const [first] = hits;
  if (first === undefined) return '';
  if (first.why !== undefined) return `Guardrail "${first.watch.document.name}" could not have this reviewed: ${first.why}.`;
  const what = [...new Set(hits.map(({ kind, path }) => `${labelOfKind(kind)}${path === '$' ? '' : ` in ${path}`}`))];
  const more = what.length > 3 ? ` and ${what.length - 3} more` : '';
  return `Guardrail "${first.watch.document.name}" found ${what.slice(0, 3).join(', ')}${more}.`;
}

function adviceOn(hits: readonly Hit[], action: 'deny' | 'require_approval'): string {
  if (action === 'require_approval') return 'A person has to approve the call.';
  if (hits.some(({ watch }) => !isReview(watch)))
    return 'Make the call without it; a program can read a secret from a file or the environment.';
  return hits.some(({ why }) => why === undefined) ? 'Make the call without it.' : '';
}

/** What a find makes of a call. */
export function actionOf(hit: Hit, canRewrite: boolean): 'deny' | 'require_approval' | 'abstain' {
  if (hit.action === 'alert') return 'abstain';
  // What only watches says what it would do.
  if (!isEnforced(hit.watch)) return hit.action === 'redact' ? 'abstain' : hit.action;
  const effect = effectOf(hit, 'input', canRewrite);
  return effect === 'refuse' ? 'deny' : effect === 'ask' ? 'require_approval' : 'abstain';
}

function refOf({ file, document, detection, exemption }: Hit['watch']): Omit<RuleRef, 'action'> {
  return {
    policy: document.name,
    rule: detection.name,
    layer: file.layer,
    digest: file.digest,
    mode: modeOf(file, document),
    ...(exemption === undefined ? {} : { exemption }),
  };
}

function labelOfKind(kind: string): string {
  if (kind === notScanned) return 'more text than can be looked through';
  const [detector, name = ''] = kind.split('/');
  if (detector === 'review') return `what its review "${name}" is about`;
  const known = detectors.find((one) => one === detector);
  const label = known === undefined ? (name === '' ? detector : `"${name}"`) : labelOf(known, name);
  return `${/^[aeiou]/i.test(label ?? '') ? 'an' : 'a'} ${label}`;
}

const detectors: readonly DetectorName[] = ['secret', 'pii', 'prompt-injection', 'exfiltration'];
