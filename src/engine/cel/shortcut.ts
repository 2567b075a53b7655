import type { ASTNode } from '@marcbachmann/cel-js';
import type { RequestView } from './request-view.ts';

/** What an expression is, where that can be seen at a glance; `undefined`: it has to be evaluated. Never throws. */
export type Shortcut = (view: RequestView) => boolean | undefined;

type Matches = (text: string, pattern: string) => boolean;

/**
 * Most conditions are about things that most calls do not do: nothing is deleted, the tool has another name. Those are seen here, so that
 * their expressions need not be evaluated. Only what CEL would say as well: `&&` and `||` do not mind which side is looked at, or fails.
 * `undefined`: nothing of this expression can be seen so.
 */
export function shortcutOf(node: ASTNode, matches: Matches): Shortcut | undefined {
  switch (node.op) {
    case '&&':
      return both(shortcutOf(node.args[0], matches), shortcutOf(node.args[1], matches), false);
    case '||':
      return both(shortcutOf(node.args[0], matches), shortcutOf(node.args[1], matches), true);
    case '!_':
      return negated(shortcutOf(node.args, matches));
    case '.':
      return flagAt(node);
    case 'call':
      return node.args[0] === 'has' ? absent(node.args[1][0]) : undefined;
    case 'rcall':
      return method(node, matches);
    default:
      return undefined;
  }
}

/** `decisive`: the value of one side that settles the whole. */
function both(a: Shortcut | undefined, b: Shortcut | undefined, decisive: boolean): Shortcut | undefined {
  if (a === undefined && b === undefined) return undefined;
  return (view) => {
    const left = a?.(view);
    if (left === decisive) return decisive;
    const right = b?.(view);
    if (right === decisive) return decisive;
    return left === undefined || right === undefined ? undefined : !decisive;
  };
}

function negated(shortcut: Shortcut | undefined): Shortcut | undefined {
  return (
    shortcut &&
    ((view) => {
      const value = shortcut(view);
      return value === undefined ? undefined : !value;
    })
  );
}

const flags = ['dynamic', 'parsed', 'network', 'privileged', 'pipesToInterpreter'] as const;
const lists = ['invocations', 'deletes', 'writes', 'hosts'] as const;

function flagAt(node: ASTNode): Shortcut | undefined {
  const name = flags.find((flag) => isPath(node, ['request', 'command', flag]));
  return name && ((view) => view.command[name]);
}

/** An argument that is there may be anything; one that is not there is not. */
function absent(node: ASTNode | undefined): Shortcut | undefined {
  if (node?.op !== '.' || !isPath(node.args[0], ['request', 'arguments'])) return undefined;
  const name = node.args[1];
  return ({ arguments: given }) => (given instanceof Map && !given.has(name) ? false : undefined);
}

function method(node: Extract<ASTNode, { readonly op: 'rcall' }>, matches: Matches): Shortcut | undefined {
  const [name, receiver, [argument]] = node.args;
  if (name === 'exists') return overNothing(receiver);
  if (argument?.op !== 'value' || typeof argument.args !== 'string') return undefined;
  const text = argument.args;
  if (name === 'contains' && isPath(receiver, ['request', 'command', 'text']))
    return ({ command }) => (typeof command.text === 'string' ? command.text.includes(text) : undefined);
  return name === '__matches' ? matched(receiver, text, matches) : undefined;
}

function overNothing(receiver: ASTNode): Shortcut | undefined {
  const name = lists.find((list) => isPath(receiver, ['request', 'command', list]));
  return name && ((view) => (isEmpty(view.command[name]) ? false : undefined));
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

const mostKnown = 300;

/** The names of tools are few, and calls without a command have the same one: none. */
function matched(receiver: ASTNode, pattern: string, matches: Matches): Shortcut | undefined {
  const known = new Map<string, boolean>();
  const remembered = (text: string): boolean | undefined => {
    const found = known.get(text);
    if (found !== undefined || known.size >= mostKnown) return found;
    const matching = matches(text, pattern);
    known.set(text, matching);
    return matching;
  };
  if (isPath(receiver, ['request', 'tool'])) return ({ tool }) => remembered(tool);
  if (isPath(receiver, ['request', 'command', 'text'])) return ({ command }) => (command.text === '' ? remembered('') : undefined);
  return undefined;
}

function isPath(node: ASTNode, names: readonly string[]): boolean {
  const last = names.at(-1);
  if (names.length === 1) return node.op === 'id' && node.args === last;
  return node.op === '.' && node.args[1] === last && isPath(node.args[0], names.slice(0, -1));
}
