import type { Word } from '../analysis.ts';
import { readMembers, readType } from './members.ts';
import type { Value } from './script.ts';
import { readString, readVariable, type Piece } from './strings.ts';
import { wordOf, type WordContext } from './words.ts';

/** What an expression is read with: how to read the statement on the right of an assignment. */
export interface ExpressionContext extends WordContext {
  readonly statement: () => void;
}

type Side = 'operand' | 'operator' | 'either';

/**
 * Reads an expression to its end. Only what cannot run a command is an expression: variables, texts, numbers, operators, types and
 * members. A bare word is none, so that a command is never taken for a part of an expression.
 */
export function readExpression(context: ExpressionContext): Omit<Value, 'kind' | 'redirects'> {
  const { scan } = context;
  const start = scan.at;
  const words: (Word | undefined)[] = [];
  let end = start;
  let wants: Side = 'operand';
  for (;;) {
    if (wants === 'operand' && scan.at > start) scan.skipLines();
    else scan.skipBlanks();
    if (isEnd(context)) break;
    if (assigns(context, wants, scan.text.slice(start, end))) return { ...place(context, start, scan.at), words: undefined };
    const before = scan.at;
    const isClause = wants === 'operator' && scan.next === '{';
    wants = readPart(context, wants, words);
    if (scan.at === before) scan.fail(`"${scan.next}" is not understood`);
    end = scan.at;
    if (isClause) break;
  }
  if (wants === 'operand' && end > start) scan.fail('an expression does not end');
  return { ...place(context, start, end), words: words.every((word) => word !== undefined) ? words : undefined };
}

function place({ scan }: ExpressionContext, start: number, end: number) {
  return { text: scan.text.slice(start, end), span: { start, end } };
}

function isEnd({ scan }: ExpressionContext): boolean {
  return scan.look(/$(?![^])|[\r\n;|)}\]]|&&?|(?:[1-6*])?>/y) !== undefined;
}

/** `$x = …`: what is on the right may be a command. */
function assigns({ scan, script, statement }: ExpressionContext, wants: Side, target: string): boolean {
  if (wants === 'operand' || scan.take(/(?:[-+*/%]|\?\?)?=(?!=)/y) === undefined) return false;
  const variable = /^(?:\[[^\]]*\]\s*)*\$(?:\{([^}]*)\}|([\p{L}\p{N}_:]+))/u.exec(target);
  const name = (variable?.[1] ?? variable?.[2] ?? '').toLowerCase().replace(/^(?:global|local|script|private|variable):/, '');
  script.assigned.add(name);
  for (const [, other] of target.matchAll(/,\s*\$\{?([\p{L}\p{N}_:]+)/gu)) script.assigned.add((other ?? '').toLowerCase());
  scan.skipLines();
  statement();
  return true;
}

/** `words` gets what a literal part says, and `undefined` for every other part. */
function readPart(context: ExpressionContext, wants: Side, words: (Word | undefined)[]): Side {
  const { scan } = context;
  if (wants !== 'operator') {
    const from = scan.at;
    const pieces = readLiteral(context);
    if (pieces !== undefined) {
      const text = scan.text.slice(from, scan.at);
      const behind = scan.at;
      readMembers(context);
      words.push(scan.at > behind ? undefined : wordOf(pieces, text));
      return 'operator';
    }
    if (scan.next === '[') return typed(context, words);
    const operand = readOpened(context, words);
    if (operand !== undefined) return operand;
  }
  if (scan.take(/,/y) !== undefined) return 'operand';
  if (wants !== 'operand' && scan.next === '{') return clause(context);
  if (wants !== 'operand' && scan.take(/(\+\+|--)(?![\p{L}$])/uy) !== undefined) return 'operator';
  if (scan.take(/[-–—―][\p{L}]+|\.\.|\+\+|--|\?\?|[-–—―+*/%!?:]/uy) === undefined)
    scan.fail(`"${scan.look(/\S{0,20}/y)?.[0] ?? ''}" is not understood`);
  words.push(undefined);
  return 'operand';
}

function readLiteral({ scan, nested, assigned }: ExpressionContext): readonly Piece[] | undefined {
  if (scan.look(/@?['‘’‚‛"“”„]/y) !== undefined) return readString(scan, nested, assigned);
  if (scan.next === '$') {
    const variable = readVariable(scan, nested, assigned);
    return variable === undefined ? undefined : [{ ...variable, quoted: false }];
  }
  const number = scan.take(/(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[-+]?\d+)?)[dlsyun]{0,2}(?:[kmgtp]b)?(?![\p{L}\p{N}_])/iuy);
  return number === undefined ? undefined : [{ text: number[0] }];
}

/** A cast is followed by its value, static members follow at once. */
function typed(context: ExpressionContext, words: (Word | undefined)[]): Side {
  words.push(undefined);
  const type = readType(context);
  readMembers(context, type);
  return 'either';
}

function readOpened({ scan, nested }: ExpressionContext, words: (Word | undefined)[]): Side | undefined {
  if (scan.look(/@?\(/y) !== undefined) {
    scan.take(/@/y);
    nested.group();
    nested.members();
  } else if (scan.sees('@{')) {
    scan.at += 1;
    nested.table();
    nested.members();
  } else if (scan.sees('{')) nested.block();
  else return undefined;
  words.push(undefined);
  return 'operator';
}

/** A clause of `switch`: a value with its block. */
function clause({ nested }: ExpressionContext): Side {
  nested.block();
  return 'operator';
}
