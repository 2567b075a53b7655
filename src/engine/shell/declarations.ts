import { forEachChild, type Command, type SyntaxNode } from 'unbash';

/** What a text changes about the words that follow. Order and branches are not looked at: it counts wherever it stands. */
export interface Declarations {
  /** Variables that it sets. */
  readonly assigned: Set<string>;
  /** Names of programs that it makes something else: functions, aliases. */
  readonly redefined: Set<string>;
  /** Whether any part of it was not understood, nested scripts included. */
  failed: boolean;
}

/** Adds what a script declares. */
export function declare(node: SyntaxNode, declarations: Declarations): void {
  if (node.type === 'Script' && 'errors' in node && (node.errors?.length ?? 0) > 0) declarations.failed = true;
  if (node.type === 'Assignment') declarations.assigned.add(node.name);
  if (node.type === 'For' || node.type === 'Select') declarations.assigned.add(node.name.value);
  if (node.type === 'Function') declarations.redefined.add(node.name.value);
  if (node.type === 'Command') declareCommand(node, declarations);
  forEachChild(node, (child) => declare(child, declarations));
}

const redefining = new Set(['alias', 'enable', 'hash']);
const assigning = new Set(['read', 'printf', 'mapfile', 'readarray', 'getopts', 'unset']);

function declareCommand(node: Command, { assigned, redefined }: Declarations): void {
  const name = node.name?.value ?? '';
  for (const word of node.suffix) {
    if (redefining.has(name) && (word.type === 'Word' || word.type === 'Assignment')) redefined.add(word.text.split('=')[0] ?? '');
    if (assigning.has(name) && word.type === 'Word') assigned.add(word.value);
  }
}
