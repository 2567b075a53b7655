import type { ASTNode } from '@marcbachmann/cel-js';
import type { RequestView } from './request-view.ts';

/** Names of the variables that are bound around an expression, the outermost first. */
export type Scope = readonly string[];
/** Their values, in that order. */
export type Bound = unknown[];

/** What an expression can be seen by; what is left out is not known. */
export interface Glimpse {
  readonly tool: string;
  readonly mcpServer: string;
  readonly arguments?: unknown;
  readonly command?: RequestView['command'];
}

type Value = (view: Glimpse, bound: Bound) => unknown;

/** The text that an expression is, where that is plain to see: a literal, a name in the call, a field of what a variable stands for. */
export function textAt(node: ASTNode, scope: Scope): ((view: Glimpse, bound: Bound) => string | undefined) | undefined {
  const value = valueAt(node, scope);
  return (
    value &&
    ((view, bound) => {
      const text = value(view, bound);
      return typeof text === 'string' ? text : undefined;
    })
  );
}

export function listAt(node: ASTNode, scope: Scope): ((view: Glimpse, bound: Bound) => readonly unknown[] | undefined) | undefined {
  const value = valueAt(node, scope);
  return (
    value &&
    ((view, bound) => {
      const list = value(view, bound);
      return Array.isArray(list) ? list : undefined;
    })
  );
}

function valueAt(node: ASTNode, scope: Scope): Value | undefined {
  switch (node.op) {
    case 'value':
      return () => node.args;
    case 'id':
      return valueOf(node.args, scope);
    case '.':
      return field(node.args, scope);
    default:
      return undefined;
  }
}

/** The innermost of that name. */
function valueOf(name: string, scope: Scope): Value | undefined {
  const at = scope.lastIndexOf(name);
  return at === -1 ? undefined : (_, values) => values[at];
}

const ofRequest = ['tool', 'mcpServer'] as const;
const ofCommand = ['text', 'invocations', 'deletes', 'writes', 'hosts'] as const;
const ofItem = ['program', 'name', 'args', 'text', 'path', 'place'];

function field([owner, name]: readonly [ASTNode, string], scope: Scope): Value | undefined {
  if (owner.op === 'id' && !scope.includes(owner.args)) {
    const named = owner.args === 'request' ? ofRequest.find((one) => one === name) : undefined;
    return named && ((view) => view[named]);
  }
  if (owner.op === 'id') return ofItem.includes(name) ? ofVariable(owner.args, name, scope) : undefined;
  if (owner.op !== '.' || owner.args[0].op !== 'id' || owner.args[0].args !== 'request' || scope.includes('request')) return undefined;
  const part = owner.args[1] === 'command' ? ofCommand.find((one) => one === name) : undefined;
  return part && (({ command }) => command?.[part]);
}

function ofVariable(variable: string, name: string, scope: Scope): Value {
  const at = scope.lastIndexOf(variable);
  return (_, bound) => {
    const item = bound[at];
    return typeof item === 'object' && item !== null ? Reflect.get(item, name) : undefined;
  };
}
