import { artifactPolicy, type ArtifactPolicySource } from '../artifact/schema.ts';
import { budgetPolicy, type BudgetPolicySource } from '../budget/schema.ts';
import type { Action } from '../decision.ts';
import { guardrailPolicy, type GuardrailPolicySource } from '../guardrail/policy/schema.ts';
import { isSame, joined, listReach, ruleEffect, strictness, together, type Effect } from './rule-difference.ts';
import { type RuleSource, toolPolicy, type ToolPolicySource } from './schema.ts';
import { readYaml } from './yaml-source.ts';

export type ChangeKind =
  | 'rule-tightened'
  | 'rule-loosened'
  | 'rule-changed'
  | 'rule-added'
  | 'rule-removed'
  | 'auto-approve-added'
  | 'auto-approve-removed'
  | 'exemption-added'
  | 'exemption-removed'
  | 'policy-tightened'
  | 'policy-loosened'
  | 'policy-changed'
  | 'policy-added'
  | 'policy-removed'
  | 'wording';

/** One thing that is different between two versions of a policy file. */
export interface Change {
  readonly kind: ChangeKind;
  /** The rule, the policy or the exemption. Whoever wrote the file chose it. */
  readonly name: string;
}

type AnyPolicy = ToolPolicySource | BudgetPolicySource | GuardrailPolicySource | ArtifactPolicySource;

/**
 * What is different, policy by policy and rule by rule; an empty text has none of either. `undefined` where one of them cannot be read
 * as a policy file: then nothing can be said of it.
 */
export function policyDifference(before: string, after: string): readonly Change[] | undefined {
  const [old, fresh] = [policiesIn(before), policiesIn(after)];
  if (old === undefined || fresh === undefined) return undefined;
  return [
    ...old
      .filter((one) => namesake(one, fresh) === undefined)
      .map(({ metadata }): Change => ({ kind: 'policy-removed', name: metadata.name })),
    ...fresh.flatMap((one) => {
      const known = namesake(one, old);
      return known === undefined ? added(one) : policyChanges(known, one);
    }),
  ];
}

function policiesIn(source: string): readonly AnyPolicy[] | undefined {
  const { documents, problems } = readYaml(source);
  if (problems.length > 0) return undefined;
  const read = documents.map(({ value }) => {
    const tools = toolPolicy.safeParse(value);
    return tools.success
      ? tools.data
      : (budgetPolicy.safeParse(value).data ?? guardrailPolicy.safeParse(value).data ?? artifactPolicy.safeParse(value).data);
  });
  return read.every((one) => one !== undefined) ? read : undefined;
}

function namesake({ kind, metadata }: AnyPolicy, among: readonly AnyPolicy[]): AnyPolicy | undefined {
  return among.find((one) => one.kind === kind && one.metadata.name === metadata.name);
}

/** What makes an agent freer is named by itself. */
function added(policy: AnyPolicy): readonly Change[] {
  const change: Change = { kind: 'policy-added', name: policy.metadata.name };
  if (policy.kind !== 'ToolPolicy') return [change];
  const free = (policy.spec.rules ?? []).filter(({ autoApprove }) => autoApprove === true);
  return [change, ...free.map(({ name }): Change => ({ kind: 'auto-approve-added', name })), ...exemptionChanges(undefined, policy)];
}

function policyChanges(before: AnyPolicy, after: AnyPolicy): readonly Change[] {
  const { name } = after.metadata;
  if (before.kind === 'ToolPolicy' && after.kind === 'ToolPolicy') return toolPolicyChanges(before, after);
  const { mode: oldMode, ...old } = before.spec;
  const { mode, ...fresh } = after.spec;
  const effect = together([modeEffect(oldMode, mode), isSame(old, fresh) ? 'same' : 'changed']);
  return [...ofPolicy(effect, name), ...wording(isSame(before.metadata, after.metadata), name)];
}

function toolPolicyChanges(before: ToolPolicySource, after: ToolPolicySource): readonly Change[] {
  const { name } = after.metadata;
  const [old, fresh] = [before.spec.rules ?? [], after.spec.rules ?? []];
  return [
    ...ofPolicy(specEffect(before.spec, after.spec), name),
    ...exemptionChanges(before, after),
    ...old
      .filter((rule) => !fresh.some((one) => one.name === rule.name))
      .map((rule): Change => ({ kind: 'rule-removed', name: rule.name })),
    ...fresh.flatMap((rule) => {
      const known = old.find((one) => one.name === rule.name);
      return known === undefined ? addedRule(rule) : ruleChanges(known, rule);
    }),
    ...wording(isSame(before.metadata, after.metadata), name),
  ];
}

function addedRule({ name, autoApprove }: RuleSource): readonly Change[] {
  return [{ kind: 'rule-added', name }, ...(autoApprove === true ? [{ kind: 'auto-approve-added', name } as const] : [])];
}

function ruleChanges(before: RuleSource, after: RuleSource): readonly Change[] {
  const { name } = after;
  const effect = ruleEffect(before, after);
  const [wasFree, isFree] = [before.autoApprove === true, after.autoApprove === true];
  const found: readonly Change[] = [
    ...(effect === 'same' ? [] : [{ kind: `rule-${effect}`, name } as const]),
    ...(wasFree === isFree ? [] : [{ kind: isFree ? 'auto-approve-added' : 'auto-approve-removed', name } as const]),
  ];
  return found.length > 0 ? found : wording(isSame(before, after), name);
}

type ToolSpec = ToolPolicySource['spec'];

function specEffect(before: ToolSpec, after: ToolSpec): Effect {
  const reach = joined([listReach(before.agent, after.agent), listReach(before.mcpServer, after.mcpServer)]);
  // Whoever is out of a policy's scope is stopped by none of its rules, and freed by none.
  const restricts = [before, after].every(({ rules = [], defaultAction = 'abstain' }) =>
    [defaultAction, ...rules.map(({ action }) => action)].some((action) => strictness(action) > 0),
  );
  return together([
    modeEffect(before.mode, after.mode),
    defaultEffect(before.defaultAction, after.defaultAction),
    reach === 'same' ? 'same' : reach === 'other' || !restricts ? 'changed' : reach === 'wider' ? 'tightened' : 'loosened',
    listEffect(before.packs ?? [], after.packs ?? []),
    step(before.unknownPrograms ?? 'match', after.unknownPrograms ?? 'match', ['ignore', 'match']),
    step(before.onUngoverned ?? 'alert', after.onUngoverned ?? 'alert', ['alert', 'kill']),
  ]);
}

function modeEffect(before = 'enforce', after = 'enforce'): Effect {
  return step(before, after, ['observe', 'enforce']);
}

function defaultEffect(before: Action = 'abstain', after: Action = 'abstain'): Effect {
  const [old, fresh] = [strictness(before), strictness(after)];
  if (old !== fresh) return fresh > old ? 'tightened' : 'loosened';
  return before === after ? 'same' : 'changed';
}

/** Packs only tighten. */
function listEffect(before: readonly string[], after: readonly string[]): Effect {
  const reach = before.length === 0 && after.length === 0 ? 'same' : listReach(before, after);
  return reach === 'same' ? 'same' : reach === 'other' ? 'changed' : reach === 'wider' ? 'tightened' : 'loosened';
}

function step(before: string, after: string, order: readonly string[]): Effect {
  const by = order.indexOf(after) - order.indexOf(before);
  return by === 0 ? 'same' : by > 0 ? 'tightened' : 'loosened';
}

function exemptionChanges(before: ToolPolicySource | undefined, after: ToolPolicySource): readonly Change[] {
  const [old, fresh] = [before?.exempt ?? [], after.exempt ?? []];
  const change =
    (kind: ChangeKind) =>
    (one: { readonly rule: string }): Change => ({ kind, name: one.rule });
  return [
    ...fresh.filter((one) => !old.some((known) => isSame(known, one))).map(change('exemption-added')),
    ...old.filter((one) => !fresh.some((known) => isSame(known, one))).map(change('exemption-removed')),
  ];
}

function ofPolicy(effect: Effect, name: string): readonly Change[] {
  return effect === 'same' ? [] : [{ kind: `policy-${effect}`, name }];
}

function wording(same: boolean, name: string): readonly Change[] {
  return same ? [] : [{ kind: 'wording', name }];
}
