import { pathToFileURL } from 'node:url';
import type * as policyDesk from './policy-desk.ts';

export type PolicyDesk = typeof policyDesk;

/** Loaded when somebody looks at a policy or its tests; it shares its pieces with the governor's bundle, as the rule desk does. */
export function policyDeskLoader(program: string): () => Promise<PolicyDesk> {
  return async () => {
    const desk: PolicyDesk = await import(pathToFileURL(program).href);
    return desk;
  };
}
