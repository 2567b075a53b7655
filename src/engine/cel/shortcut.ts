import type { ASTNode } from '@marcbachmann/cel-js';
import { listAt, textAt, type Bound, type Glimpse, type Scope } from './shortcut-values.ts';

/** What an expression is, where that can be seen at a glance; `undefined`: it has to be evaluated. Never throws. */
export type Shortcut = (view: Glimpse) => boolean | undefined;

type Matches = (text: string, pattern: string) => boolean;
type Look = (view: Glimpse, bound: Bound) => boolean | undefined;

/**
 * Most conditions are about things that most calls do not do: nothing is deleted, the tool has another name, no program is called so. Those
 * are seen here, so that their expressions need not be evaluated. Only what CEL would say as well: `&&`, `||` and `exists` do not mind
 * which side is looked at, or fails. `undefined`: nothing of this expression can be seen so.
 */
export function shortcutOf(node: ASTNode, matches: Matches): Shortcut | undefined {
  const look = lookAt(node, [], matches);
  return look && ((view) => look(view, []));
}

function lookAt(node: ASTNode, scope: Scope, matches: Matches): Look | undefined {
  switch (node.op) {
    case '&&':
      return both(lookAt(node.args[0], scope, matches), lookAt(node.args[1], scope, matches), false);
    case '||':
      return both(lookAt(node.args[0], scope, matches), lookAt(node.args[1], scope, matches), true);
    case '!_':
      return negated(lookAt(node.args, scope, matches));
    case '.':
      return flagAt(node);
    case '==':
      return equal(node.args, scope);
    case '!=':
      return negated(equal(node.args, scope));
    case 'in':
      return among(node.args, scope);
    case 'call':
      return node.args[0] === 'has' ? absent(node.args[1][0]) : undefined;
    case 'rcall':
      return method(node, scope, matches);
    default:
      return undefined;
  }
}

/** `decisive`: the value of one side that settles the whole. */
function both(a: Look | undefined, b: Look | undefined, decisive: boolean): Look | undefined {
  if (a === undefined && b === undefined) return undefined;
  return (view, bound) => {
    const left = a?.(view, bound);
    if (left === decisive) return decisive;
    const right = b?.(view, bound);
    if (right === decisive) return decisive;
    return left === undefined || right === undefined ? undefined : !decisive;
  };
}

function negated(look: Look | undefined): Look | undefined {
  return (
    look &&
    ((view, bound) => {
      const value = look(view, bound);
      return value === undefined ? undefined : !value;
    })
  );
}

const flags = ['dynamic', 'parsed', 'network', 'privileged', 'pipesToInterpreter'] as const;

function flagAt(node: ASTNode): Look | undefined {
  const name = flags.find((flag) => isPath(node, ['request', 'command', flag]));
  return name && ((view) => view.command?.[name]);
}

/** An argument that is there may be anything; one that is not there is not. */
function absent(node: ASTNode | undefined): Look | undefined {
  if (node?.op !== '.' || !isPath(node.args[0], ['request', 'arguments'])) return undefined;
  const name = node.args[1];
  return ({ arguments: given }) => (given instanceof Map && !given.has(name) ? false : undefined);
}

function equal([left, right]: readonly [ASTNode, ASTNode], scope: Scope): Look | undefined {
  const text = textAt(left, scope);
  const other = textAt(right, scope);
  if (text === undefined || other === undefined) return undefined;
  return (view, bound) => {
    const [a, b] = [text(view, bound), other(view, bound)];
    return a === undefined || b === undefined ? undefined : a === b;
  };
}

function among([item, list]: readonly [ASTNode, ASTNode], scope: Scope): Look | undefined {
  const text = textAt(item, scope);
  if (text === undefined || list.op !== 'list') return undefined;
  const names = new Set(list.args.flatMap((one) => (one.op === 'value' && typeof one.args === 'string' ? [one.args] : [])));
  if (names.size === 0 || names.size !== new Set(list.args).size) return undefined;
  return (view, bound) => {
    const found = text(view, bound);
    return found === undefined ? undefined : names.has(found);
  };
}

function method(node: Extract<ASTNode, { readonly op: 'rcall' }>, scope: Scope, matches: Matches): Look | undefined {
  const [name, receiver, args] = node.args;
  if (name === 'exists') return exists(receiver, args, scope, matches);
  const [argument] = args;
  if (argument?.op !== 'value' || typeof argument.args !== 'string') return undefined;
  const compare = comparisons(argument.args, matches)[name];
  const text = compare && textAt(receiver, scope);
  if (text === undefined) return undefined;
  return (view, bound) => {
    const found = text(view, bound);
    return found === undefined ? undefined : compare?.(found);
  };
}

type Compare = (text: string) => boolean | undefined;

function comparisons(argument: string, matches: Matches): Readonly<Record<string, Compare>> {
  return {
    contains: (text) => text.includes(argument),
    startsWith: (text) => text.startsWith(argument),
    endsWith: (text) => text.endsWith(argument),
    __matches: remembering((text) => matches(text, argument)),
  };
}

/** Longer texts are matched where their work is counted. */
const longest = 200;
const mostKnown = 300;

/** Names of tools and programs are few, and calls without a command have the same one: none. */
function remembering(matching: (text: string) => boolean): Compare {
  const known = new Map<string, boolean>();
  return (text) => {
    if (text.length > longest) return undefined;
    const found = known.get(text) ?? matching(text);
    if (known.size < mostKnown) known.set(text, found);
    return found;
  };
}

/** Lists that are longer are looked through where the work is counted. */
const mostItems = 40;

function exists(receiver: ASTNode, [variable, predicate]: readonly ASTNode[], scope: Scope, matches: Matches): Look | undefined {
  if (variable?.op !== 'id' || predicate === undefined) return undefined;
  const list = listAt(receiver, scope);
  if (list === undefined) return undefined;
  const depth = scope.length;
  const look = lookAt(predicate, [...scope, variable.args], matches);
  return (view, bound) => {
    const items = list(view, bound);
    if (items === undefined || items.length > mostItems) return undefined;
    let result: boolean | undefined = false;
    for (const item of items) {
      bound[depth] = item;
      const found = look?.(view, bound);
      if (found === true) return true;
      if (found === undefined) result = undefined;
    }
    return result;
  };
}

function isPath(node: ASTNode, names: readonly string[]): boolean {
  const last = names.at(-1);
  if (names.length === 1) return node.op === 'id' && node.args === last;
  return node.op === '.' && node.args[1] === last && isPath(node.args[0], names.slice(0, -1));
}
