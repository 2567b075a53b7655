import type { AuditRecord } from '../../engine/audit/entry.ts';
import type { PolicyFile } from '../../engine/policy/policy-set.ts';
import type { Problem } from '../../channel/messages.ts';
import type { Ports } from '../../governor/ports.ts';
import type { Home } from '../../storage/home.ts';
import { openMachine as openStorage } from '../../storage/machine.ts';
import { shippedPolicies } from '../../storage/shipped-policies.ts';

/** The ports of this machine with what belongs to their life. */
export interface Machine {
  readonly ports: Ports;
  readonly keepPolicy?: (file: PolicyFile) => void;
  readonly watchLog?: (listener: (records: readonly AuditRecord[]) => void) => void;
  /** What a person must see: policy files with errors. */
  readonly problems: () => readonly Problem[];
  /** Calls `listener` when `problems` may have changed. */
  readonly onProblems?: (listener: () => void) => void;
  readonly close: () => void;
}

export function openMachine(home: Home): Machine {
  const { ports, keepPolicy, audit, policies, close } = openStorage(home, shippedPolicies());
  return {
    ports,
    keepPolicy,
    watchLog: (listener) => void audit.onAppended(listener),
    problems: () =>
      policies
        .problems()
        .map(({ file, position, message }) => ({ id: `policy:${file}:${position.line}`, message, file, line: position.line })),
    onProblems: (listener) => void policies.onChange(listener),
    close,
  };
}
