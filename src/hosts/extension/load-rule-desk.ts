import { pathToFileURL } from 'node:url';
import type * as ruleDesk from './rule-desk.ts';

export type RuleDesk = typeof ruleDesk;

/**
 * Loaded when someone wants a rule, and not bundled with the extension: the policy engine is in the package already, for the governor,
 * and twice it would be its largest part.
 */
export function ruleDeskLoader(program: string): () => Promise<RuleDesk> {
  return async () => {
    const desk: RuleDesk = await import(pathToFileURL(program).href);
    return desk;
  };
}
