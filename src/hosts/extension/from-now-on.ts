import * as vscode from 'vscode';
import type { EntryDetails } from '../../engine/audit/search.ts';
import type { RuleRef } from '../../engine/decision.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { ProposedAction, ProposedRule } from '../../engine/policy/propose-rule.ts';
import type { RuleDesk } from './load-rule-desk.ts';
import { openRule } from './open-rule.ts';
import { pickPolicyFile, textOfTarget } from './policy-target.ts';
import { reviewInsertion } from './review-insertion.ts';

const verbs: Readonly<Record<ProposedAction, string>> = { allow: 'Allow', deny: 'Deny', require_approval: 'Ask about' };

/** Makes "from now on" a rule: proposed, put into a policy file, and left unsaved for the person to look at. */
export class FromNowOn {
  readonly #userPolicies: string;
  readonly #desk: () => Promise<RuleDesk>;

  constructor(userPolicies: string, desk: () => Promise<RuleDesk>) {
    this.#userPolicies = userPolicies;
    this.#desk = desk;
  }

  async propose(details: EntryDetails, action: ProposedAction): Promise<void> {
    const desk = await this.#desk();
    const { entry, seq } = details.record;
    const proposals = desk.proposalsFor(entry, action);
    if ('why' in proposals) throw new Error(proposals.why.replace(/^./, (first) => first.toLowerCase()));
    if (action === 'allow' && !(await this.#goesOnDespite(details))) return;
    const proposal = await pickProposal(proposals, action);
    const target = proposal && (await pickPolicyFile(this.#userPolicies, action === 'allow'));
    if (proposal && target) await reviewInsertion(target, desk.withRule(await textOfTarget(target), proposal, target, seq));
  }

  /** The strictest rule wins: beside one that denies or asks, a rule that allows changes nothing. The person is told before. */
  async #goesOnDespite({ record, rules }: EntryDetails): Promise<boolean> {
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
    if (pressed === open) await openRule(text, this.#desk);
    return pressed === anyway;
  }
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
