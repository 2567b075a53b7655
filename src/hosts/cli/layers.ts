import { existsSync } from 'node:fs';
import { saltedHash } from '../../engine/guardrail/policy/hash.ts';
import type { Fingerprint } from '../../engine/guardrail/policy/judge-call.ts';
import { isObserved } from '../../engine/policy/observing.ts';
import { saltKey } from '../../governor/guard/guards.ts';
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
  /** Whether a person has accepted this version of a workspace's file. */
  readonly isTrusted: (path: string, digest: string) => boolean;
  /** What the log of this machine has as "hash" of a text that a guardrail found; empty where it has none yet. */
  readonly fingerprint: Fingerprint;
}

/** `asWritten`: also where a person only observes for now, as whoever asks what policies would do wants to know. */
export function openLayers({ asWritten = false } = {}): Layers {
  const home = homeOf();
  const surroundings = new MachineSurroundings({ countersignHome: home.root });
  const shipped = shippedPolicies();
  const trusted = (path: string, digest: string): boolean => ofState(home.state, (state) => state.isTrusted(path, digest));
  const policies = new PolicyFiles({
    places: { organisation: organisationFolder(), user: home.policies, builtIn: shipped },
    workspaceOf: (cwd) => surroundings.workspace(cwd).root,
    parse: policyParser(shipped),
    isTrusted: trusted,
    isObserved: (root) => !asWritten && ofState(home.state, (state) => isObserved(root, state.observations(), Date.now())),
  });
  return { policies, surroundings, isTrusted: trusted, fingerprint: fingerprintOf(home.state), [Symbol.dispose]: () => policies.close() };
}

function fingerprintOf(stateFile: string): Fingerprint {
  let salt: string | undefined;
  return (found) => {
    salt ??= withState(stateFile, '', (state) => state.budgets.note(saltKey)?.text ?? '');
    return salt === '' ? '' : saltedHash(salt, found);
  };
}

/** Nothing is trusted, and nothing only observed, where nothing was ever stored. */
function ofState(stateFile: string, ask: (state: StateDatabase) => boolean): boolean {
  return withState(stateFile, false, ask);
}

function withState<T>(stateFile: string, otherwise: T, ask: (state: StateDatabase) => T): T {
  if (!existsSync(stateFile)) return otherwise;
  const state = new StateDatabase(stateFile);
  try {
    return ask(state);
  } finally {
    state.close();
  }
}
