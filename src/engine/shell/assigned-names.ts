import { forEachChild, type Command, type SyntaxNode } from 'unbash';

const setters = new Set([
  'read',
  'printf',
  'mapfile',
  'readarray',
  'getopts',
  'unset',
  'export',
  'declare',
  'typeset',
  'local',
  'readonly',
  'let',
]);

/** Stands for the arguments of a script or function among the names that a piece may change. */
export const argumentList = '#arguments';
/** Stands for every variable. */
export const everyName = '#every';

/** Variables that a piece of a script may set, wherever in it that stands; what functions set is asked of `bodies`. */
export function setsVariables(node: SyntaxNode, bodies: (name: string) => readonly SyntaxNode[] = () => []): readonly string[] {
  const names = new Set<string>();
  collect(node, { names, bodies, seen: new Set() }, 0);
  return [...names];
}

interface Search {
  readonly names: Set<string>;
  readonly bodies: (name: string) => readonly SyntaxNode[];
  readonly seen: Set<string>;
}

const maxDepth = 24;

function collect(node: SyntaxNode, search: Search, depth: number): void {
  if (depth > maxDepth || node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') return;
  const { names } = search;
  if (node.type === 'Assignment') names.add(node.name);
  if (node.type === 'For' || node.type === 'Select') names.add(node.name.value);
  if (node.type === 'ParameterExpansion' && node.operation?.type === 'Default' && node.operation.operator.endsWith('='))
    names.add(node.parameter);
  if (node.type === 'ArithmeticBinary' && node.operator.endsWith('=') && node.left.type === 'ArithmeticWord') names.add(node.left.value);
  if (node.type === 'ArithmeticUnary' && node.operand.type === 'ArithmeticWord') names.add(node.operand.value);
  if (node.type === 'Command') command(node, search, depth);
  forEachChild(node, (child) => collect(child, search, depth + 1));
}

function command(node: Command, search: Search, depth: number): void {
  const name = node.name?.value ?? '';
  if (name === 'shift' || name === 'set') search.names.add(argumentList);
  if (name === 'eval' || name === 'source' || name === '.') search.names.add(everyName);
  if (setters.has(name))
    for (const word of node.suffix)
      if (word.type === 'Word' && /^[A-Za-z_]\w*(=|$)/.test(word.value)) search.names.add(word.value.split('=')[0] ?? '');
  if (search.seen.has(name)) return;
  const bodies = search.bodies(name);
  if (bodies.length > 0) search.seen.add(name);
  for (const body of bodies) collect(body, search, depth + 1);
}
