import type { ASTNode } from '@marcbachmann/cel-js';
import { childrenOf, loops } from './tree.ts';

/** What is wrong with an expression, and at which of its characters. */
export interface ExpressionProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export interface LiteralChecks {
  readonly regex: (pattern: string) => void;
  readonly glob: (pattern: string) => void;
  readonly command: (pattern: string) => void;
}

/** Nested loops multiply; two levels over bounded lists stay in the milliseconds. */
const maxNesting = 2;

const internal = '__matches';

/**
 * Looks through a parsed expression before it is checked: finds what cannot be allowed, and turns `matches` into our
 * own function. The library binds `matches` to the host's backtracking engine and offers no other way to replace it.
 */
export function inspect(ast: ASTNode, checks: LiteralChecks): readonly ExpressionProblem[] {
  const problems: ExpressionProblem[] = [];
  visit(ast, 0, checks, problems);
  return problems;
}

function visit(node: ASTNode, nesting: number, checks: LiteralChecks, problems: ExpressionProblem[]): void {
  const problem = (message: string, at: ASTNode = node): void =>
    void problems.push({ start: at.start, end: at.end, message: `CEL: ${message}` });
  if (node.op === 'call') {
    const [name, args] = node.args;
    if (name === internal) problem(`Unknown function ${name}()`);
    const literal = args[name === 'glob' ? 1 : 0];
    if ((name === 'glob' || name === 'command') && literal !== undefined) checkLiteral(literal, checks[name], problem);
    for (const arg of args) visit(arg, nesting, checks, problems);
    return;
  }
  if (node.op === 'rcall') {
    visitMethod(node, nesting, checks, problems, problem);
    return;
  }
  for (const child of childrenOf(node)) visit(child, nesting, checks, problems);
}

type Method = Extract<ASTNode, { readonly op: 'rcall' }>;
type Report = (message: string, at?: ASTNode) => void;

function visitMethod(node: Method, nesting: number, checks: LiteralChecks, problems: ExpressionProblem[], problem: Report): void {
  const [name, receiver, args] = node.args;
  if (name === internal) problem(`Unknown function ${name}()`);
  if (name === 'matches') {
    node.args[0] = internal;
    if (args[0] !== undefined) checkLiteral(args[0], checks.regex, problem);
  }
  const inner = loops.has(name) ? nesting + 1 : nesting;
  if (inner > maxNesting) problem(`loops can be nested ${maxNesting} deep, this is deeper`);
  visit(receiver, nesting, checks, problems);
  for (const arg of args) visit(arg, inner, checks, problems);
}

function checkLiteral(node: ASTNode, check: (pattern: string) => void, problem: Report): void {
  if (node.op !== 'value' || typeof node.args !== 'string') return;
  try {
    check(node.args);
  } catch (cause) {
    problem(cause instanceof Error ? cause.message : String(cause), node);
  }
}
