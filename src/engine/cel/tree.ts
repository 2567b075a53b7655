import { Environment, type ASTNode } from '@marcbachmann/cel-js';

/** Methods that go through a list: their first argument names what they are at. */
export const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter']);

/** Reads expressions as trees, without checking them. The reader throws where it cannot. */
export function treeReader(): (expression: string) => ASTNode {
  const environment = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });
  return (expression) => environment.parse(expression).ast;
}

/** The operands that all have to be true: `a && b && c`. */
export function conjuncts(node: ASTNode): readonly ASTNode[] {
  return node.op === '&&' ? node.args.flatMap(conjuncts) : [node];
}

/** Calls `look` for each part of an expression, itself first. */
export function visitExpression(node: ASTNode, look: (node: ASTNode) => void): void {
  look(node);
  for (const child of childrenOf(node)) visitExpression(child, look);
}

/** `request.tool` of such an expression; `undefined` of any other. */
export function memberPath(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return undefined;
  const receiver = memberPath(node.args[0]);
  return receiver === undefined ? undefined : `${receiver}.${node.args[1]}`;
}

export function textOf(node: ASTNode | undefined): string | undefined {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}

export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'list':
      return node.args;
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}
