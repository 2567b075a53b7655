import { realpathSync } from 'node:fs';
import * as vscode from 'vscode';
import type { EntryDetails } from '../../engine/audit/search.ts';
import type { RuleRef } from '../../engine/decision.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import { addRule } from '../../engine/policy/add-rule.ts';
import { parsePolicyFile } from '../../engine/policy/parse-file.ts';
import { type ProposedAction, type ProposedRule, proposeRules } from '../../engine/policy/propose-rule.ts';
import { subjectOf } from './call-subject.ts';
import { openRule } from './open-rule.ts';
import { pickPolicyFile, type PolicyTarget, textOfTarget } from './policy-target.ts';
import { reviewInsertion } from './review-insertion.ts';

const verbs: Readonly<Record<ProposedAction, string>> = { allow: 'Allow', deny: 'Deny', require_approval: 'Ask about' };

/** Makes "from now on" a rule: proposed, put into a policy file, and left unsaved for the person to look at. */
export class FromNowOn {
  readonly #userPolicies: string;

  constructor(userPolicies: string) {
    this.#userPolicies = userPolicies;
  }

  async propose(details: EntryDetails, action: ProposedAction): Promise<void> {
    const { entry, seq } = details.record;
    const subject = subjectOf(entry, realPath);
    if (subject === undefined) throw new Error('the entry does not say any more what the call was');
    const proposals = proposeRules(subject, action);
    if ('why' in proposals) throw new Error(proposals.why.replace(/^./, (first) => first.toLowerCase()));
    if (action === 'allow' && !(await goesOnDespite(details))) return;
    const proposal = await pickProposal(proposals, action);
    const target = proposal && (await pickPolicyFile(this.#userPolicies, proposal.rule.action === 'allow'));
    if (proposal && target) await review(target, proposal, seq);
  }
}

async function review(target: PolicyTarget, { rule }: ProposedRule, seq: number): Promise<void> {
  const { file, layer } = target;
  const source = await textOfTarget(target);
  const problem = problemIn(source, target);
  if (source.trim() !== '' && problem !== undefined) throw new Error(`${file} has a problem that must be mended first: ${problem}`);
  const more = rule.commands === undefined ? '' : '; further arguments match as well';
  const added = addRule(source, rule, { name: target.policyName, note: `From entry ${seq} of the log${more}.` });
  const broken = parsePolicyFile({ path: file, layer, source: added.source, trusted: false }).problems[0];
  // Nobody should have to review what cannot work.
  if (broken !== undefined) throw new Error(`the rule cannot be added to ${file}: ${broken.message}`);
  await reviewInsertion(target, added);
}

function problemIn(source: string, { file, layer }: PolicyTarget): string | undefined {
  return parsePolicyFile({ path: file, layer, source, trusted: false }).problems[0]?.message;
}

/** The strictest rule wins: beside one that denies or asks, a rule that allows changes nothing. The person is told before. */
async function goesOnDespite({ record, rules }: EntryDetails): Promise<boolean> {
  const stricter = (record.entry.rules ?? []).filter(
    ({ action, mode }) => mode === 'enforce' && (action === 'deny' || action === 'require_approval'),
  );
  const [first] = stricter;
  if (first === undefined) return true;
  const text = rules.find((one) => one.policy === first.policy && one.rule === first.rule);
  const open = 'Open That Rule';
  const anyway = 'Add the Rule Anyway';
  const pressed = await vscode.window.showWarningMessage(
    'A rule that allows will not be enough.',
    { modal: true, detail: stricterDetail(first, stricter.length) },
    ...(text === undefined ? [anyway] : [open, anyway]),
  );
  if (pressed === open) await openRule(text);
  return pressed === anyway;
}

function stricterDetail({ policy, rule, action }: RuleRef, count: number): string {
  const name = visibleText(`${policy}/${rule}`);
  const others = count > 1 ? ` (and ${count - 1} more)` : '';
  const says = action === 'deny' ? 'denies' : 'asks about';
  return `${name}${others} ${says} this call, and the strictest rule wins. Change that rule, or exempt it in a policy of yours; a rule that allows takes effect once nothing stricter matches.`;
}

async function pickProposal(proposals: readonly ProposedRule[], action: ProposedAction): Promise<ProposedRule | undefined> {
  const items = proposals.map((proposal) => ({ label: `${verbs[action]} ${shown(proposal.covers)}`, proposal }));
  return (await vscode.window.showQuickPick(items, { title: `${verbs[action]} from now on: which calls?` }))?.proposal;
}

/** A picker would draw `$(check)` as an icon. */
function shown(text: string): string {
  return visibleText(text)
    .replaceAll('\n', ' ')
    .replaceAll('$(', String.raw`\$(`)
    .slice(0, 300);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // What is not there any more is named as it was.
    return path;
  }
}
