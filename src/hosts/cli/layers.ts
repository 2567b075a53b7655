import { existsSync } from 'node:fs';
import { homeOf } from '../../storage/home.ts';
import { organisationFolder, PolicyFiles } from '../../storage/policy-files.ts';
import { StateDatabase } from '../../storage/state-db.ts';
import { MachineSurroundings } from '../../storage/surroundings.ts';
import { policyParser, shippedPolicies } from '../../storage/shipped-policies.ts';

/** The policies in force, read without a governor and without writing anything. */
export interface Layers extends Disposable {
  readonly policies: PolicyFiles;
  readonly surroundings: MachineSurroundings;
  /** Whether a person has accepted this version of a workspace's file. */
  readonly isTrusted: (path: string, digest: string) => boolean;
}

export function openLayers(): Layers {
  const home = homeOf();
  const surroundings = new MachineSurroundings({ countersignHome: home.root });
  const shipped = shippedPolicies();
  const trusted = (path: string, digest: string): boolean => isTrusted(home.state, path, digest);
  const policies = new PolicyFiles({
    places: { organisation: organisationFolder(), user: home.policies, builtIn: shipped },
    workspaceOf: (cwd) => surroundings.workspace(cwd).root,
    parse: policyParser(shipped),
    isTrusted: trusted,
  });
  return { policies, surroundings, isTrusted: trusted, [Symbol.dispose]: () => policies.close() };
}

/** Nothing is trusted where nothing was ever stored. */
function isTrusted(stateFile: string, path: string, digest: string): boolean {
  if (!existsSync(stateFile)) return false;
  const state = new StateDatabase(stateFile);
  try {
    return state.isTrusted(path, digest);
  } finally {
    state.close();
  }
}
