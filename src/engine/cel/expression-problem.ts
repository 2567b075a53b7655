import type { ASTNode } from '@marcbachmann/cel-js';
import { didYouMean } from '../policy/nearest.ts';
import type { ExpressionProblem } from './inspect.ts';
import { viewTypes } from './request-view.ts';

const functionNames = [
  'has',
  'size',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'exists',
  'all',
  'map',
  'filter',
  'inside',
  'glob',
  'command',
  'place',
  'digest',
  'hasSecret',
  'hasPii',
];
const fieldNames = [...new Set(viewTypes.flatMap((type) => Object.keys(type.fields)))];

/** What is wrong with an expression that the library refused, and where in it. */
export function problemOf(cause: unknown, expression: string): ExpressionProblem {
  const summary = summaryOf(cause);
  const named = /^(No such key|Unknown variable): (.+)$/.exec(summary);
  const called = /overload for '([A-Za-z_.<>, ]*?)([A-Za-z_]+)\(/.exec(summary);
  const range = nameIn(expression, rangeOf(cause, expression), called?.[2]);
  const hint =
    named?.[2] !== undefined ? didYouMean(named[2], named[1] === 'No such key' ? fieldNames : ['request']) : functionHint(called?.[2]);
  return { ...range, message: `CEL: ${summary}${hint}${operatorHint(expression.slice(range.start, range.end))}` };
}

const operators: Readonly<Record<string, string>> = { '=': '==', and: '&&', or: '||', not: '!', '&': '&&', '|': '||' };

/** Words and signs of other languages. */
function operatorHint(found: string): string {
  const meant = Object.hasOwn(operators, found) ? operators[found] : undefined;
  return meant === undefined ? '' : `; write "${meant}"`;
}

function functionHint(name: string | undefined): string {
  return name === undefined || functionNames.includes(name) ? '' : didYouMean(name, functionNames);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Of a call of something that does not exist, its name: the arguments are right. */
function nameIn(expression: string, range: Range, name: string | undefined): Range {
  if (name === undefined || functionNames.includes(name)) return range;
  const found = new RegExp(`\\b${name}(?=\\s*\\()`).exec(expression.slice(range.start, range.end));
  return found === null ? range : { start: range.start + found.index, end: range.start + found.index + name.length };
}

function rangeOf(cause: unknown, expression: string): Range {
  if (typeof cause === 'object' && cause !== null && 'range' in cause) {
    const range = cause.range;
    if (
      typeof range === 'object' &&
      range !== null &&
      'start' in range &&
      'end' in range &&
      typeof range.start === 'number' &&
      typeof range.end === 'number'
    ) {
      return { start: Math.min(range.start, expression.length), end: Math.min(range.end, expression.length) };
    }
  }
  return { start: 0, end: expression.length };
}

/** One line, in our words. */
export function summaryOf(cause: unknown): string {
  const text =
    typeof cause === 'object' && cause !== null && 'summary' in cause
      ? String(cause.summary)
      : cause instanceof Error
        ? cause.message
        : String(cause);
  return (text.split('\n')[0] ?? text).replaceAll('__matches', 'matches').replaceAll(/\bTooLarge\b/g, 'a value too large for conditions');
}

/** Of an expression that is right, but no condition. */
export function notBool(ast: ASTNode, type: string): ExpressionProblem {
  const hint = type === 'dyn' ? '; compare it with something, for example "… == true"' : '';
  return {
    start: ast.start,
    end: ast.end,
    message: `CEL: a condition must be true or false, this is ${type === 'dyn' ? 'of unknown type' : `a ${type}`}${hint}`,
  };
}
