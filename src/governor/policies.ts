import { type EarlierVersion, overviewOf, type PolicyOverview } from '../engine/policy/overview.ts';
import { observationsOf } from './observing.ts';
import type { Office } from './office.ts';
import type { Observation } from './ports.ts';

export interface PoliciesInForce {
  /** The workspace of the folder that was asked about. */
  readonly root: string;
  readonly files: readonly PolicyOverview[];
  /** Why its calls are only observed; several may say so. */
  readonly observed: readonly Observation[];
}

/** What governs the calls of a folder now, outermost layer first. */
export function policiesInForce(office: Office, folder: string): PoliciesInForce {
  const { policies, policyMemory, surroundings } = office.ports;
  const { root } = surroundings.workspace(folder);
  const trustedBefore = (path: string): EarlierVersion | undefined => {
    const digest = policyMemory?.trusted(path);
    return digest === undefined ? undefined : { digest, source: policyMemory?.text(digest) };
  };
  // Trust may have come a moment ago.
  policies.refresh?.();
  const { files } = policies.inForce(folder);
  return {
    root,
    files: files.map((file) => overviewOf(file, file.layer === 'workspace' ? trustedBefore(file.path) : undefined)),
    observed: observationsOf(office, root),
  };
}
