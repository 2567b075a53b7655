import { constantFinder } from '../../cel/constant.ts';
import { treeReader } from '../../cel/tree.ts';
import { readYaml } from '../yaml-source.ts';
import type { PolicyFile } from '../policy-set.ts';
import { unreachableApprovers } from './approvers.ts';
import { destructiveApprovals } from './auto-approve.ts';
import { conditionFindings } from './conditions.ts';
import { contradictions } from './contradictions.ts';
import { exemptionFindings } from './exemptions.ts';
import type { Expressions, Linted, LintContext, LintedRule, LintFinding } from './finding.ts';
import { guardrailFindings } from './guardrails.ts';
import { patternFindings } from './patterns.ts';
import { shadowedRules } from './shadowed.ts';
import { globsWithoutFiles } from './workspace-globs.ts';

const ruleChecks: readonly ((rule: LintedRule) => readonly LintFinding[])[] = [
  patternFindings,
  contradictions,
  conditionFindings,
  unreachableApprovers,
  destructiveApprovals,
  globsWithoutFiles,
];

/**
 * What is hardly meant in a policy file, in the order of its text. Nothing of a file with problems: those come first. It reads nothing
 * but what it is given, and never throws for what a policy says.
 */
export function lintFile(file: PolicyFile, context: LintContext): readonly LintFinding[] {
  if (file.problems.length > 0 || file.documents.length + file.guardrails.length === 0) return [];
  const expressions: Expressions = { constantOf: constantFinder(), treeOf: treeReader() };
  const all = readYaml(file.source).documents;
  const written = all.filter(({ value }) => isToolPolicy(value));
  const ofRules = file.documents.flatMap((document, index): readonly LintFinding[] => {
    const yaml = written[index];
    return yaml === undefined ? [] : lintDocument({ file, document, yaml, context, expressions });
  });
  const found = [...ofRules, ...(file.guardrails.length === 0 ? [] : guardrailFindings(file, all))];
  return withoutEchoes(found).toSorted((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
}

/** What never matches anything matches nothing here, either: once is enough. */
function withoutEchoes(found: readonly LintFinding[]): readonly LintFinding[] {
  const warned = new Set(found.filter(({ severity }) => severity === 'warning').map(({ position }) => JSON.stringify(position)));
  return found.filter(({ severity, position }) => severity === 'warning' || !warned.has(JSON.stringify(position)));
}

function lintDocument(linted: Linted): readonly LintFinding[] {
  const rules = linted.document.rules.map((rule, index): LintedRule => ({ ...linted, rule, path: ['spec', 'rules', index] }));
  return [
    ...exemptionFindings(linted),
    ...shadowedRules(linted, rules),
    ...rules.flatMap((rule) => ruleChecks.flatMap((check) => check(rule))),
  ];
}

function isToolPolicy(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'ToolPolicy';
}
