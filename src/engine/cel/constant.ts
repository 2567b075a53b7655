import type { ASTNode } from '@marcbachmann/cel-js';
import { Subject } from '../policy/subject.ts';
import { testRequest } from '../policy/test-request.ts';
import { ConditionCompiler, type ConditionResult } from './condition.ts';
import { childrenOf, loops, treeReader } from './tree.ts';

/** What an expression comes to whatever the call, as far as that can be known without one. */
export type Constant =
  | { readonly kind: 'true' | 'false' | 'unknown' }
  | { readonly kind: 'fault'; readonly message: string; readonly start: number; readonly end: number };

/** Finds it, for expressions that compile. Never throws. */
export function constantFinder(): (expression: string) => Constant {
  const read = treeReader();
  const compiler = new ConditionCompiler({ glob: () => undefined, command: () => undefined });
  const anyCall = new Subject(testRequest({}));
  const evaluate: Evaluate = (text) => {
    const compiled = compiler.compile(text);
    return 'condition' in compiled ? compiled.condition.evaluate(anyCall) : undefined;
  };
  return (expression) => {
    try {
      return fold(read(expression), (node) => evaluated(node, expression, evaluate));
    } catch {
      return unknown;
    }
  };
}

type Evaluate = (text: string) => ConditionResult | undefined;
type Evaluated = (node: ASTNode) => Constant;

const unknown: Constant = { kind: 'unknown' };

function fold(node: ASTNode, closed: Evaluated): Constant {
  switch (node.op) {
    case '&&':
      return both(fold(node.args[0], closed), fold(node.args[1], closed), 'false');
    case '||':
      return both(fold(node.args[0], closed), fold(node.args[1], closed), 'true');
    case '!_':
      return not(fold(node.args, closed));
    case '?:': {
      const [asked, yes, no] = node.args.map((arg) => fold(arg, closed));
      if (asked === undefined || asked.kind === 'fault') return asked ?? unknown;
      return (asked.kind === 'true' ? yes : asked.kind === 'false' ? no : undefined) ?? unknown;
    }
    default:
      return isClosed(node, new Set()) ? closed(node) : faultIn(node, closed);
  }
}

/** `deciding` is what one operand makes of all, whatever the other one is. */
function both(a: Constant, b: Constant, deciding: 'true' | 'false'): Constant {
  if (a.kind === deciding) return a;
  if (b.kind === deciding) return b;
  if (a.kind === 'unknown' || b.kind === 'unknown') return unknown;
  return a.kind === 'fault' ? a : b;
}

function not(one: Constant): Constant {
  if (one.kind === 'true') return { kind: 'false' };
  return one.kind === 'false' ? { kind: 'true' } : one;
}

/** An operand that always fails takes the whole along. */
function faultIn(node: ASTNode, closed: Evaluated): Constant {
  const relative = relativeFolder(node);
  if (relative !== undefined) return relative;
  const evaluatedOnce = node.op === 'rcall' && loops.has(node.args[0]) ? [node.args[1]] : childrenOf(node);
  if (node.op === 'call' && node.args[0] === 'has') return unknown;
  return evaluatedOnce.map((child) => fold(child, closed)).find(({ kind }) => kind === 'fault') ?? unknown;
}

function relativeFolder(node: ASTNode): Constant | undefined {
  if (node.op !== 'call' || node.args[0] !== 'inside') return undefined;
  const folder = node.args[1][1];
  if (folder?.op !== 'value' || typeof folder.args !== 'string' || /^(\/|[A-Za-z]:)/.test(folder.args)) return undefined;
  return { kind: 'fault', message: 'inside() needs an absolute directory', start: folder.start, end: folder.end };
}

/** Whether nothing of the call is in it. `bound` are the variables of the loops around it. */
function isClosed(node: ASTNode, bound: ReadonlySet<string>): boolean {
  if (node.op === 'id') return bound.has(node.args);
  if (node.op === 'call' && !pure.has(node.args[0])) return false;
  if (node.op === 'rcall' && loops.has(node.args[0])) {
    const [variable, ...rest] = node.args[2];
    const inner = variable?.op === 'id' ? new Set([...bound, variable.args]) : bound;
    return isClosed(node.args[1], bound) && rest.every((one) => isClosed(one, inner));
  }
  return childrenOf(node).every((child) => isClosed(child, bound));
}

/** Functions whose answer is in their arguments alone. */
const pure: ReadonlySet<string> = new Set(
  'size int uint double string bool bytes timestamp duration type dyn digest hasSecret hasPii has matches'.split(' '),
);

/** A value that is no boolean is compared with itself, to see whether it can be had at all. */
function evaluated({ start, end }: ASTNode, expression: string, evaluate: Evaluate): Constant {
  const text = `(${expression.slice(start, end)})`;
  const result = evaluate(text) ?? evaluate(`${text} == ${text}`);
  if (result === undefined) return unknown;
  if (result.kind === 'fault') return { ...result, start, end };
  return evaluate(text) === undefined ? unknown : result;
}
