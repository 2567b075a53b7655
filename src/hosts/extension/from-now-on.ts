import * as vscode from 'vscode';
import type { ApprovalView } from '../../channel/messages.ts';
import type { AuditEntry } from '../../engine/audit/entry.ts';
import type { EntryDetails } from '../../engine/audit/search.ts';
import type { RuleRef } from '../../engine/decision.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { ProposedAction, ProposedRule } from '../../engine/policy/propose-rule.ts';
import type { RuleEffect } from '../../engine/policy/replay/rule-totals.ts';
import { textOf } from './complaints.ts';
import { labelText } from './label-text.ts';
import type { RuleDesk } from './load-rule-desk.ts';
import { openRule } from './open-rule.ts';
import { pickPolicyFile, textOfTarget } from './policy-target.ts';
import type { ReplayProcess } from './replay-process.ts';
import { reviewInsertion } from './review-insertion.ts';
import { ruleEffectText } from './rule-effect-text.ts';

const verbs: Readonly<Record<ProposedAction, string>> = { allow: 'Allow', deny: 'Deny', require_approval: 'Ask about' };

interface AskedAbout {
  readonly entry: AuditEntry;
  /** The texts of the rules that decided, as far as they are known. */
  readonly rules: EntryDetails['rules'];
  /** Where it is from, for the comment above the rule. */
  readonly from: string;
}

/** Makes "from now on" a rule: proposed, put into a policy file, and left unsaved for the person to look at. */
export class FromNowOn {
  readonly #userPolicies: string;
  readonly #desk: () => Promise<RuleDesk>;
  readonly #replay: ReplayProcess;

  constructor(userPolicies: string, desk: () => Promise<RuleDesk>, replay: ReplayProcess) {
    this.#userPolicies = userPolicies;
    this.#desk = desk;
    this.#replay = replay;
  }

  async propose({ record, rules }: EntryDetails, action: ProposedAction): Promise<void> {
    await this.#propose({ entry: record.entry, rules, from: `entry ${record.seq} of the log` }, action);
  }

  /** About a call that a person is being asked about. What becomes of that very call is another question. */
  async proposeForApproval(approval: ApprovalView): Promise<void> {
    const actions = (['allow', 'deny', 'require_approval'] as const).map((action) => ({ label: `${verbs[action]}…`, action }));
    const chosen = await vscode.window.showQuickPick(actions, { title: 'From now on, what about calls like this one?' });
    if (chosen === undefined) return;
    const { id, askedAt, session, agent, callId, tool, nativeTool, mcpServer, cwd, rules } = approval;
    const about = { session, agent, callId, tool, nativeTool, cwd, rules, ...(mcpServer === undefined ? {} : { mcpServer }) };
    const entry: AuditEntry = { kind: 'approval-asked', time: askedAt, ...about, arguments: approval.arguments };
    await this.#propose({ entry, rules: [], from: `approval ${id}` }, chosen.action);
  }

  async #propose(asked: AskedAbout, action: ProposedAction): Promise<void> {
    const desk = await this.#desk();
    const { entry, from } = asked;
    const proposals = desk.proposalsFor(entry, action);
    if ('why' in proposals) throw new Error(proposals.why.replace(/^./, (first) => first.toLowerCase()));
    if (action === 'allow' && !(await this.#goesOnDespite(asked))) return;
    const proposal = await pickProposal(proposals, action, this.#replay);
    const target = proposal && (await pickPolicyFile(this.#userPolicies, action === 'allow'));
    if (proposal && target) await reviewInsertion(target, desk.withRule(await textOfTarget(target), proposal, target, from));
  }

  /** The strictest rule wins: beside one that denies or asks, a rule that allows changes nothing. The person is told before. */
  async #goesOnDespite({ entry, rules }: AskedAbout): Promise<boolean> {
    const stricter = (entry.rules ?? []).filter(
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

/** Past calls that a rule is held against: what was done last week will be done again. */
const lately = { since: '7d', text: 'the last 7 days' } as const;

interface ProposalItem extends vscode.QuickPickItem {
  readonly proposal: ProposedRule;
}

/** What each would have done to past calls is told as soon as it is known; nobody has to wait for it. */
function pickProposal(
  proposals: readonly ProposedRule[],
  action: ProposedAction,
  replay: ReplayProcess,
): Promise<ProposedRule | undefined> {
  const picker = vscode.window.createQuickPick<ProposalItem>();
  const ending = new AbortController();
  const { promise, resolve } = Promise.withResolvers<ProposedRule | undefined>();
  const items = proposals.map((proposal) => ({ label: `${verbs[action]} ${labelText(proposal.covers)}`, proposal }));
  picker.title = `${verbs[action]} from now on: which calls?`;
  picker.items = items;
  picker.busy = true;
  picker.onDidAccept(() => {
    resolve(picker.selectedItems[0]?.proposal);
    picker.hide();
  });
  picker.onDidHide(() => {
    ending.abort();
    resolve(undefined);
    picker.dispose();
  });
  picker.show();
  void tellEffects(picker, items, action, replay.rules(proposals.map(documentOf), { since: lately.since, signal: ending.signal }));
  return promise;
}

/** A picker without the figures is better than none: why they are missing is said in their place. */
async function tellEffects(
  picker: vscode.QuickPick<ProposalItem>,
  items: readonly ProposalItem[],
  action: ProposedAction,
  told: ReturnType<ReplayProcess['rules']>,
): Promise<void> {
  try {
    const effects = await told;
    const chosen = picker.activeItems[0]?.proposal;
    const known = items.map((item, n) => ({ ...item, detail: effectOf(effects[n], action) }));
    picker.items = known;
    picker.activeItems = known.filter(({ proposal }) => proposal === chosen);
  } catch (cause) {
    picker.placeholder = `How many past calls it is about cannot be told: ${textOf(cause)}`.slice(0, 200);
  }
  picker.busy = false;
}

function effectOf(effect: RuleEffect | undefined, action: ProposedAction): string {
  return effect === undefined ? '' : ruleEffectText(effect, action, lately.text);
}

/** JSON is YAML. */
function documentOf({ rule }: ProposedRule): string {
  return JSON.stringify({ kind: 'ToolPolicy', metadata: { name: 'proposed' }, spec: { rules: [rule] } });
}
