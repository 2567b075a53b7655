import type { ASTNode } from '@marcbachmann/cel-js';
import { childrenOf } from '../tree.ts';
import { declared } from './declared.ts';

/** A place where a condition fails if the call does not have an argument. */
export interface MissingArgument {
  /** Which of the conditions. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** `request.arguments.base` */
  readonly argument: string;
  /** What is true where it is there: `has(request.arguments.base)`. */
  readonly test: string;
}

/** An expression that is wanted to be true, or to be false: `conditions` and `unless` of a rule. */
export interface Wanted {
  readonly expression: string;
  readonly wanted: boolean;
}

/**
 * Arguments that a rule's conditions rely on without asking whether they are there. Conditions of one rule guard each other, and so do
 * both sides of `&&` and `||`: the one that decides does so whatever the other does.
 */
export function missingArguments(conditions: readonly Wanted[]): readonly MissingArgument[] {
  const trees = conditions.map(({ expression, wanted }) => ({ tree: parsed(expression), wanted }));
  const guards = trees.map(({ tree, wanted }) => (tree === undefined ? [] : wanted ? givenTrue(tree) : givenFalse(tree)));
  return trees.flatMap(({ tree }, index) => {
    if (tree === undefined) return [];
    const others = new Set(guards.flatMap((keys, other) => (other === index ? [] : keys)));
    const found = new Map<string, MissingArgument>();
    walk(tree, others, (missing) => found.has(missing.argument) || found.set(missing.argument, { index, ...missing }));
    return [...found.values()];
  });
}

/** Whether something can be put before the expression with `&&`, or only before brackets around it. */
export function bindsLoosely(expression: string): boolean {
  const op = parsed(expression)?.op;
  return op === '||' || op === '?:';
}

function parsed(expression: string): ASTNode | undefined {
  try {
    return declared.parse(expression).ast;
  } catch {
    return undefined;
  }
}

type Report = (missing: Omit<MissingArgument, 'index'>) => void;

function walk(node: ASTNode, present: ReadonlySet<string>, report: Report): void {
  if (node.op === '&&' || node.op === '||') {
    const [left, right] = node.args;
    const given = node.op === '&&' ? givenTrue : givenFalse;
    walk(left, union(present, given(right)), report);
    walk(right, union(present, given(left)), report);
    return;
  }
  if (node.op === '?:') {
    const [test, yes, no] = node.args;
    walk(test, present, report);
    walk(yes, union(present, givenTrue(test)), report);
    walk(no, union(present, givenFalse(test)), report);
    return;
  }
  const inner = askedFor(node);
  if (inner !== undefined) {
    // Of what is asked for, only the last step may be missing.
    for (const child of childrenOf(inner)) walk(child, present, report);
    return;
  }
  const found = firstMissing(node, present);
  if (found !== undefined) report(found);
  else for (const child of childrenOf(node)) walk(child, present, report);
}

/** The shortest part of a chain such as `request.arguments.a.b` that may be missing. */
function firstMissing(node: ASTNode, present: ReadonlySet<string>): Omit<MissingArgument, 'index'> | undefined {
  const key = keyOf(node);
  if (key === undefined || key === root) return undefined;
  const [object] = childrenOf(node);
  const before = object === undefined ? undefined : firstMissing(object, present);
  if (before !== undefined || present.has(key) || object === undefined) return before;
  const argument = node.input.slice(node.start, node.end);
  const test = node.op === '.' ? `has(${argument})` : `(${JSON.stringify(stepOf(node))} in ${node.input.slice(object.start, object.end)})`;
  return { start: node.start, end: node.end, argument, test };
}

const root = 'request.arguments';

/** One name for each argument, however it is written; `undefined` for anything else. */
function keyOf(node: ASTNode): string | undefined {
  if (node.op === '.' && node.args[1] === 'arguments' && node.args[0].op === 'id' && node.args[0].args === 'request') return root;
  const step = stepOf(node);
  const [object] = step === undefined ? [] : childrenOf(node);
  const before = object === undefined ? undefined : keyOf(object);
  return before === undefined ? undefined : `${before}/${step}`;
}

function stepOf(node: ASTNode): string | undefined {
  if (node.op === '.') return node.args[1];
  if (node.op !== '[]') return undefined;
  const [, index] = node.args;
  return index.op === 'value' && typeof index.args === 'string' ? index.args : undefined;
}

/** What `has(…)` asks for. */
function askedFor(node: ASTNode): ASTNode | undefined {
  return node.op === 'call' && node.args[0] === 'has' ? node.args[1][0] : undefined;
}

/** The arguments that are surely there where the expression is true. */
function givenTrue(node: ASTNode): readonly string[] {
  if (node.op === '&&') return node.args.flatMap(givenTrue);
  if (node.op === '!_') return givenFalse(node.args);
  if (node.op === 'in') return presentIn(...node.args);
  const inner = askedFor(node);
  const key = inner && keyOf(inner);
  return key === undefined ? [] : [key];
}

function givenFalse(node: ASTNode): readonly string[] {
  if (node.op === '||') return node.args.flatMap(givenFalse);
  return node.op === '!_' ? givenTrue(node.args) : [];
}

/** `"base" in request.arguments` */
function presentIn(name: ASTNode, object: ASTNode): readonly string[] {
  const key = keyOf(object);
  return key !== undefined && name.op === 'value' && typeof name.args === 'string' ? [`${key}/${name.args}`] : [];
}

function union(set: ReadonlySet<string>, more: readonly string[]): ReadonlySet<string> {
  return more.length === 0 ? set : new Set([...set, ...more]);
}
