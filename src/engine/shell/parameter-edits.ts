import type { ParameterExpansionPart, Word as WordNode } from 'unbash';
import type { Word } from './analysis.ts';

/** What `${x#…}`, `${x/…/…}`, `${x:1:2}` and `${x^^}` make of a known value; `undefined` where that is not clear. */
export function edit(part: ParameterExpansionPart, value: Word, read: (node: WordNode) => Word): Word | undefined {
  const { operation } = part;
  switch (operation?.type) {
    case 'Remove':
      return pattern(operation.operand, read, (source) => remove(value, operation.operator, source));
    case 'Replace': {
      const replacement = read(operation.replacement);
      return typeof replacement === 'string' && typeof value === 'string' && value.length <= maxLength
        ? pattern(operation.pattern, read, (source) => replace(value, operation.operator, source, replacement))
        : undefined;
    }
    case 'Slice': {
      const offset = read(operation.offset);
      const length = operation.length === undefined ? undefined : read(operation.length);
      return typeof value === 'string' && !/^[~.$]/.test(value) ? slice(value, offset, length) : undefined;
    }
    case 'CaseModification':
      return operation.operand === undefined && typeof value === 'string' ? changeCase(value, operation.operator) : undefined;
    case 'Transform':
      return typeof value === 'string' ? transform(value, operation.operand.value) : undefined;
    default:
      return undefined;
  }
}

const maxLength = 4_096;

/** The pattern as a regular expression: `*`, `?` and letters. With anything else nothing is said. */
function pattern(node: WordNode, read: (node: WordNode) => Word, use: (source: string) => Word | undefined): Word | undefined {
  if (node.parts === undefined) return use(escape(node.value));
  let source = '';
  let stars = 0;
  for (const part of node.parts) {
    if (part.type === 'Glob' && part.kind === 'star') {
      stars += 1;
      source += '[^]*';
    } else if (part.type === 'Glob' && part.kind === 'question') source += '[^]';
    else if (part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted') source += escape(part.value);
    else {
      read(node);
      return undefined;
    }
  }
  return stars > 3 ? undefined : use(source);
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function remove(value: Word, operator: '#' | '##' | '%' | '%%', source: string): Word | undefined {
  if (typeof value !== 'string' || value.length > maxLength || /^[~.$]/.test(value)) return undefined;
  const whole = new RegExp(`^(?:${source})$`);
  const lengths = Array.from({ length: value.length + 1 }, (_, index) => index);
  const order = operator.length === 2 ? lengths.toReversed() : lengths;
  // Long values are no names of programs: a few hundred tries are enough.
  if (value.length > 256) return undefined;
  const found = order.find((length) => whole.test(operator.startsWith('#') ? value.slice(0, length) : value.slice(value.length - length)));
  if (found === undefined) return value;
  return operator.startsWith('#') ? value.slice(found) : value.slice(0, value.length - found);
}

function replace(value: string, operator: '/' | '//' | '/#' | '/%', source: string, replacement: string): Word | undefined {
  if (source === '') return value;
  if (value.length > 256 && source.includes('[^]*')) return undefined;
  const anchored = operator === '/#' ? `^(?:${source})` : operator === '/%' ? `(?:${source})$` : source;
  return value.replace(new RegExp(anchored, operator === '//' ? 'g' : ''), () => replacement);
}

function slice(value: string, offset: Word, length: Word | undefined): Word | undefined {
  const from = integer(offset);
  const count = length === undefined ? undefined : integer(length);
  if (from === undefined || (length !== undefined && count === undefined)) return undefined;
  const start = from < 0 ? Math.max(0, value.length + from) : from;
  if (count === undefined) return value.slice(start);
  return value.slice(start, count < 0 ? value.length + count : start + count);
}

function integer(word: Word): number | undefined {
  return typeof word === 'string' && /^\s*(-?\d{1,6})?\s*$/.test(word) ? Number(word) : undefined;
}

function changeCase(value: string, operator: '^' | '^^' | ',' | ',,'): string {
  const change = (text: string): string => (operator.startsWith('^') ? text.toUpperCase() : text.toLowerCase());
  return operator.length === 2 ? change(value) : change(value.slice(0, 1)) + value.slice(1);
}

function transform(value: string, operator: string): string | undefined {
  if (operator === 'U') return value.toUpperCase();
  if (operator === 'L') return value.toLowerCase();
  if (operator === 'u') return changeCase(value, '^');
  return operator === 'P' && /^[^$`\\]*$/.test(value) ? value : undefined;
}
