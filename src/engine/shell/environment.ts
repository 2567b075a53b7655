import type { Command } from 'unbash';
import type { Word } from './analysis.ts';
import { isDangerousVariable } from './programs.ts';
import { readWord } from './words.ts';

/** `NAME=value` as an argument, as `export` and `env` get it. */
export function assignmentWord(
  node: Extract<Command['args'][number], { readonly type: 'Assignment' }>,
  assigned: ReadonlySet<string>,
): Word {
  if (node.value.type !== 'Word') return { parts: [`${node.name}=`, undefined], many: false, names: false, text: node.text };
  const value = readWord(node.value, assigned);
  if (typeof value === 'string') return `${node.name}=${value}`;
  return { ...value, parts: [`${node.name}=`, ...value.parts], text: node.text };
}

/** Programs whose settings outlive them. */
export const lastingSetters: ReadonlySet<string> = new Set(['export', 'declare', 'typeset', 'readonly']);
const setters = new Set(['env', 'export', 'declare', 'typeset', 'sudo', 'local', 'readonly']);

/** Whether a command sets a variable that can make a program another. */
export function changesEnvironment(program: string, args: readonly Word[]): boolean {
  if (!setters.has(program)) return false;
  return args.some((arg) => {
    const name = typeof arg === 'string' ? arg : (arg.parts[0] ?? '');
    return isDangerousVariable(/^([A-Za-z_]\w*)=/.exec(name)?.[1] ?? '');
  });
}
