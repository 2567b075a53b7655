import type { ASTNode } from '@marcbachmann/cel-js';
import { conjuncts, memberPath, textOf } from '../../cel/tree.ts';
import { canonicalTools } from '../../tool-call.ts';
import { compileGlob } from '../glob.ts';
import { finding, findingIn, listOf, patternsAt, type LintedRule, type LintFinding, type Path } from './finding.ts';

/** Fields of a rule that cannot hold at once. */
export function contradictions(linted: LintedRule): readonly LintFinding[] {
  return [...toolsOutsideOfScope(linted), ...commandsOfNoTool(linted), ...excludedBySelf(linted), ...factsAtOdds(linted)];
}

function toolsOutsideOfScope(linted: LintedRule): readonly LintFinding[] {
  const servers = serversOf(linted);
  if (servers === undefined) return [];
  return patternsAt(linted.rule.source.tools, [...linted.path, 'tools']).flatMap(({ text, path }) => {
    const [server = '', tool] = text.split('/');
    if (tool === undefined || /[*?[{\\]/.test(server) || servers.some((glob) => compileGlob(glob)(server))) return [];
    return [finding(linted, 'never-matches', path, `This never matches: the policy is about the server ${servers.join(', ')} only`)];
  });
}

/** `undefined` where the policy is about every server and every built-in tool. */
function serversOf({ yaml, document }: LintedRule): readonly string[] | undefined {
  if (!document.scope.some(({ field }) => field === 'mcpServer')) return undefined;
  const { value } = yaml;
  const spec: unknown = typeof value === 'object' && value !== null && 'spec' in value ? value.spec : undefined;
  const servers: unknown = typeof spec === 'object' && spec !== null && 'mcpServer' in spec ? spec.mcpServer : undefined;
  return (Array.isArray(servers) ? servers : [servers]).filter((server) => typeof server === 'string');
}

/** Of the built-in tools, these run commands. */
const running: ReadonlySet<string> = new Set(['shell', 'other']);
const canonical: ReadonlySet<string> = new Set(canonicalTools);

function commandsOfNoTool(linted: LintedRule): readonly LintFinding[] {
  const { rule, path, document } = linted;
  const { tools, commands, action } = rule.source;
  if (commands === undefined) return [];
  const at = [...path, 'commands'];
  const certain = action === 'allow' || action === 'abstain';
  if (certain && document.scope.some(({ field }) => field === 'mcpServer'))
    return [
      finding(linted, 'never-matches', at, 'A rule that allows never takes what a server would run for certain, so it never matches here'),
    ];
  const names = listOf(tools);
  if (names.length === 0 || names.some((name) => !canonical.has(name) || running.has(name))) return [];
  return [
    finding(linted, 'never-matches', at, `${names.map((name) => `"${name}"`).join(' and ')} run no commands, so the rule never matches`),
  ];
}

function excludedBySelf(linted: LintedRule): readonly LintFinding[] {
  const { conditions = [], unless = [] } = linted.rule.source;
  const asked = new Set(conditions.map(({ cel }) => cel.trim()));
  return unless.flatMap(({ cel }, index) =>
    asked.has(cel.trim())
      ? [
          finding(
            linted,
            'never-matches',
            [...linted.path, 'unless', index, 'cel'],
            'A condition asks for the same, so the rule never matches',
          ),
        ]
      : [],
  );
}

/** That a field of the request is one of these texts. */
interface Fact {
  readonly field: string;
  readonly values: readonly string[];
  readonly at: Path;
  readonly node: ASTNode;
}

function factsAtOdds(linted: LintedRule): readonly LintFinding[] {
  const facts = (linted.rule.source.conditions ?? []).flatMap(({ cel }, index) => {
    const at = [...linted.path, 'conditions', index, 'cel'];
    return conjuncts(linted.expressions.treeOf(cel)).flatMap((node) => factOf(node, at));
  });
  const possible = new Map<string, readonly string[]>(toolsOf(linted));
  for (const { field, values, at, node } of facts) {
    const before = possible.get(field);
    const left = before === undefined ? values : values.filter((value) => before.includes(value));
    if (left.length === 0)
      return [
        findingIn(linted, 'never-matches', at, node, `The rule asks ${field} to be ${listed(before ?? [])} as well, so it never matches`),
      ];
    possible.set(field, left);
  }
  return [];
}

/** What the field `tools` says of the canonical name, where it names built-in tools only. */
function toolsOf({ rule }: LintedRule): readonly (readonly [string, readonly string[]])[] {
  const names = listOf(rule.source.tools);
  return names.length > 0 && names.every((name) => canonical.has(name)) ? [['request.tool', names]] : [];
}

function factOf(node: ASTNode, at: Path): readonly Fact[] {
  if (node.op !== '==' && node.op !== 'in') return [];
  const [left, right] = node.args;
  const field = memberPath(left) ?? (node.op === '==' ? memberPath(right) : undefined);
  if (field === undefined || !field.startsWith('request.')) return [];
  const literals = node.op === 'in' ? (right.op === 'list' ? right.args : []) : [memberPath(left) === undefined ? left : right];
  const values = literals.map(textOf).filter((text) => text !== undefined);
  return values.length > 0 && values.length === literals.length ? [{ field, values, at, node }] : [];
}

function listed(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(' or ');
}
