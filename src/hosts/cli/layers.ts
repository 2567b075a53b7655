import { existsSync } from 'node:fs';
import { homeOf } from '../../storage/home.ts';
import { organisationFolder } from '../../storage/organisation-folder.ts';
import { PolicyFiles } from '../../storage/policy-files.ts';
import { StateDatabase } from '../../storage/state-db.ts';
import { MachineSurroundings } from '../../storage/surroundings.ts';
import { policyParser, shippedPolicies } from '../../storage/shipped-policies.ts';

/** The policies in force, read without a governor and without writing anything. */
export interface Layers extends Disposable {
  readonly policies: PolicyFiles;
  readonly surroundings: MachineSurroundings;
}

export function openLayers(): Layers {
  const home = homeOf();
  const surroundings = new MachineSurroundings({ countersignHome: home.root });
  const shipped = shippedPolicies();
  const policies = new PolicyFiles({
    places: { organisation: organisationFolder(), user: home.policies, builtIn: shipped },
    workspaceOf: (cwd) => surroundings.workspace(cwd).root,
    parse: policyParser(shipped),
    isTrusted: (path, digest) => isTrusted(home.state, path, digest),
  });
  return { policies, surroundings, [Symbol.dispose]: () => policies.close() };
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
