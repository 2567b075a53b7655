import { realpathSync } from 'node:fs';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import type { RuleText } from '../../engine/audit/search.ts';
import { findingOf, type LoggedFinding, whoMayAllow, whyNobodyMay } from '../../engine/guardrail/policy/false-positive.ts';
import { addRule, type WithRule } from '../../engine/policy/add-rule.ts';
import { parsePolicyFile } from '../../engine/policy/parse-file.ts';
import { type ProposedAction, type Proposals, type ProposedRule, proposeRules } from '../../engine/policy/propose-rule.ts';
import { setMode, type TextChange } from '../../engine/policy/set-mode.ts';
import type { Mode } from '../../engine/decision.ts';
import { subjectOf } from './call-subject.ts';
import type { PolicyTarget } from './policy-target.ts';

// What the window needs of the engine, for rules. A bundle of its own, which shares its pieces with the governor's: see load-rule-desk.ts.

export function proposalsFor(entry: AuditEntry, action: ProposedAction): Proposals {
  const subject = subjectOf(entry, realPath);
  return subject === undefined ? { why: 'The entry does not say any more what the call was' } : proposeRules(subject, action);
}

/** The policy's text with the rule in it, and a comment that says where it is `from`. Throws where that could not be in force: nobody should have to review it. */
export function withRule(source: string, { rule }: ProposedRule, { file, layer, policyName }: PolicyTarget, from: string): WithRule {
  const problemIn = (text: string): string | undefined =>
    parsePolicyFile({ path: file, layer, source: text, trusted: false }).problems[0]?.message;
  const before = source.trim() === '' ? undefined : problemIn(source);
  if (before !== undefined) throw new Error(`${file} has a problem that must be mended first: ${before}`);
  const more = rule.commands === undefined ? '' : '; further arguments match as well';
  const added = addRule(source, rule, { name: policyName, note: `From ${from}${more}.` });
  const after = problemIn(added.source);
  if (after !== undefined) throw new Error(`the rule cannot be added to ${file}: ${after}`);
  return added;
}

/** Where a rule stands in a policy's text now, counted from 1. */
export function lineOfRule(source: string, { file, policy, rule }: RuleText): number | undefined {
  const { documents } = parsePolicyFile({ path: file, layer: 'user', source, trusted: false, lazily: true });
  return documents.find(({ name }) => name === policy)?.rules.find(({ name }) => name === rule)?.position.line;
}

/** The policy's text with another mode for one of its policies. Throws where that could not be in force. */
export function withMode(source: string, policy: string, mode: Mode): TextChange {
  const change = setMode(source, policy, mode);
  if (change === undefined)
    throw new Error('its policy is not written in a way that can be changed here; write "mode" into its "spec" by hand');
  const { documents, budgets, guardrails, artifacts } = parsePolicyFile({
    path: '',
    layer: 'user',
    source: change.source,
    trusted: false,
    lazily: true,
  });
  if (![...documents, ...budgets, ...guardrails, ...artifacts].some((one) => one.name === policy && one.mode === mode))
    throw new Error('its file has a problem that must be mended first');
  return change;
}

/** What a guardrail found, of an entry. Throws where nobody's own file can say that it is none. */
export function findingIn(entry: AuditEntry, index: number): LoggedFinding {
  const found = findingOf(entry, index);
  const why = whyNobodyMay(found);
  if (why !== undefined) throw new Error(why);
  return found;
}

/** Which guardrails of a file would make a difference to it by what they allow. */
export function guardrailsThatMay(
  { file, layer, source }: Pick<PolicyTarget, 'file' | 'layer'> & { readonly source: string },
  entry: AuditEntry,
  found: LoggedFinding,
): readonly string[] {
  return whoMayAllow(parsePolicyFile({ path: file, layer, source, trusted: false, lazily: true }), entry, found);
}

export { ownAllowing, withAllowed } from '../../engine/guardrail/policy/false-positive.ts';

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // What is not there any more is named as it was.
    return path;
  }
}
