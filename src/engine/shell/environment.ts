import type { Word } from './analysis.ts';
import { isDangerousVariable } from './programs.ts';

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
