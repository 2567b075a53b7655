import type { RuleSource, TestCall } from '../schema.ts';
import { proposeRules } from '../propose-rule.ts';
import { testRequest } from '../test-request.ts';
import { commandDrafts, type NeedsCare } from './commands.ts';
import { type Draft, Names, Trial } from './draft.ts';
import type { SeenCall } from './seen-calls.ts';
import { toolDrafts } from './tools.ts';

/** A rule with what speaks for it: calls of the log that it allows (or, of a rule that denies, that a person refused). */
export interface SuggestedRule {
  readonly rule: RuleSource;
  readonly uses: ReadonlyMap<string, number>;
  readonly evidence: readonly SeenCall[];
}

export interface Suggestion {
  readonly rules: readonly SuggestedRule[];
  /** Calls that ran and that no rule of it allows: the default speaks about them. */
  readonly left: readonly SeenCall[];
  /** Calls that were refused at least once. None of them is allowed. */
  readonly refused: readonly SeenCall[];
}

/** At most so many rules for what people refused. */
const mostDenials = 30;

/**
 * The least policy that allows what ran: by subcommand, folder, host and tool, wherever several calls have that in common and none that was
 * refused does. Rules that would let a refused call pass are narrowed, or left out.
 */
export function suggestPolicy(seen: readonly SeenCall[], needsCare: NeedsCare): Suggestion {
  const refused = seen.filter((one) => one.refused > 0);
  const ran = seen.filter((one) => one.refused === 0 && one.ran > 0);
  const isShell = ({ call }: SeenCall): boolean => call.command !== undefined;
  const lines = ran.filter((one) => isShell(one) && one.call.nativeTool !== 'PowerShell');
  const shell = commandDrafts(lines, refused, needsCare);
  const tools = toolDrafts(
    ran.filter((one) => !isShell(one)),
    refused,
  );
  const names = new Names();
  const named = [...shell.drafts, ...tools].map(({ rule, uses }) => ({ rule: { ...rule, name: names.free(rule.name) }, uses }));
  const allowing = withoutRefused(named, refused);
  const { rules, left } = withEvidence(allowing, ran);
  return { rules: [...rules, ...denials(refused, names)], left, refused };
}

function withoutRefused(drafts: readonly Draft[], refused: readonly SeenCall[]): readonly Draft[] {
  return drafts.filter(({ rule }) => {
    const trial = new Trial([rule]);
    return !refused.some(({ call }) => trial.allows(call));
  });
}

function withEvidence(drafts: readonly Draft[], ran: readonly SeenCall[]): Pick<Suggestion, 'rules' | 'left'> {
  const trial = new Trial(drafts.map(({ rule }) => rule));
  const evidence = new Map<string, SeenCall[]>();
  const left: SeenCall[] = [];
  for (const seen of ran) {
    const { action, rules } = trial.decide(seen.call);
    if (action !== 'allow') left.push(seen);
    else for (const rule of rules) evidence.set(rule, [...(evidence.get(rule) ?? []), seen]);
  }
  const rules = drafts.map(({ rule, uses }) => ({ rule, uses, evidence: evidence.get(rule.name) ?? [] }));
  return { rules: rules.filter((one) => one.evidence.length > 0), left };
}

/** What people refused stays refused, by the narrowest rule, as long as that refuses nothing that ran. */
function denials(refused: readonly SeenCall[], names: Names): readonly SuggestedRule[] {
  const byPerson = refused.filter(({ refusedByPerson, ran }) => refusedByPerson > 0 && ran === 0);
  return byPerson.slice(0, mostDenials).flatMap((seen) => {
    const proposals = proposeRules(subjectOf(seen.call), 'deny');
    const first = 'why' in proposals ? undefined : proposals[0];
    if (first === undefined) return [];
    const rule: RuleSource = { ...first.rule, name: names.free(first.rule.name), message: 'A person refused this before.' };
    return [{ rule, uses: new Map(), evidence: [seen] }];
  });
}

function subjectOf(call: TestCall) {
  const { call: made, paths } = testRequest(call);
  return { ...made, paths };
}
