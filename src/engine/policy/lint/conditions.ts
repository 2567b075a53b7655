import type { ASTNode } from '@marcbachmann/cel-js';
import { textOf, memberPath, visitExpression } from '../../cel/tree.ts';
import type { GitState } from '../../request.ts';
import { didYouMean } from '../nearest.ts';
import type { Place } from '../place.ts';
import { finding, findingIn, listOf, type LintedRule, type LintFinding, type Path } from './finding.ts';

/** Conditions whose answer is known before any call: they never hold, or always fail. */
export function conditionFindings(linted: LintedRule): readonly LintFinding[] {
  const { conditions = [], unless = [] } = linted.rule.source;
  return [
    ...conditions.flatMap(({ cel }, index) => inCondition(linted, cel, [...linted.path, 'conditions', index, 'cel'], 'false')),
    ...unless.flatMap(({ cel }, index) => inCondition(linted, cel, [...linted.path, 'unless', index, 'cel'], 'true')),
  ];
}

/** `ruledOut`: the answer with which the rule does not match. */
function inCondition(linted: LintedRule, cel: string, path: Path, ruledOut: 'true' | 'false'): readonly LintFinding[] {
  const constant = linted.expressions.constantOf(cel);
  if (constant.kind === ruledOut) return [finding(linted, 'never-matches', path, `This is always ${ruledOut}, so the rule never matches`)];
  if (constant.kind === 'fault')
    return [
      findingIn(linted, 'always-fails', path, constant, `This always fails (${constant.message}), and a condition that fails denies`),
    ];
  const found: LintFinding[] = [];
  const tree = linted.expressions.treeOf(cel);
  visitExpression(tree, (node) => found.push(...impossibleWord(linted, path, node)));
  return [...found, ...missingArguments(linted, path, tree)];
}

const places: readonly Place[] = [
  'system',
  'device',
  'disk',
  'home',
  'above',
  'workspace',
  'repository',
  'inside',
  'generated',
  'temporary',
  'elsewhere',
  'unknown',
];
const gitStates: readonly GitState[] = ['clean', 'changed', 'untracked', 'ignored', 'outside', 'missing', 'unknown'];

/** A comparison with a word that the other side never is. */
function impossibleWord(linted: LintedRule, path: Path, node: ASTNode): readonly LintFinding[] {
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return [];
  const [left, right] = node.args;
  const about = wordsOf(left) ?? (node.op === 'in' ? undefined : wordsOf(right));
  if (about === undefined) return [];
  const literals = node.op === 'in' ? (right.op === 'list' ? right.args : []) : [left, right];
  return literals.flatMap((literal) => {
    const text = textOf(literal);
    if (text === undefined || text === '' || about.words.includes(text)) return [];
    const message = `${about.name} is never "${text}"${didYouMean(text, about.words)}`;
    return [findingIn(linted, 'never-matches', path, literal, message)];
  });
}

function wordsOf(node: ASTNode): { readonly name: string; readonly words: readonly string[] } | undefined {
  const isPlace = (node.op === '.' && node.args[1] === 'place') || (node.op === 'call' && node.args[0] === 'place');
  if (isPlace) return isArgument(node) ? undefined : { name: 'A place', words: places };
  return node.op === '.' && node.args[1] === 'git' && !isArgument(node) ? { name: 'What git knows', words: gitStates } : undefined;
}

/** What an agent sends may be called anything. */
function isArgument(node: ASTNode): boolean {
  return memberPath(node)?.startsWith('request.arguments') ?? false;
}

/** Arguments that none of the rule's tools has: reading one fails, always. */
function missingArguments(linted: LintedRule, path: Path, tree: ASTNode): readonly LintFinding[] {
  const known = argumentsOfRule(linted);
  if (known === undefined) return [];
  const asked = new Set<ASTNode>();
  const found: LintFinding[] = [];
  visitExpression(tree, (node) => {
    if (node.op === 'call' && node.args[0] === 'has') node.args[1].forEach((one) => asked.add(one));
    if (asked.has(node) || node.op !== '.' || memberPath(node.args[0]) !== 'request.arguments' || known.names.includes(node.args[1]))
      return;
    const message = `The arguments of ${known.tools} have no "${node.args[1]}"${didYouMean(node.args[1], known.names)}; reading it fails, and a condition that fails denies`;
    found.push(findingIn(linted, 'always-fails', path, { start: node.end - node.args[1].length, end: node.end }, message));
  });
  return found;
}

/** Known only where every tool of the rule is a built-in one that is named. */
function argumentsOfRule({
  rule,
  context,
  document,
}: LintedRule): { readonly tools: string; readonly names: readonly string[] } | undefined {
  const tools = listOf(rule.source.tools);
  if (tools.length === 0 || document.scope.some(({ field }) => field === 'mcpServer')) return undefined;
  const names: string[] = [];
  for (const tool of tools) {
    const own = context.argumentsOf?.(tool);
    if (own === undefined) return undefined;
    names.push(...own);
  }
  return { tools: tools.map((tool) => `"${tool}"`).join(' and '), names };
}
