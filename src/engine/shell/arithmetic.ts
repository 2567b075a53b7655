import type { ArithmeticExpression } from 'unbash';
import type { Value } from './state.ts';

/** The value of an expression whose variables are known; `undefined` where one is not, or where it would assign. */
export function arithmetic(node: ArithmeticExpression, look: (name: string) => Value | undefined): number | undefined {
  switch (node.type) {
    case 'ArithmeticWord':
      return node.parts === undefined ? wordValue(node.value, look) : undefined;
    case 'ArithmeticGroup':
      return arithmetic(node.expression, look);
    case 'ArithmeticBinary':
      return binary(node.operator, arithmetic(node.left, look), arithmetic(node.right, look));
    case 'ArithmeticUnary': {
      const value = node.operator === '-' || node.operator === '+' ? arithmetic(node.operand, look) : undefined;
      return value === undefined ? undefined : node.operator === '-' ? -value : value;
    }
    default:
      return undefined;
  }
}

function wordValue(text: string, look: (name: string) => Value | undefined): number | undefined {
  if (/^(0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  const value = /^[A-Za-z_]\w*$/.test(text) ? look(text) : undefined;
  return typeof value === 'string' && /^(0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : undefined;
}

function binary(operator: string, left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  const value = compute(operator, left, right);
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

function compute(operator: string, left: number, right: number): number | undefined {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  if (operator === '/') return right === 0 ? undefined : Math.trunc(left / right);
  if (operator === '%') return right === 0 ? undefined : left % right;
  return undefined;
}
